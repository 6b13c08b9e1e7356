# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's CloudFormation: the resource types it can make, and which changes replace a resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services.cloudformation import provisioners

from generator.rehearsal.emulator.ministack.interception import Intercepted

Create = Callable[[str, dict[str, Any], str], tuple[str, dict[str, Any]]]
Update = Callable[[str, dict[str, Any], dict[str, Any], str], tuple[str, dict[str, Any]]]
Delete = Callable[[str, dict[str, Any]], None]

_BLOCKING_TYPES: set[str] = set()
_runs_on_a_thread = Intercepted("ministack.services.cloudformation.stacks._runs_on_worker_thread")


def resource_types() -> frozenset[str]:
    """The CloudFormation types that can be created."""
    return frozenset(provisioners._RESOURCE_HANDLERS)


def register_type(resource_type: str, create: Create, update: Update, delete: Delete, *, blocking: bool = True) -> None:
    """Teach CloudFormation a type. `blocking` handlers may call the emulator: they run on a thread of their own."""
    provisioners._RESOURCE_HANDLERS[resource_type] = {"create": create, "update": update, "delete": delete}
    if blocking:
        _BLOCKING_TYPES.add(resource_type)


def handlers_of(resource_type: str) -> Mapping[str, Callable[..., Any]]:
    """The handlers of a type the emulator brings: create, update (with logical id), delete."""
    return dict(provisioners._RESOURCE_HANDLERS[resource_type])


def replace_handlers(resource_type: str, *, blocking: bool = False, **handlers: Callable[..., Any]) -> None:
    """Put other handlers in the place of some that the emulator brings; they are called as those were."""
    if blocking:
        _BLOCKING_TYPES.add(resource_type)
    provisioners._RESOURCE_HANDLERS[resource_type] = {**handlers_of(resource_type), **handlers}


def tag_property(resource_type: str, name: str, shape: str) -> None:
    """Pass a stack's own tags to this type too; `shape` is "list" or "map"."""
    provisioners._STACK_TAG_PROPERTY[resource_type] = (name, shape)


def provision_blocking_types_on_threads() -> None:
    """Keep the loop that answers requests free while a handler of `register_type` calls the emulator."""
    _runs_on_a_thread.around(lambda inner, kind: kind in _BLOCKING_TYPES or inner(kind))


def replace_when(changed: Mapping[str, tuple[str, ...]], conditionally: Mapping[str, tuple[str, ...]]) -> None:
    """Tell change sets and updates which properties of a type make another resource when they change."""
    provisioners._REPLACING_PROPERTIES.update(changed)
    provisioners._CONDITIONALLY_REPLACING_PROPERTIES.update(conditionally)


def replaces(resource_type: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether an update makes another resource."""
    return bool(provisioners._requires_replacement(resource_type, old, new))
