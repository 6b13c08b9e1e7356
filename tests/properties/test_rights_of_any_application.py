"""Rights of an exact role for any SAM template: all that its resources need, nothing beyond a baseline's."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.application.reader import parse
from generator.application.template import Resource
from generator.application.translation import translate
from generator.aws_rules import limits
from generator.compiler import deploy_roles
from generator.compiler.deploy_roles import name_of
from generator.model.deployment import Deployment
from generator.model.iam import DeployRights, Statement
from generator.model.stage import Stage
from generator.permissions import deploy_role, lists
from generator.permissions.corrections import RARE
from generator.permissions.documents import Names, documents
from generator.permissions.needed import place
from generator.permissions.patterns import matches
from generator.permissions.resource_names import NAMED, arns_of
from generator.permissions.scopes import FUNCTIONS
from generator.rehearsal.iam.cloudformation_calls import values
from generator.rehearsal.iam.cloudformation_calls.questions import Needed, to_create, to_delete, to_update
from generator.rehearsal.iam.cloudformation_calls.types import kind_of
from generator.render.intrinsics import intrinsic
from generator.render.policies import managed
from tests.permissions.formed import HERE, Formed
from tests.permissions.grants import ACCOUNT, REGION, STACK, Role
from tests.properties.sam_templates import templates
from tests.properties.templates import resolve

_STAGE = Stage("beta", "Beta", (Deployment("Beta", STACK),), "stack", tested=False)
_EXTRA = {"actions": ["pipes:CreatePipe"], "resources": [f"arn:aws:pipes:{REGION}:{ACCOUNT}:pipe/x"]}
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_POLICIES_OF_A_ROLE = 10
_LONGEST_STACK = 128


class Case(NamedTuple):
    """A template after SAM's transform, and what an exact role gets for it."""

    resources: Mapping[str, Resource]
    rights: DeployRights


def cases() -> st.SearchStrategy[Case]:
    return templates().map(case)


def case(data: Mapping[str, Any]) -> Case:
    template = parse(json.dumps(data), "template.json")
    translated = translate(template, {}, region=REGION)
    assert translated.problems == ()
    return Case(translated.resources(), rights("exact", template))


def rights(permissions: str, template: Any = None) -> DeployRights:
    deploy_role_key = {"permissions": permissions, "extra": [_EXTRA]}
    (right,) = deploy_roles.rights(
        {"service": "shop", "deploy_role": deploy_role_key}, None, (_STAGE,), (template, None)
    )
    (role,) = right.roles
    return right._replace(statements=_together(right.statements, role.statements))


def _together(shared: Iterable[Statement], own: Iterable[Statement]) -> tuple[Statement, ...]:
    """What a role may do by policies it shares and by itself, as one list of statements."""
    more = {statement.sid: statement for statement in own}
    return tuple(_widened(statement, more.get(statement.sid)) for statement in shared)


def _widened(statement: Statement, own: Statement | None) -> Statement:
    if own is None:
        return statement
    if "ArnLike" in own.condition:
        functions = [FUNCTIONS, *own.condition["ArnLike"]["lambda:FunctionArn"]]
        return statement._replace(condition={"ArnLike": {"lambda:FunctionArn": functions}})
    return statement._replace(resources=(*statement.resources, *own.resources))


_BASELINE = rights("baseline")


def _baseline(application: Case) -> DeployRights:
    """A baseline as it is launched with the same application."""
    rare = sorted({lists.listed(resource.type) for resource in application.resources.values()} & set(RARE))
    more = deploy_role.baseline(rare)
    own = [statement for statement in _BASELINE.statements if statement.sid not in {more_of.sid for more_of in more}]
    return _BASELINE._replace(statements=(*more, *own)) if rare else _BASELINE


def expanded(actions: Iterable[str]) -> set[str]:
    """Every known action that these patterns allow, in small letters."""
    return {action for pattern in actions for action in matched(pattern)}


@functools.cache
def matched(pattern: str) -> frozenset[str]:
    service, _, name = pattern.partition(":")
    return frozenset(f"{service}:{action}" for action in lists.iam_actions().get(service, ()) if matches(name, action))


def own_names(resources: Mapping[str, Resource]) -> set[str]:
    """The ARNs of what a template gives a name in plain text."""
    named = [resource for resource in resources.values() if resource.type in NAMED and name_of(resource)]
    return {arn for resource in named for arn in arns_of(resource.type, name_of(resource))}


@settings(max_examples=30, deadline=None)
@given(cases())
def test_no_statement_of_an_exact_role_is_wider_than_the_baselines(application: Case) -> None:
    whole = {statement.sid: statement for statement in _baseline(application).statements}
    names = own_names(application.resources)
    for statement in application.rights.statements:
        wide = whole[statement.sid]
        assert statement.effect == wide.effect
        assert expanded(statement.actions) <= expanded(wide.actions), statement.sid
        assert set(statement.resources) - names <= set(wide.resources), statement.sid
        assert without(statement.condition, names) == wide.condition, statement.sid


def without(condition: Mapping[str, Any], names: set[str]) -> Any:
    """A condition without functions of names of their own."""
    match condition:
        case {"ArnLike": {"lambda:FunctionArn": [first, *more]}}:
            assert set(more) <= names
            return {"ArnLike": {"lambda:FunctionArn": first}}
    return condition


