"""The deploy role's statements: what CloudFormation needs to create, update, delete and roll back an application.

The rights of the baseline come from AWS's own lists (`data/baseline.json`, made by `extraction`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from generator.model import images
from generator.model.deployment import DEPLOY_ROLE
from generator.model.iam import TRANSFORMS, Statement
from generator.model.store import Store
from generator.model.text import NOTHING, Text
from generator.permissions import lists
from generator.permissions.corrections import BASELINE
from generator.permissions.needed import BOUND_ROLES, UNBINDING, in_places
from generator.permissions.reasons import reason
from generator.permissions.resource_names import NAMED, arns_of
from generator.permissions.scopes import ARN, BUCKET, FUNCTIONS, HERE, OF_ANOTHER_STACK, SIDS, STACK

_OWN = f"{ARN}iam::${{AWS::AccountId}}"
# docs/decisions/0010-names-that-are-cut.md
_WHOLE = 24
_FUNCTION = "AWS::Lambda::Function"
_ATTACHING = "NeverTheseRights"
_TO_ITSELF = {"iam:PassedToService": "cloudformation.amazonaws.com"}


class NamedResource(NamedTuple):
    """A resource of a template: its type, and its name where the template gives it one in plain text."""

    type: str
    name: str = ""


class Grant(NamedTuple):
    """What a pipeline file says about what its deploy roles may do.

    `boundary` is the ARN of a policy that every role of the application must carry as permissions boundary; `wide`
    takes the stack's name out of the ARNs; `extra` are statements beside all others, `code` the objects that are
    packaged code; `images`: functions may be container images, which lie in a repository of the pipeline's.
    """

    boundary: str = ""
    wide: bool = False
    extra: tuple[Statement, ...] = ()
    code: tuple[Text, ...] = (Store().packaged,)
    images: bool = False


_USUAL = Grant()


def statements(
    grant: Grant = _USUAL, only: Iterable[NamedResource] | None = None, rare: Iterable[str] = ()
) -> tuple[Statement, ...]:
    """What deploy roles may do, each with the resources of its own stack, and what none may ever do.

    `only` narrows the rights to those of a template's resources; None: everything that the baseline covers, and what
    the `rare` types take beyond that.
    """
    rights = baseline(rare) if only is None else _exact(only)
    scoped = (_widened(statement) if grant.wide else statement for statement in rights)
    bound = (
        _bound(statement, grant.boundary) if grant.boundary and statement.sid == BOUND_ROLES else statement
        for statement in scoped
    )
    every = (*bound, *_read(grant), *_passed_on(rights), *grant.extra, _never(grant.boundary), _never_attached())
    return tuple(statement._replace(comment=reason(statement.sid)) for statement in every)


def baseline(rare: Iterable[str] = ()) -> tuple[Statement, ...]:
    """The rights of every type of the baseline, and of these rarer ones."""
    if more := tuple(rare):
        return in_places(_actions((*BASELINE, *more)), lists.iam_actions(), more)
    return tuple(
        Statement(statement["sid"], tuple(statement["actions"]), tuple(statement["resources"]), statement["condition"])
        for statement in lists.read("baseline.json")["statements"]
    )


def _actions(types: Iterable[str]) -> set[str]:
    return {action for kind in types for actions in lists.rights_of(kind).values() for action in actions}


def _exact(only: Iterable[NamedResource]) -> tuple[Statement, ...]:
    resources = tuple(dict.fromkeys(only))
    actions = _actions(kind.type for kind in resources)
    named = [kind for kind in resources if kind.name and kind.type in NAMED]
    types = {kind.type for kind in resources}
    return tuple(_with_names(kind, named) for kind in in_places(actions, lists.iam_actions(), types))


def for_names(statements: Iterable[Statement], named: Sequence[NamedResource]) -> tuple[Statement, ...]:
    """The same rights for what has a name of its own, and for nothing else."""
    own = (_for_names(statement, named) for statement in statements if statement.effect == "Allow")
    return tuple(statement for statement in own if statement.resources)


def _with_names(statement: Statement, named: Sequence[NamedResource]) -> Statement:
    """The statement for what has a name of its own as well."""
    own = _for_names(statement, named)
    if not own.resources:
        return statement
    if "ArnLike" in own.condition:
        functions = [FUNCTIONS, *own.condition["ArnLike"]["lambda:FunctionArn"]]
        return statement._replace(condition={"ArnLike": {"lambda:FunctionArn": functions}})
    return statement._replace(resources=(*statement.resources, *own.resources))


def _for_names(statement: Statement, named: Sequence[NamedResource]) -> Statement:
    functions = [arn for each in named if each.type == _FUNCTION for arn in arns_of(each.type, each.name)]
    if functions and "ArnLike" in statement.condition:
        return statement._replace(condition={"ArnLike": {"lambda:FunctionArn": functions}})
    arns = (arn for each in named if statement.sid in _sids(each.type) for arn in arns_of(each.type, each.name))
    return statement._replace(resources=tuple(dict.fromkeys(arns)))


def _sids(kind: str) -> tuple[str, ...]:
    """The statements in which a type's names stand."""
    sid = SIDS[NAMED[kind].service]
    return (sid, BOUND_ROLES, "PassRoles") if kind == "AWS::IAM::Role" else (sid,)


