"""The Condition block of a statement, operator by operator.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
"""

from __future__ import annotations

import ipaddress
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from generator.rehearsal.iam.pattern import Pieces, Scene, expand, literal, matches, matches_arn

Compare = Callable[[str, Pieces], bool]


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of one operator: `StringLike`, `aws:SourceArn`, the values of which one is enough.

    `variables` says whether the policy's Version knows variables.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    variables: bool = True

    def __str__(self) -> str:
        """As one reads it: StringEquals iam:PassedToService [codebuild.amazonaws.com]."""
        return f"{self.operator} {self.key} [{', '.join(self.values)}]"


@dataclass(frozen=True, slots=True)
class _Operator:
    compare: Compare
    negated: bool = False
    variables: bool = False


def is_met(condition: Condition, scene: Scene) -> bool | None:
    """Whether the request meets it; None, which is noted, when that cannot be judged."""
    quantifier, name, if_exists = _parts(condition.operator)
    actual = scene.values(condition.key)
    if actual is None and not scene.lacks(condition.key):
        return None
    if name == "null":
        return any((value.lower() == "true") == (actual is None) for value in condition.values)
    comparison = _OPERATORS.get(name)
    if comparison is None or quantifier not in _QUANTIFIERS:
        scene.unknown.add(f"operator {condition.operator}")
        return None
    if actual is None:
        # Absent keys: no value to compare fails a positive operator and satisfies a negated one.
        return if_exists or quantifier == "forallvalues" or (comparison.negated and quantifier == "")
    if quantifier == "" and len(actual) > 1:
        scene.unknown.add(f"{condition.operator} with the several values of {condition.key}")
        return None
    return _compares(condition, scene, actual)


def are_met(conditions: Iterable[Condition], scene: Scene) -> bool | None:
    """Whether the request meets all of them; None when that hangs on one that cannot be judged."""
    answers = [is_met(condition, scene) for condition in conditions]
    return False if False in answers else None if None in answers else True


def _compares(condition: Condition, scene: Scene, actual: tuple[str, ...]) -> bool | None:
    quantifier, name, _ = _parts(condition.operator)
    comparison, unjudged = _OPERATORS[name], len(scene.unknown)
    patterns = _patterns(condition, comparison, scene)
    if patterns is None:
        return None if len(scene.unknown) > unjudged else False
    holds = all if quantifier == "forallvalues" else any
    return holds(any(comparison.compare(value, text) for text in patterns) != comparison.negated for value in actual)


_QUANTIFIERS = frozenset({"", "forallvalues", "foranyvalue"})


def _parts(name: str) -> tuple[str, str, bool]:
    quantifier, _, bare = name.lower().rpartition(":")
    return quantifier, bare.removesuffix("ifexists"), bare.endswith("ifexists")


def _patterns(condition: Condition, comparison: _Operator, scene: Scene) -> list[Pieces] | None:
    if not (comparison.variables and condition.variables):
        return [((False, value),) for value in condition.values]
    expanded = [expand(value, scene) for value in condition.values]
    return None if None in expanded else [pieces for pieces in expanded if pieces is not None]


def _texts(value: str, pattern: Pieces) -> bool:
    return value == literal(pattern)


def _texts_in_any_case(value: str, pattern: Pieces) -> bool:
    return value.lower() == literal(pattern).lower()


def _numbers(compare: Callable[[float, float], bool]) -> Compare:
    def numbers(value: str, pattern: Pieces) -> bool:
        try:
            return compare(float(value), float(literal(pattern)))
        except ValueError:
            return False

    return numbers


def _dates(compare: Callable[[datetime, datetime], bool]) -> Compare:
    def dates(value: str, pattern: Pieces) -> bool:
        try:
            return compare(_date(value), _date(literal(pattern)))
        except (ValueError, OverflowError):
            return False

    return dates


def _date(text: str) -> datetime:
    if text.replace(".", "", 1).isdigit() and len(text) > len("2026"):
        return datetime.fromtimestamp(float(text), UTC)
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _address(value: str, pattern: Pieces) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(literal(pattern), strict=False)
    except ValueError:
        return False


def _arns(value: str, pattern: Pieces) -> bool:
    return matches_arn(pattern, value)


def _ordered(kind: str, of: Callable[[Callable[..., bool]], Compare]) -> dict[str, _Operator]:
    return {
        f"{kind}equals": _Operator(of(operator.eq)),
        f"{kind}notequals": _Operator(of(operator.eq), negated=True),
        f"{kind}lessthan": _Operator(of(operator.lt)),
        f"{kind}lessthanequals": _Operator(of(operator.le)),
        f"{kind}greaterthan": _Operator(of(operator.gt)),
        f"{kind}greaterthanequals": _Operator(of(operator.ge)),
    }


def _both(name: str, opposite: str, compare: Compare) -> dict[str, _Operator]:
    return {
        name: _Operator(compare, variables=True),
        opposite: _Operator(compare, negated=True, variables=True),
    }


_OPERATORS: Mapping[str, _Operator] = MappingProxyType(
    {
        **_both("stringequals", "stringnotequals", _texts),
        **_both("stringequalsignorecase", "stringnotequalsignorecase", _texts_in_any_case),
        **_both("stringlike", "stringnotlike", lambda value, pattern: matches(pattern, value)),
        # "ArnEquals and ArnLike behave identically."
        **_both("arnequals", "arnnotequals", _arns),
        **_both("arnlike", "arnnotlike", _arns),
        **_ordered("numeric", _numbers),
        **_ordered("date", _dates),
        "bool": _Operator(_texts_in_any_case),
        "binaryequals": _Operator(_texts),
        "ipaddress": _Operator(_address),
        "notipaddress": _Operator(_address, negated=True),
    }
)
