"""Condition operators, by the tables of AWS's documentation."""

from __future__ import annotations

import pytest

from generator.rehearsal.iam.conditions import Condition, is_met
from generator.rehearsal.iam.pattern import Scene
from generator.rehearsal.iam.question import Value

ARN = "arn:aws:codepipeline:eu-west-1:111122223333:demo"


def met(operator: str, required: str | tuple[str, ...], actual: Value | None, **more: Value) -> bool | None:
    context: dict[str, Value | None] = {"the:key": actual} if actual is not None else {}
    values = (required,) if isinstance(required, str) else required
    return is_met(Condition(operator, "The:Key", values), Scene({**context, **more}))


@pytest.mark.parametrize(
    ("operator", "required", "actual", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "a", "A", False),
        ("StringEquals", ("a", "b"), "b", True),
        ("StringEquals", "a*", "ab", False),
        ("StringNotEquals", ("a", "b"), "b", False),
        ("StringNotEquals", ("a", "b"), "c", True),
        ("StringEqualsIgnoreCase", "Ab", "aB", True),
        ("StringNotEqualsIgnoreCase", "Ab", "aB", False),
        ("StringLike", "a*c?", "abbcd", True),
        ("StringLike", "a*c?", "abbc", False),
        ("StringLike", "A*", "ab", False),
        ("StringNotLike", "a*", "ab", False),
        ("NumericEquals", "10", "10.0", True),
        ("NumericNotEquals", "10", "11", True),
        ("NumericLessThan", "10", "9", True),
        ("NumericLessThan", "10", "10", False),
        ("NumericLessThanEquals", "10", "10", True),
        ("NumericGreaterThan", "10", "10.5", True),
        ("NumericGreaterThanEquals", "10", "9", False),
        ("NumericEquals", "ten", "10", False),
        ("DateEquals", "2026-11-21T00:00:00Z", "2026-11-21T00:00:00+00:00", True),
        ("DateNotEquals", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", True),
        ("DateLessThan", "2026-11-21T00:00:00Z", "1763600000", True),
        ("DateGreaterThan", "2020-01-01", "2026-11-21T00:00:00Z", True),
        ("DateLessThanEquals", "2020-01-01T00:00:00Z", "2026-11-21T00:00:00Z", False),
        ("DateGreaterThanEquals", "never", "2026-11-21T00:00:00Z", False),
        ("Bool", "true", "True", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", True),
        ("BinaryEquals", "QmluYXJ5", "qmluYXJ5", False),
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
        ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", True),
        ("IpAddress", "203.0.113.0/24", "not an address", False),
        ("NotIpAddress", "203.0.113.0/24", "203.0.114.7", True),
        ("ArnEquals", "arn:aws:codepipeline:*:111122223333:*", ARN, True),
        ("ArnLike", "arn:aws:codepipeline:*:demo", ARN, False),
        ("ArnLike", "arn:aws:codepipeline:eu-????-1:111122223333:de*", ARN, True),
        ("ArnNotLike", "arn:aws:codepipeline:*:111122223333:demo", ARN, False),
        ("ArnNotEquals", "arn:aws:codepipeline:*:111122223333:other", ARN, True),
        ("Null", "true", "there", False),
        ("Null", "false", "there", True),
    ],
)
def test_an_operator_compares_as_documented(
    operator: str, required: str | tuple[str, ...], actual: str, *, expected: bool
) -> None:
    assert met(operator, required, actual) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringEqualsIfExists", True),
        ("StringNotEquals", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
        ("BoolIfExists", True),
        ("NotIpAddress", True),
    ],
)
def test_a_key_the_request_lacks(operator: str, *, expected: bool) -> None:
    assert met(operator, "true", None) is expected


@pytest.mark.parametrize(
    ("operator", "actual", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAllValues:StringEquals", (), True),
        ("ForAnyValue:StringEquals", ("c", "b"), True),
        ("ForAnyValue:StringEquals", ("c", "d"), False),
        ("ForAnyValue:StringEquals", (), False),
        ("ForAllValues:StringNotEquals", ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ("c", "a"), False),
        ("ForAnyValue:StringNotEquals", ("c", "a"), True),
        ("ForAnyValue:StringNotEquals", ("b", "a"), False),
    ],
)
def test_a_key_of_several_values(operator: str, actual: tuple[str, ...], *, expected: bool) -> None:
    assert met(operator, ("a", "b"), actual) is expected


def test_null_asks_for_a_key_that_is_not_there() -> None:
    assert met("Null", "true", None)
    assert not met("Null", "false", None)


@pytest.mark.parametrize("operator", ["StringSounds", "ForSomeValues:StringEquals", "StringEqualsIfExistsNot"])
def test_an_unknown_operator_is_not_met_and_is_told(operator: str) -> None:
    scene = Scene({"the:key": "a"})
    assert not is_met(Condition(operator, "the:key", ("a",)), scene)
    assert scene.unknown == {f"operator {operator}"}


def test_several_values_under_an_operator_for_one_are_told() -> None:
    scene = Scene({"the:key": ("a", "b")})
    assert not is_met(Condition("StringEquals", "the:key", ("a",)), scene)
    assert scene.unknown == {"StringEquals with the several values of the:key"}


def test_a_variable_stands_for_the_value_of_another_key() -> None:
    more: dict[str, Value] = {"aws:principaltag/stack": "shop"}
    assert met("StringLike", "${aws:PrincipalTag/stack}-*", "shop-beta", **more)
    assert not met("StringLike", "${aws:PrincipalTag/stack}-*", "bar-beta", **more)


def test_numbers_know_no_variables() -> None:
    assert not met("NumericEquals", "${n}", "1", n="1")