def _widened(statement: Statement) -> Statement:
    resources = dict.fromkeys(map(_wide, statement.resources))
    condition = {
        test: {key: _wide(value) if isinstance(value, str) else value for key, value in keys.items()}
        for test, keys in statement.condition.items()
        if OF_ANOTHER_STACK not in keys
    }
    return statement._replace(resources=tuple(resources), condition=condition)


def _wide(arn: str) -> str:
    for name in (f"{STACK}-*", f"{STACK}/*", f"{BUCKET}-*"):
        arn = arn.replace(name, "*")
    return arn


def _bound(statement: Statement, boundary: str) -> Statement:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    actions = tuple(action for action in statement.actions if action != UNBINDING)
    return statement._replace(actions=actions, condition={"StringEquals": {"iam:PermissionsBoundary": boundary}})


def _read(grant: Grant) -> tuple[Statement, ...]:
    secrets = tuple(f"{ARN}secretsmanager{HERE}secret:{name}" for name in (f"{STACK}-*", f"{STACK}/*"))
    parameters = tuple(f"{ARN}ssm{HERE}parameter/{name}" for name in (f"{STACK}-*", f"{STACK}/*"))
    # AWS's own parameters, such as the ids of images, belong to no account.
    public = f"{ARN}ssm:${{AWS::Region}}::parameter/aws/service/*"
    return (
        Statement("ReadCode", ("s3:GetObject", "s3:GetObjectVersion"), grant.code),
        *((images.pull(),) if grant.images else ()),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
        Statement(
            "References", ("secretsmanager:GetSecretValue", "ssm:GetParameters"), (*secrets, *parameters, public)
        ),
        Statement("Transform", ("cloudformation:CreateChangeSet",), TRANSFORMS),
    )


def _passed_on(rights: Iterable[Statement]) -> tuple[Statement, ...]:
    """What may make stacks may make nested ones, to which CloudFormation passes the very role it works under.

    https://github.com/aws-solutions-library-samples/data-lakes-on-aws/issues/275
    """
    if not any("cloudformation:CreateStack" in statement.actions for statement in rights):
        return ()
    # No variable and no tag of a role can name it here; CloudFormation passes none but the stack's own role.
    own = f"{ARN}iam::${{AWS::AccountId}}:role/${{AWS::StackName}}-*"
    return (Statement("PassItself", ("iam:PassRole",), (own,), {"StringEquals": _TO_ITSELF}),)


