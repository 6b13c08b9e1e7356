"""Which types the statements of a pipeline file's `extra` cover: those that they let be created."""

from __future__ import annotations

from collections.abc import Iterable

from generator.model.iam import Statement
from generator.permissions import lists
from generator.permissions.needed import service_of
from generator.permissions.patterns import matches


def types(extra: Iterable[Statement]) -> tuple[str, ...]:
    """The types with an action of their own service that creates them and is granted; by name.

    Of a service for which AWS publishes nothing, all types, as `AWS::<service>::*`: whoever grants it answers for it.
    """
    granted = [action for statement in extra for action in statement.actions]
    services = {action.partition(":")[0] for action in granted}
    listed = {kind: service_of(kind) for kind in lists.published() if kind.startswith("AWS::")} if granted else {}
    covered = {kind for kind, service in listed.items() if service in services and _is_created(kind, service, granted)}
    return tuple(sorted(covered | {f"AWS::{service}::*" for service in services - {*listed.values()}}))


def _is_created(kind: str, service: str, granted: Iterable[str]) -> bool:
    actions = [action for action in lists.published()[kind].get("create", ()) if action.startswith(f"{service}:")]
    # What only reads says nothing: every handler begins by looking.
    writing = [
        action for action in actions if not action.partition(":")[2].lower().startswith(("describe", "get", "list"))
    ]
    return any(matches(pattern, action) for pattern in granted for action in writing)
