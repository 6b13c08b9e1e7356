"""What CloudFormation refuses of the parameters a stack is given, in its own words.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.rehearsal.cloudformation.errors import TemplateError

Given = Iterable[Mapping[str, Any]]
"""Each with its Key, and its Value or UsePreviousValue."""


def refuse(template: Mapping[str, Any], given: Given, previous: Mapping[str, Any]) -> None:
    """Raise TemplateError for parameters that are unknown, without a value, or outside the allowed values."""
    declared: Mapping[str, Any] = template.get("Parameters") or {}
    named = {entry["Key"]: entry for entry in given if "Key" in entry}
    if unknown := sorted(named.keys() - declared.keys()):
        raise TemplateError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    if missing := sorted(name for name in declared if not _has_value(name, named, previous, declared)):
        raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
    for name, entry in sorted(named.items()):
        if not entry.get("UsePreviousValue"):
            _refuse_value(name, declared[name], str(entry.get("Value", "")))


def _has_value(
    name: str, named: Mapping[str, Mapping[str, Any]], previous: Mapping[str, Any], declared: Mapping[str, Any]
) -> bool:
    entry = named.get(name, {})
    given = name in previous if entry.get("UsePreviousValue") else bool(entry)
    return given or "Default" in declared[name]


def _refuse_value(name: str, parameter: Mapping[str, Any], value: str) -> None:
    for reason in _reasons(parameter, value):
        said = parameter.get("ConstraintDescription")
        raise TemplateError(f"Parameter '{name}' {f'failed to satisfy constraint: {said}' if said else reason}")


def _reasons(parameter: Mapping[str, Any], value: str) -> Iterator[str]:
    """What is wrong with a value where the emulator has other words for it, or none."""
    allowed, pattern = parameter.get("AllowedValues"), parameter.get("AllowedPattern")
    if allowed and value not in map(_text, allowed):
        yield "must be one of AllowedValues"
    if parameter.get("Type") == "Number" and not _is_number(value):
        yield "must be a number"
    if pattern and parameter.get("Type") == "String" and not re.fullmatch(str(pattern), value):
        yield f"must match pattern {pattern}"


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