def guarding(statements: Iterable[Statement], roles: Sequence[str], policies: Sequence[str]) -> tuple[Statement, ...]:
    """The statements with the names of the pipeline's own roles and policies, by their logical ids, for all names.

    Where the pipeline's stack is called as the service is, the names of the application's roles begin as its own do.
    Roles of stages that are no more in the file are kept: all deploy roles are alike.
    """
    deploying = f"{_OWN}:role/${{AWS::StackName}}-*{DEPLOY_ROLE}-*"
    others = [name for name in roles if not name.endswith(DEPLOY_ROLE)]
    names = tuple(f"{_OWN}:role/${{AWS::StackName}}-{_cut(name)}" for name in others)
    # What a role may do is in policies of its own, numbered, once it is too long for the role itself.
    written = (*policies, f"*{DEPLOY_ROLE}Policy", *(f"{name}Policy" for name in others))
    managed = tuple(f"{_OWN}:policy/${{AWS::StackName}}-{name}*" for name in written)
    own = {
        "PassItself": (deploying,),
        "NeverThisPipeline": tuple(dict.fromkeys((*managed, deploying, *names))),
    }
    named = (
        statement._replace(resources=_replaced(statement.resources, own[statement.sid]))
        if statement.sid in own
        else statement
        for statement in statements
    )
    return tuple(_never_attached(managed) if statement.sid == _ATTACHING else statement for statement in named)


def never_of(roles: Sequence[str], policies: Sequence[str]) -> tuple[Statement, ...]:
    """What commands that deploy may never do, whatever the file gives them: they pass no such role on, either."""
    pipeline, attaching = guarding((_never(""), _never_attached()), roles, policies)
    return (pipeline._replace(condition=NOTHING, comment=reason(pipeline.sid)), attaching)


def guarding_named(statements: Iterable[Statement], deploying: Text, others: Sequence[Text]) -> tuple[Statement, ...]:
    """The same in an environment, whose roles have fixed names: those that deploy, and the others."""
    own = {"PassItself": (deploying,), "NeverThisPipeline": (deploying, *others)}
    return tuple(
        statement._replace(resources=_named(statement, own[statement.sid])) if statement.sid in own else statement
        for statement in statements
    )


def _named(statement: Statement, roles: tuple[Text, ...]) -> tuple[Text, ...]:
    return roles if statement.effect == "Allow" else (*statement.resources, *roles)


def _replaced(resources: Iterable[Text], own: Iterable[Text]) -> tuple[Text, ...]:
    every = {f"{_OWN}:{kind}/${{AWS::StackName}}-*" for kind in ("policy", "role")}
    return (*(resource for resource in resources if resource not in every), *own)


def _cut(logical_id: str) -> str:
    """What a role's name has behind the stack's; CloudFormation cuts long ones, and keeps at least this much."""
    return f"{logical_id}-*" if len(logical_id) < _WHOLE else f"{logical_id[:_WHOLE]}*"


def _never_attached(policies: Sequence[Text] = (f"{_OWN}:policy/${{AWS::StackName}}-*",)) -> Statement:
    # A role that the application makes may have any tags: with these policies it would have the rights of any stage.
    condition = {"ArnLike": {"iam:PolicyARN": list(dict.fromkeys(policies))}}
    comment = reason(_ATTACHING)
    return Statement(_ATTACHING, ("iam:AttachRolePolicy",), ("*",), condition, effect="Deny", comment=comment)


def _never(boundary: str) -> Statement:
    # Who could tag these roles, change their policies, this stack or the boundary would write his own permissions.
    own = tuple(f"{ARN}iam::${{AWS::AccountId}}:{kind}/${{AWS::StackName}}-*" for kind in ("policy", "role"))
    stack = f"{ARN}cloudformation{HERE}stack/${{AWS::StackName}}/*"
    resources = (stack, *own, *((boundary,) if boundary else ()))
    # A key that a request does not carry is unequal: all but passing a role to CloudFormation is denied.
    condition = {"StringNotEquals": _TO_ITSELF}
    return Statement("NeverThisPipeline", ("cloudformation:*", "iam:*"), resources, condition, effect="Deny")
