"""The pipeline file's `extra`: which types its statements cover, and what to write for one that is not covered."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from generator.model.iam import Statement
from generator.permissions import lists
from generator.permissions.corrections import OPERATIONS
from generator.permissions.needed import service_of
from generator.permissions.patterns import matches

MOST_ACTIONS = 50
"""How many actions a statement of `extra` takes: no limit of AWS's, but nobody reads more."""
_READING = ("describe", "get", "list")
# What types of many services are created with besides their own.
_OF_ANY = {"ec2", "iam", "kms", "logs", "s3", "secretsmanager", "sts"}
_OF_NO_ROLE = ("iam:CreateServiceLinkedRole", "iam:List")


def types(extra: Iterable[Statement]) -> tuple[str, ...]:
    """The types with an action of their own service that creates them and is granted; by name.

    Of a service for which AWS publishes nothing, all types, as `AWS::<service>::*`: whoever grants it answers for it.
    """
    granted = [action for statement in extra for action in statement.actions]
    services = {action.partition(":")[0] for action in granted}
    listed = _services() if granted else {}
    kinds = [kind for kind in lists.published() if kind.startswith("AWS::")] if granted else []
    covered = {kind for kind in kinds if services & _prefixes(_creating(kind)) and _is_created(kind, granted)}
    return tuple(sorted(covered | {f"AWS::{service}::*" for service in services - {*listed.values()}}))


def is_helpful(kind: str) -> bool:
    """Whether `extra` can cover a type: AWS lists what it takes, or nothing of its whole service."""
    return kind in lists.published() or kind.split("::")[1] not in _services()


def statements(kind: str, stacks: Iterable[str]) -> str:
    """What grants a type's rights, ready to paste; empty where AWS publishes no list of what the type takes.

    Its resources are not known here: any, for whoever pastes it to narrow. Roles are those of the stacks alone.
    """
    published = lists.published().get(lists.listed(kind), {})
    actions = sorted({_spelled(action) for operation in OPERATIONS for action in published.get(operation, ())})
    of_roles = [action for action in actions if action.startswith("iam:") and not action.startswith(_OF_NO_ROLE)]
    others = [action for action in actions if action not in of_roles]
    several = [others[first : first + MOST_ACTIONS] for first in range(0, len(others), MOST_ACTIONS)]
    roles = [f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:role/{stack}-*" for stack in stacks]
    entries = [_entry(some, ["*"]) for some in several] + [_entry(of_roles, roles)] * bool(of_roles)
    return f"deploy_role: {{extra: [{', '.join(entries)}]}}" if entries else ""


def _entry(actions: Iterable[str], arns: Iterable[str]) -> str:
    resources = ", ".join(f'"{arn}"' for arn in arns)
    return f"{{actions: [{', '.join(actions)}], resources: [{resources}]}}"


def _is_created(kind: str, granted: Iterable[str]) -> bool:
    service, creating = _services()[kind.split("::")[1]], _creating(kind)
    own = [action for action in creating if action.startswith(f"{service}:")]
    return any(matches(pattern, action) for pattern in granted for action in own or creating)


@functools.cache
def _creating(kind: str) -> tuple[str, ...]:
    """What creates a type, or where that is not known, changes it. What only reads says nothing: all handlers look."""
    published = lists.published()[kind]
    several = [published["create"]] if published.get("create") else [*published.values()]
    actions = sorted({_spelled(action) for listed in several for action in listed})
    return tuple(action for action in actions if not action.partition(":")[2].lower().startswith(_READING))


def _spelled(action: str) -> str:
    """An action as IAM spells it: AWS's lists write some services with capital letters."""
    service, _, name = action.partition(":")
    return f"{service.lower()}:{name}"


@functools.cache
def _prefixes(actions: tuple[str, ...]) -> frozenset[str]:
    return frozenset(action.partition(":")[0] for action in actions)


@functools.cache
def _services() -> Mapping[str, str]:
    """The prefix of each service's own actions: its name, or else what most of its types are created with."""
    kinds: dict[str, list[str]] = {}
    for kind in lists.published():
        if kind.startswith("AWS::"):
            kinds.setdefault(kind.split("::")[1], []).append(kind)
    return {service: _prefix(several) for service, several in kinds.items()}


def _prefix(kinds: Sequence[str]) -> str:
    """The prefix of the service that these types are of."""
    named = service_of(kinds[0])
    counts = Counter(prefix for kind in kinds for prefix in _prefixes(_creating(kind)))
    alike = [prefix for prefix in counts if prefix.replace("-", "") == named]
    others = [prefix for prefix, _ in counts.most_common() if prefix not in _OF_ANY]
    return next(iter([named] * (named in counts) + alike + others), named)
