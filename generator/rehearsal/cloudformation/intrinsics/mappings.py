"""Fn::FindInMap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.intrinsics.context import Context

_KEYS = 3
_USAGE = (
    "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute"
    " for return value"
)


def find_in_map(argument: Any, context: Context) -> Any:
    """The value at two keys of a mapping; with AWS::LanguageExtensions a fourth part may bring a DefaultValue.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
    """
    if not isinstance(argument, list) or len(argument) not in {_KEYS, _KEYS + 1}:
        raise TemplateError(_USAGE)
    keys = [context.text(key, _USAGE) for key in argument[:_KEYS]]
    node: Any = context.scope.mappings
    for key in keys:
        if not isinstance(node, Mapping) or key not in node:
            return _default(argument[_KEYS:], keys, context)
        node = node[key]
    return node


def _default(options: list[Any], keys: list[str], context: Context) -> Any:
    if not options:
        raise TemplateError(f"Template error: Unable to get mapping for {'::'.join(keys)}")
    [option] = options
    if not isinstance(option, Mapping) or set(option) != {"DefaultValue"}:
        raise TemplateError(_USAGE)
    return context.value(option["DefaultValue"])