def filled(arn: str, stack: str) -> str:
    """An ARN of ours as a stack's resource has it."""
    names = Names(stack, ACCOUNT, REGION)
    return str(names.put_in(arn)).replace("*", "x")


_ACTIONS = sorted(expanded(action for statement in _BASELINE.statements for action in statement.actions))
_ARNS = sorted({arn for statement in _BASELINE.statements for arn in statement.resources if isinstance(arn, str)})


@settings(max_examples=30, deadline=None)
@given(
    cases(),
    st.lists(st.tuples(st.sampled_from(_ACTIONS), st.sampled_from(_ARNS)), min_size=20, max_size=20),
    st.sampled_from([STACK, "shop-Prod", "some-stack"]),
    st.sampled_from(
        [{}, {"iam:PassedToService": "lambda.amazonaws.com"}, {"iam:PassedToService": "ec2.amazonaws.com"}]
    ),
)
def test_what_an_exact_role_may_do_a_baseline_may(
    application: Case, asked: list[tuple[str, str]], stack: str, context: Mapping[str, str]
) -> None:
    exact, whole = Role(application.rights.statements), Role(_baseline(application).statements)
    for action, arn in asked:
        resource = filled(arn, stack)
        assert not exact.allows(action, resource, context) or whole.allows(action, resource, context), action


@settings(max_examples=30, deadline=None)
@given(cases())
def test_every_right_of_every_resource_is_granted_where_the_resource_is(application: Case) -> None:
    exact = Role(application.rights.statements)
    for resource in application.resources.values():
        assert lists.listed(resource.type) in application.rights.covers
        for action, arn, context in handled(resource):
            assert exact.allows(action, arn, context), (resource.type, action, arn)


def handled(resource: Resource) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """What the handlers of a resource's type do, with the ARNs it may have."""
    for action in {action for right in lists.rights_of(resource.type).values() for action in right}:
        if (where := place(action, lists.iam_actions(), (resource.type,))) is None:
            continue
        arns = [arn for arn in where.resources if STACK not in arn]
        context = {key: first(value) for keys in where.condition.values() for key, value in keys.items()}
        if action == "iam:AttachRolePolicy":
            context["iam:PolicyARN"] = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        yield from ((action, filled(arn, STACK), context) for arn in arns)


def first(value: Any) -> str:
    return filled(value if isinstance(value, str) else value[0], STACK)


@settings(max_examples=30, deadline=None)
@given(cases())
def test_whatever_cloudformation_calls_for_a_resource_is_allowed(application: Case) -> None:
    exact, formed = Role(application.rights.statements), Formed(application.resources)
    for logical_id, resource in application.resources.items():
        for need in called(resource, logical_id, formed):
            assert exact.allows(need.action, need.resource, need.context), (resource.type, need)


def called(resource: Resource, logical_id: str, formed: Formed) -> Iterable[Needed]:
    """Making, changing and deleting a resource, by lists that know nothing of ours."""
    kind = kind_of(resource.type)
    if kind is None:
        return
    whole, existing = formed.properties(logical_id), formed.physical_id(logical_id)
    # Texts say which resource it is; what is beside them comes and goes.
    fewer = {name: value for name, value in whole.items() if isinstance(value, str)}
    needs = (
        *to_create(kind, logical_id, whole, HERE),
        *to_update(kind, values.Resource(logical_id, existing, whole), fewer, HERE),
        *to_update(kind, values.Resource(logical_id, existing, fewer), whole, HERE),
        *to_delete(kind, values.Resource(logical_id, existing, whole), HERE),
    )
    # Packaging puts code in the pipeline's own bucket; here it stands for itself.
    yield from (need for need in needs if not need.resource.startswith("arn:aws:s3:::packaged/"))


@settings(max_examples=25, deadline=None)
@given(cases())
def test_its_policies_are_within_iams_limits_at_the_longest_names(application: Case) -> None:
    policies = list(managed("DeployPolicy", application.rights.statements, ("first", "more")))
    assert len(policies) <= _POLICIES_OF_A_ROLE
    for policy in policies:
        assert length(policy.properties["PolicyDocument"]) <= limits.MANAGED_POLICY_LENGTH
    names = Names(stack="s" * _LONGEST_STACK, account=ACCOUNT, region="ap-southeast-7", partition="aws-us-gov")
    written = documents(application.rights.statements, names)
    assert all(len(json.dumps(entry, separators=(",", ":"))) <= limits.MANAGED_POLICY_LENGTH for entry in written)


def length(document: Any) -> int:
    """What IAM counts of a policy once CloudFormation has filled it in, where names are longest."""
    filled_in = json.dumps(resolve(intrinsic(document), {"Resources": {}, "Parameters": {}}), separators=(",", ":"))
    longest = {
        "arn:aws:made:eu-west-1:111122223333:ArtifactBucket": f"arn:aws:s3:::{'b' * 63}",
        "arn:aws:": "arn:aws-us-gov:",
        f":{REGION}:": ":ap-southeast-7:",
        "some-stack": "s" * 64,
    }
    for name, longer in longest.items():
        filled_in = filled_in.replace(name, longer)
    return len(filled_in)
