"""What a value says before the stack exists, and whether a condition holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.application.conditions import holds
from generator.application.values import names_in, text_of

_PARAMETERS = {"Stage": "beta", "Empty": "", "AWS::StackName": "time-beta"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain ${Stage}", "plain ${Stage}"),
        (3, "3"),
        (1.5, "1.5"),
        (True, "true"),
        (False, "false"),
        ({"Ref": "Stage"}, "beta"),
        ({"Ref": "Empty"}, ""),
        ({"Fn::Sub": "a-${Stage}-${AWS::StackName}"}, "a-beta-time-beta"),
        ({"Fn::Sub": "a-${ Stage }"}, "a-beta"),
        ({"Fn::Sub": "literal ${!Stage}"}, "literal ${Stage}"),
        ({"Fn::Sub": "nothing"}, "nothing"),
        ({"Fn::Sub": ["${A}-${Stage}", {"A": {"Ref": "Stage"}}]}, "beta-beta"),
        ({"Fn::Sub": ["${Stage}", {"Stage": "own"}]}, "own"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Stage"}, 3]]}, "a-beta-3"),
        ({"Fn::Join": ["", []]}, ""),
    ],
)
def test_a_value_says_what_its_parameters_make_of_it(value: Any, text: str) -> None:
    assert text_of(value, _PARAMETERS) == text


@pytest.mark.parametrize(
    "value",
    [
        None,
        ["x"],
        {},
        {"A": "b", "C": "d"},
        {"Ref": "Table"},
        {"Ref": ["Stage"]},
        {"Fn::GetAtt": ["Table", "Arn"]},
        {"Fn::FindInMap": ["A", "B", "C"]},
        {"Fn::If": ["A", "x", "y"]},
        {"Fn::Sub": "${Table}"},
        {"Fn::Sub": ["${A}", {"A": {"Ref": "Table"}}]},
        {"Fn::Sub": ["${A}"]},
        {"Fn::Sub": 3},
        {"Fn::Join": ["-", [{"Ref": "Table"}, "x"]]},
        {"Fn::Join": ["-", {"Ref": "Stage"}]},
        {"Fn::Join": "x"},
    ],
)
def test_what_only_a_launch_can_tell_says_nothing(value: Any) -> None:
    assert text_of(value, _PARAMETERS) is None


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"Ref": "F"}, ["F"]),
        ({"Fn::GetAtt": ["F", "Arn"]}, ["F.Arn"]),
        ({"Fn::GetAtt": "F.Arn"}, ["F.Arn"]),
        ({"Fn::Sub": "${F}-${!G}-${H.Arn}"}, ["F", "H.Arn"]),
        ({"Fn::Sub": ["${A}", {"A": {"Ref": "F"}}]}, ["A", "F"]),
        ({"Fn::Join": ["-", [{"Ref": "F"}, {"Ref": "G"}]]}, ["F", "G"]),
        ({"Ref": 3}, []),
        ("text", []),
    ],
)
def test_the_names_a_value_refers_to(value: Any, names: list[str]) -> None:
    assert list(names_in(value)) == names


_CONDITIONS = {
    "IsBeta": {"Fn::Equals": [{"Ref": "Stage"}, "beta"]},
    "IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
    "IsHere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
    "NotProd": {"Fn::Not": [{"Condition": "IsProd"}]},
    "Both": {"Fn::And": [{"Condition": "IsBeta"}, {"Condition": "IsProd"}]},
    "BetaHere": {"Fn::And": [{"Condition": "IsBeta"}, {"Condition": "IsHere"}]},
    "ProdHere": {"Fn::And": [{"Condition": "IsProd"}, {"Condition": "IsHere"}]},
    "Either": {"Fn::Or": [{"Condition": "IsHere"}, {"Condition": "IsBeta"}]},
    "Neither": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsProd"}]},
    "Ring": {"Condition": "Ring"},
    "NotHere": {"Fn::Not": [{"Condition": "IsHere"}]},
    "Table": {"Fn::Equals": [{"Fn::FindInMap": ["A", "B", "C"]}, "x"]},
    "None": {"Fn::And": []},
    "Wrong": [1],
}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("IsBeta", True),
        ("IsProd", False),
        ("IsHere", None),
        ("NotProd", True),
        ("NotHere", None),
        ("Both", False),
        ("BetaHere", None),
        ("ProdHere", False),
        ("Either", True),
        ("Neither", False),
        ("Ring", None),
        ("Table", None),
        ("None", None),
        ("Wrong", None),
        ("Missing", None),
    ],
)
def test_a_condition_holds_as_far_as_it_is_known(name: str, answer: bool | None) -> None:
    assert holds(name, _CONDITIONS, _PARAMETERS | {"AWS::Region": "${AWS::Region}"}) is answer


@pytest.mark.parametrize("section", [None, [], "x", {}])
def test_no_conditions_answer_nothing(section: Any) -> None:
    assert holds("IsProd", section, _PARAMETERS) is None


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(alphabet="${}!A.", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["Ref", "Fn::Sub", "Fn::Join", "Fn::GetAtt", "Fn::And", "x"]), inner)
    ),
    max_leaves=12,
)


@given(_ANY)
def test_any_value_is_answered(value: Any) -> None:
    assert text_of(value, _PARAMETERS) is None or isinstance(text_of(value, _PARAMETERS), str)
    assert all(isinstance(name, str) for name in names_in(value))
    assert holds("C", {"C": value}, _PARAMETERS) in (True, False, None)
