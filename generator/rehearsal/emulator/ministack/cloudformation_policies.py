"""The update policies of the resources that a stack's operation is about, which ministack passes over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Provisioned:
    """The resources of one stack. Nested stacks are provisioned inside; their conditions tell them apart."""

    resources: Resources
    conditions: Mapping[str, bool]


_evaluate: ContextVar[tuple[Callable[[Any], Any], Any]] = ContextVar("penstock_evaluate", default=(dict, None))
_provisioned: ContextVar[tuple[_Provisioned, ...]] = ContextVar("penstock_provisioned", default=())


def provisioning(resources: Resources, conditions: Mapping[str, bool]) -> None:
    """Note that these resources of a template are about to be made or changed."""
    _provisioned.set((*_provisioned.get(), _Provisioned(resources, conditions)))


def evaluating(evaluate: Callable[[Any], Any], conditions: Mapping[str, bool]) -> None:
    """Note how values are evaluated in the stack whose conditions these are: its resource's properties come next."""
    _evaluate.set((evaluate, conditions))


def update_policy(logical_id: str) -> Mapping[str, Any]:
    """The UpdatePolicy of the resource whose properties were evaluated last, with its functions called."""
    evaluate, conditions = _evaluate.get()
    stacks = (stack for stack in reversed(_provisioned.get()) if stack.conditions is conditions)
    stack = next(stacks, _Provisioned({}, {}))
    policy: Mapping[str, Any] = evaluate(stack.resources.get(logical_id, {}).get("UpdatePolicy", {}))
    return policy
