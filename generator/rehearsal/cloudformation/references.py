"""What a part of a template refers to by name: Ref, Fn::GetAtt, Fn::Sub, conditions and functions.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Conditions = Mapping[str, bool]

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")


def names(value: Any, conditions: Conditions | None = None) -> Iterator[str]:
    """Parameters, pseudo parameters and resources a value refers to.

    With `conditions` only the branch of an Fn::If counts that its condition chooses.
    """
    for function, argument in functions(value, conditions):
        if function == "Ref" and isinstance(argument, str):
            yield argument
        elif function == "Fn::GetAtt":
            yield from _attribute_owner(argument)
        elif function == "Fn::Sub":
            yield from _substituted(argument)


def functions(value: Any, conditions: Conditions | None = None) -> Iterator[tuple[str, Any]]:
    """Every function call in a value, with its argument: also those inside other calls' arguments."""
    if isinstance(value, list):
        for item in value:
            yield from functions(item, conditions)
    elif isinstance(value, dict):
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref" or str(name).startswith("Fn::"):
                yield name, argument
        for name, item in value.items():
            yield from functions(_chosen(name, item, conditions), conditions)


def _chosen(name: str, argument: Any, conditions: Conditions | None) -> Any:
    """The part of an argument that counts."""
    if name != "Fn::If" or conditions is None or not isinstance(argument, list):
        return argument
    evaluated = isinstance(argument[0], str) and argument[0] in conditions
    return argument[1 if conditions[argument[0]] else 2 :][:1] if evaluated else argument


def _attribute_owner(argument: Any) -> Iterator[str]:
    first = argument.partition(".")[0] if isinstance(argument, str) else next(iter(argument or [None]), None)
    if isinstance(first, str):
        yield first


def _substituted(argument: Any) -> Iterator[str]:
    text, variables = (argument, {}) if isinstance(argument, str) else (*(argument or [""]), {}, {})[:2]
    for variable in _VARIABLE.findall(str(text)):
        name = variable.strip()
        if not isinstance(variables, dict) or name not in variables:
            yield name.partition(".")[0]
