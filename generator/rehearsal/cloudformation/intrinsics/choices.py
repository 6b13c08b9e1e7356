"""Fn::If."""

from __future__ import annotations

from typing import Any

from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.intrinsics.context import Context

_PARTS = 3


def choose(argument: Any, context: Context) -> Any:
    """One of two values, as a condition says; the other one is not looked at.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
    """
    if not isinstance(argument, list) or len(argument) != _PARTS or not isinstance(argument[0], str):
        raise TemplateError("Template error: Fn::If requires a list argument with the first element being a condition")
    name, when_true, when_false = argument
    if name not in context.scope.conditions:
        raise TemplateError(
            f"Template format error: Unresolved condition dependencies [{name}] in the Resources block of the template"
        )
    return context.value(when_true if context.scope.conditions[name] else when_false)
