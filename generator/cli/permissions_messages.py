"""The output of `penstock permissions`: types with their permissions and reasons, and what is not covered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from generator.compiler.required_permissions import Requester, RequiredType, Requirements
from generator.model.iam import Statement
from generator.permissions import by_hand
from generator.permissions.documents import Names, plain
from generator.permissions.explanation import WAYS_FOR_OTHERS
from generator.permissions.lists import is_of_others

_OPERATIONS = {"delete": "delete, also to roll back a create", "update": "update, also to roll back an update"}
_ADMIN = (
    "remark: whoever may create roles can create one that may do anything, unless a permissions boundary is required"
)
_MAKES_ROLES = "iam:CreateRole"


def text(required: Requirements, names: Names) -> Iterator[str]:
    """The requirements as a person reads them."""
    for entry in required.types:
        yield from _type(entry, names)
        yield ""
    if not (required.grants or required.types):
        yield "no role deploys a stack: what commands may do is what their `policies` and `statements` say"
    elif not required.grants:
        yield "an existing role deploys: what it may do is not known here; the above is what it needs"
    for grant in required.grants:
        yield f"all that deploys {', '.join(grant.stacks) or 'the template'} may do:"
        for statement in grant.statements:
            yield from _statement(statement, names)
    if _is_unbound(required):
        yield _ADMIN


def _type(entry: RequiredType, names: Names) -> Iterator[str]:
    state = {True: "", False: ": not covered", None: ""}[entry.granted]
    yield f"{entry.explained.type}{state}"
    for requester in entry.requesters:
        yield f"  for {_requester(requester)}"
    for operation, actions in entry.explained.operations.items():
        yield f"  {_OPERATIONS.get(operation, operation)}: {', '.join(actions)}"
    for statement in entry.explained.statements:
        yield f"  on {', '.join(_own(statement, names))}"
        yield from (f"    if {line}" for line in _condition(statement, names))
    for action, why in entry.explained.left_out.items():
        yield f"  not granted: {action} ({why})"


def _own(statement: Statement, names: Names) -> Iterator[str]:
    """The resources of the services whose actions a statement has: several services share one."""
    services = {action.partition(":")[0] for action in statement.actions}
    return (arn for arn in names.put_in(statement.resources) if arn == "*" or arn.split(":")[2] in services)


def _requester(resource: Requester) -> str:
    return f"{resource.logical_id} ({resource.place})" if resource.place else resource.logical_id


def _statement(statement: Statement, names: Names) -> Iterator[str]:
    why = f": {statement.comment}" if statement.comment else ""
    yield f"  {statement.effect.lower()} {statement.sid}{why}"
    yield f"    {', '.join(statement.actions)}"
    yield f"    on {', '.join(map(str, names.put_in(statement.resources)))}"
    yield from (f"    if {line}" for line in _condition(statement, names))


def _condition(statement: Statement, names: Names) -> Iterator[str]:
    for test, keys in names.put_in(statement.condition).items():
        for key, value in keys.items():
            yield f"{key} {test} {', '.join(value) if isinstance(value, list) else value}"


def _is_unbound(required: Requirements) -> bool:
    statements = (statement for grant in required.grants for statement in grant.statements)
    return any(_MAKES_ROLES in statement.actions and not statement.condition for statement in statements)


def uncovered(required: Requirements) -> Iterator[str]:
    """A line for every type that none of our deploy roles covers, with the way out."""
    stacks = [stack for grant in required.grants for stack in grant.stacks] or ["STACK_NAME"]
    for entry in required.types:
        if entry.granted is False:
            unpublished = "" if entry.explained.operations else ", and AWS publishes no list of what it takes"
            yield f"{_requester(entry.requesters[0])}: {entry.explained.type} is not covered{unpublished}"
            if is_of_others(entry.explained.type):
                yield f"  hint: the build lets only AWS's types through; the only way is {WAYS_FOR_OTHERS}"
            elif not entry.explained.covered:
                pasted = by_hand.statements(entry.explained.type, stacks)
                yield f"  hint: grant it by hand: {pasted or 'deploy_role: {extra: ...}'}"


def placeholders(policies: Sequence[Mapping[str, Any]]) -> str:
    """What has to be filled in before policies are used; empty when nothing has to."""
    written = str(policies)
    names = [name for name in ("STACK_NAME", "ACCOUNT_ID", "REGION", "ARTIFACT_BUCKET") if name in written]
    return f"to be filled in: {', '.join(names)} (--stack-name, --account, --region)" if names else ""


def as_data(required: Requirements, names: Names, policies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The requirements as data."""
    return {
        "types": [_data(entry, names) for entry in required.types],
        "uncovered": [entry.explained.type for entry in required.types if entry.granted is False],
        "without_data": [entry.explained.type for entry in required.types if not entry.explained.operations],
        "unbound_roles": _is_unbound(required),
        "policies": list(policies),
    }


def _data(entry: RequiredType, names: Names) -> dict[str, Any]:
    return {
        "type": entry.explained.type,
        "granted": entry.granted,
        "resources": [
            {"logical_id": each.logical_id, "place": str(each.place) if each.place else None}
            for each in entry.requesters
        ],
        "operations": {operation: list(actions) for operation, actions in entry.explained.operations.items()},
        "statements": [plain(statement, names) for statement in entry.explained.statements],
        "left_out": dict(entry.explained.left_out),
    }
