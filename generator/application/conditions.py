"""Whether a condition of a template holds, as far as its parameters let it be known before launch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.application.values import text_of

# Deeper than any template needs; conditions that name each other in a ring end here.
_DEPTH = 20


def holds(name: str, conditions: Any, values: Mapping[str, str]) -> bool | None:
    """Whether the condition of that name holds given the `values` of parameters; None when only a launch can tell.

    `conditions` is the template's section.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
    """
    return _holds({"Condition": name}, conditions, values, _DEPTH)


def _holds(call: Any, conditions: Any, values: Mapping[str, str], depth: int) -> bool | None:
    if not depth:
        return None

    def inner(parts: list[Any]) -> list[bool | None]:
        return [_holds(part, conditions, values, depth - 1) for part in parts]

    answer: bool | None = None
    match call:
        case {"Condition": str(name)} if isinstance(conditions, dict) and name in conditions:
            [answer] = inner([conditions[name]])
        case {"Fn::Equals": [left, right]}:
            answer = _equal(text_of(left, values), text_of(right, values))
        case {"Fn::Not": [part]}:
            [negated] = inner([part])
            answer = None if negated is None else not negated
        case {"Fn::And": list(parts)}:
            answer = _settled(inner(parts), by=False)
        case {"Fn::Or": list(parts)}:
            answer = _settled(inner(parts), by=True)
    return answer


def _equal(left: str | None, right: str | None) -> bool | None:
    # Two texts that hold a pseudo parameter may turn out equal once it has its value.
    if left is None or right is None or (left != right and "${AWS::" in left + right):
        return None
    return left == right


def _settled(parts: list[bool | None], *, by: bool) -> bool | None:
    """A conjunction or disjunction: one part may settle it alone, else all have to be known."""
    if by in parts:
        return by
    return None if None in parts or not parts else not by
