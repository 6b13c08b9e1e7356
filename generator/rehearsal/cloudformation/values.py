"""Values of a template: scalars as CloudFormation passes them on, AWS::NoValue, calls of functions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError

Scalar = str | bool | int | float

# Outside of these Java, which CloudFormation runs on, writes a float with an exponent.
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e7


class NoValue:
    """The type of AWS::NoValue."""

    def __repr__(self) -> str:
        return "AWS::NoValue"


NO_VALUE: Final = NoValue()
"""What a reference to AWS::NoValue is: the property or the item that holds it goes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
"""


def is_scalar(value: Any) -> bool:
    """Whether a value is one that CloudFormation passes on as text."""
    return isinstance(value, (str, bool, int, float))


def text(value: Any, refusal: str) -> str:
    """A scalar as text: `true` and `false`, numbers as they are written. Raises TemplateError with `refusal`.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html: "when you use
    the parameter elsewhere in your template [...], the parameter value becomes a string".
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, (str, int)):
        return str(value)
    raise TemplateError(refusal)


def _float(value: float) -> str:
    if value and not (math.isfinite(value) and _PLAIN_FROM <= abs(value) < _PLAIN_TO):
        raise NotEvaluatedError(f"how CloudFormation writes the number {value!r}; put it in quotes")
    return repr(value)


def call_of(value: Any) -> tuple[str, Any] | None:
    """The function a value calls, and its argument; None for a value that is no call.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
    """
    if not isinstance(value, Mapping) or len(value) != 1:
        return None
    ((name, argument),) = value.items()
    return (name, argument) if is_function(name) else None


def is_function(name: Any) -> bool:
    """Whether a key names an intrinsic function."""
    return name == "Ref" or (isinstance(name, str) and name.startswith("Fn::"))
