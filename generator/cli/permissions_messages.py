"""What `penstock permissions` says: types with their rights and reasons, what stands beside them, what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.compiler.asking import Answer, Asked, Wanting
from generator.model.iam import Statement
from generator.permissions.documents import Names, plain
from generator.permissions.explanation import WAYS_FOR_OTHERS
from generator.permissions.lists import is_of_others

# What rights are for that belong to no type's own handlers, by the statement they stand in.
_WHY: Mapping[str, str] = {
    "Anywhere": "actions for which IAM knows no resource",
    "BoundRoles": "roles and what is attached to them; a permissions boundary, if required, is a condition here",
    "EventSources": "event source mappings, whose ids Lambda makes: the condition is their scope",
    "Layers": "layers, which may be other accounts'",
    "NeverThisPipeline": "what deploys may never change the pipeline's own roles, policies and stack",
    "PassRoles": "roles of the stack handed to the services that the condition names",
    "ReadCode": "packaged code; a rollback reads the code of before again",
    "References": "{{resolve:...}} in templates: parameters and secrets of the stack",
    "ServiceRoles": "roles that AWS services make for themselves the first time",
    "Transform": "SAM and other transforms, which make a change set",
}
_OPERATIONS = {"delete": "delete, also to roll back a create", "update": "update, also to roll back an update"}
_ADMIN = "remark: who may make roles can make one that may do anything, unless it must carry a permissions boundary"
_MAKES_ROLES = "iam:CreateRole"


def text(answer: Answer, names: Names) -> Iterator[str]:
    """The answer as a person reads it."""
    for one in answer.asked:
        yield from _type(one, names)
        yield ""
    if not answer.granted:
        yield "an existing role deploys: what it may do is not known here; the above is what it needs"
    for granted in answer.granted:
        yield f"all that deploys {', '.join(granted.stacks) or 'the template'} may do:"
        for statement in granted.statements:
            yield from _statement(statement, names)
    if _is_unbound(answer):
        yield _ADMIN


def _type(one: Asked, names: Names) -> Iterator[str]:
    state = {True: "", False: ": not covered", None: ""}[one.granted]
    yield f"{one.explained.type}{state}"
    for wanting in one.wanting:
        yield f"  for {_wanting(wanting)}"
    for operation, actions in one.explained.operations.items():
        yield f"  {_OPERATIONS.get(operation, operation)}: {', '.join(actions)}"
    for statement in one.explained.statements:
        yield f"  on {', '.join(_own(statement, names))}"
        yield from (f"    if {line}" for line in _condition(statement, names))
    for action, why in one.explained.left_out.items():
        yield f"  not granted: {action} ({why})"


def _own(one: Statement, names: Names) -> Iterator[str]:
    """The resources of the services whose actions a statement has: several services share one."""
    services = {action.partition(":")[0] for action in one.actions}
    return (arn for arn in names.put_in(one.resources) if arn == "*" or arn.split(":")[2] in services)


def _wanting(one: Wanting) -> str:
    return f"{one.logical_id} ({one.place})" if one.place else one.logical_id


def _statement(one: Statement, names: Names) -> Iterator[str]:
    why = f": {_WHY[one.sid]}" if one.sid in _WHY else ""
    yield f"  {one.effect.lower()} {one.sid}{why}"
    yield f"    {', '.join(one.actions)}"
    yield f"    on {', '.join(map(str, names.put_in(one.resources)))}"
    yield from (f"    if {line}" for line in _condition(one, names))


def _condition(one: Statement, names: Names) -> Iterator[str]:
    for test, keys in names.put_in(one.condition).items():
        for key, value in keys.items():
            yield f"{key} {test} {', '.join(value) if isinstance(value, list) else value}"


def _is_unbound(answer: Answer) -> bool:
    statements = (one for granted in answer.granted for one in granted.statements)
    return any(_MAKES_ROLES in one.actions and not one.condition for one in statements)


def uncovered(answer: Answer) -> Iterator[str]:
    """A line for every type that no deploy role of ours covers, with the way out."""
    for one in answer.asked:
        if one.granted is False:
            known = "" if one.explained.operations else ", and AWS publishes no list of what it takes"
            yield f"{_wanting(one.wanting[0])}: {one.explained.type} is not covered{known}"
            if is_of_others(one.explained.type):
                yield f"  hint: the build lets only AWS's types through; nothing helps but {WAYS_FOR_OTHERS}"
            elif not one.explained.covered:
                yield "  hint: grant it by hand: deploy_role: {extra: [{actions: [...], resources: [...]}]}"


def placeholders(policies: Sequence[Mapping[str, Any]]) -> str:
    """What has to be filled in before policies are used; empty when nothing has to."""
    written = str(policies)
    found = [name for name in ("STACK_NAME", "ACCOUNT_ID", "REGION", "ARTIFACT_BUCKET") if name in written]
    return f"to be filled in: {', '.join(found)} (--stack-name, --account, --region)" if found else ""


def as_data(answer: Answer, names: Names, policies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answer as data."""
    return {
        "types": [_data(one, names) for one in answer.asked],
        "uncovered": [one.explained.type for one in answer.asked if one.granted is False],
        "without_data": [one.explained.type for one in answer.asked if not one.explained.operations],
        "unbound_roles": _is_unbound(answer),
        "policies": list(policies),
    }


def _data(one: Asked, names: Names) -> dict[str, Any]:
    return {
        "type": one.explained.type,
        "granted": one.granted,
        "resources": [
            {"logical_id": each.logical_id, "place": str(each.place) if each.place else None} for each in one.wanting
        ],
        "operations": {operation: list(actions) for operation, actions in one.explained.operations.items()},
        "statements": [plain(statement, names) for statement in one.explained.statements],
        "left_out": dict(one.explained.left_out),
    }
