"""The pipeline file's `extra`: which types its statements cover, and what to write for one that is not covered."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.iam import Statement
from generator.permissions import lists
from generator.permissions.corrections import OPERATIONS
from generator.permissions.needed import service_of
from generator.permissions.patterns import matches

MOST_ACTIONS = 50
"""How many actions a statement of `extra` takes: no limit of AWS's, but nobody reads more."""
_OF_NO_ROLE = ("iam:CreateServiceLinkedRole", "iam:List")


def types(extra: Iterable[Statement]) -> tuple[str, ...]:
    """The types with an action of their own service that creates them and is granted; by name.

    Of a service for which AWS publishes nothing, all types, as `AWS::<service>::*`: whoever grants it answers for it.
    """
    granted = [action for statement in extra for action in statement.actions]
    services = {action.partition(":")[0] for action in granted}
    listed = {kind: service_of(kind) for kind in lists.published() if kind.startswith("AWS::")} if granted else {}
    covered = {kind for kind, service in listed.items() if service in services and _is_created(kind, service, granted)}
    return tuple(sorted(covered | {f"AWS::{service}::*" for service in services - {*listed.values()}}))


def statements(kind: str, stacks: Iterable[str]) -> str:
    """What grants a type's rights, ready to paste; empty where AWS publishes no list of what the type takes.

    Its resources are not known here: any, for whoever pastes it to narrow. Roles are those of the stacks alone.
    """
    published = lists.published().get(lists.listed(kind), {})
    actions = sorted({action for operation in OPERATIONS for action in published.get(operation, ())})
    of_roles = [action for action in actions if action.startswith("iam:") and not action.startswith(_OF_NO_ROLE)]
    others = [action for action in actions if action not in of_roles]
    several = [others[first : first + MOST_ACTIONS] for first in range(0, len(others), MOST_ACTIONS)]
    roles = [f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{stack}-*" for stack in stacks]
    entries = [_entry(some, ["*"]) for some in several] + [_entry(of_roles, roles)] * bool(of_roles)
    return f"deploy_role: {{extra: [{', '.join(entries)}]}}" if entries else ""


def _entry(actions: Iterable[str], arns: Iterable[str]) -> str:
    resources = ", ".join(f'"{arn}"' for arn in arns)
    return f"{{actions: [{', '.join(actions)}], resources: [{resources}]}}"


def _is_created(kind: str, service: str, granted: Iterable[str]) -> bool:
    actions = [action for action in lists.published()[kind].get("create", ()) if action.startswith(f"{service}:")]
    # What only reads says nothing: every handler begins by looking.
    writing = [
        action for action in actions if not action.partition(":")[2].lower().startswith(("describe", "get", "list"))
    ]
    return any(matches(pattern, action) for pattern in granted for action in writing)
