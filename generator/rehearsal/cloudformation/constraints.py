"""What a parameter's value may be: AllowedValues, AllowedPattern, lengths and bounds.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.parameter_types import ParameterType
from generator.rehearsal.cloudformation.values import text

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Java, whose patterns these are, reads a class inside a class as a union and && as an intersection.
_OF_JAVA_ALONE = re.compile(r"\\[pPhHvVQEGRXz]|&&|\[\^?[^\]]*(?<!\\)\[")


def refuse_value(name: str, declared: Mapping[str, Any], kind: ParameterType, written: str) -> None:
    """Raise TemplateError for a value outside the constraints, in AWS's words or those of ConstraintDescription.

    Of a parameter in Parameter Store its name is looked at: "CloudFormation can perform validation on Systems Manager
    parameter keys, but not on their corresponding values".
    """
    members = [written] if kind.is_stored or not kind.is_list else kind.value(written)
    for reason in _reasons(declared, kind, list(members)):
        described = declared.get("ConstraintDescription")
        raise TemplateError(
            f"Parameter '{name}' {f'failed to satisfy constraint: {described}' if described else reason}"
        )


def _reasons(declared: Mapping[str, Any], kind: ParameterType, members: list[str]) -> Iterator[str]:
    is_number = kind.of == "Number" and not kind.is_stored
    if is_number and not all(map(NUMBER.fullmatch, members)):
        yield "must be a number"
    allowed = declared.get("AllowedValues")
    if allowed is not None and not set(members) <= {_constraint(value) for value in allowed}:
        yield "must be one of AllowedValues"
    pattern = declared.get("AllowedPattern")
    if pattern is not None and not is_number and not all(_matches(str(pattern), member) for member in members):
        yield f"must match pattern {pattern}"
    if is_number:
        yield from _outside_bounds(declared, members)
    elif not kind.is_list or kind.is_stored:
        yield from _outside_lengths(declared, len(members[0]))


def _outside_bounds(declared: Mapping[str, Any], members: list[str]) -> Iterator[str]:
    least, most = declared.get("MinValue"), declared.get("MaxValue")
    numbers = [Decimal(member) for member in members]
    if least is not None and min(numbers) < Decimal(_constraint(least)):
        yield f"must be a number not less than {_constraint(least)}"
    if most is not None and max(numbers) > Decimal(_constraint(most)):
        yield f"must be a number not greater than {_constraint(most)}"


def _outside_lengths(declared: Mapping[str, Any], length: int) -> Iterator[str]:
    shortest, longest = declared.get("MinLength"), declared.get("MaxLength")
    if shortest is not None and length < int(_constraint(shortest)):
        yield f"must contain at least {_constraint(shortest)} characters"
    if longest is not None and length > int(_constraint(longest)):
        yield f"must contain at most {_constraint(longest)} characters"


def _constraint(value: Any) -> str:
    return text(value, "Template format error: a constraint of a parameter must be a string or a number")


def _matches(pattern: str, value: str) -> bool:
    """Whether a pattern matches all of a value; Java's classes are ASCII unless they say otherwise."""
    if _OF_JAVA_ALONE.search(pattern):
        raise _not_read(pattern)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            return re.compile(pattern, re.ASCII).fullmatch(value) is not None
    except (re.error, FutureWarning):
        raise _not_read(pattern) from None


def _not_read(pattern: str) -> NotEvaluatedError:
    return NotEvaluatedError(f"the AllowedPattern {pattern}, which only Java's regular expressions understand")
