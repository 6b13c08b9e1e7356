"""Which conditions of a template hold."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.rehearsal.cloudformation import conditions
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from tests.rehearsal.cloudformation.scopes import scope

PARAMETERS = {"Text": "true", "Number": "1", "Empty": "", "List": ["a", "b"]}


def evaluated(**declared: Any) -> dict[str, bool]:
    return conditions.evaluate(declared, scope(parameters=PARAMETERS, mappings={"M": {"true": {"k": False}}}))


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"Fn::Equals": [{"Ref": "Text"}, True]}, True),
        ({"Fn::Equals": [{"Ref": "Text"}, "True"]}, False),
        ({"Fn::Equals": [{"Ref": "Number"}, 1]}, True),
        ({"Fn::Equals": [{"Ref": "Number"}, 1.0]}, False),
        ({"Fn::Equals": [{"Ref": "Empty"}, ""]}, True),
        ({"Fn::Equals": [{"Fn::Join": ["", {"Ref": "List"}]}, "ab"]}, True),
        ({"Fn::Equals": [{"Fn::Select": [1, {"Ref": "List"}]}, "b"]}, True),
        ({"Fn::Equals": [{"Fn::FindInMap": ["M", {"Ref": "Text"}, "k"]}, "false"]}, True),
        ({"Fn::Equals": [{"Fn::Sub": "${AWS::Region}-${Number}"}, "eu-west-1-1"]}, True),
        ({"Fn::Equals": [{"Fn::Equals": ["a", "a"]}, "true"]}, True),
        ({"Fn::Not": [{"Condition": "Base"}]}, False),
        ({"Condition": "Base"}, True),
        ({"Fn::And": [{"Condition": "Base"}, {"Fn::Not": [{"Condition": "Base"}]}]}, False),
        ({"Fn::Or": [{"Condition": "Base"}, {"Fn::Not": [{"Condition": "Base"}]}]}, True),
    ],
)
def test_a_condition_holds_as_its_page_says(node: Any, expected: bool) -> None:
    assert evaluated(It=node, Base={"Fn::Equals": ["a", "a"]})["It"] is expected


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"Condition": "Nobody"}, "Unresolved condition dependency Nobody"),
        ({"Fn::Not": [{"Condition": "It"}]}, "circular condition dependency between [It]"),
        ({"Fn::Equals": ["a"]}, "every Fn::Equals object requires a list of 2 string parameters."),
        ({"Fn::Equals": [{"Ref": "List"}, "a"]}, "every Fn::Equals object requires a list of 2 string parameters."),
        ({"Fn::Equals": [{"Ref": "Bucket"}, "a"]}, "Cannot reference resources in the Conditions block"),
        ({"Fn::Equals": [{"Fn::ImportValue": "x"}, "a"]}, "Cannot use Fn::ImportValue in Conditions."),
        ({"Fn::And": [{"Fn::Equals": ["a", "a"]}]}, "at least 2 and at most 10 boolean parameters."),
        ({"Fn::Or": [{"Fn::Equals": ["a", "a"]}] * 11}, "at least 2 and at most 10 boolean parameters."),
        ({"Fn::Not": {"Fn::Equals": ["a", "a"]}}, "every Fn::Not object requires a list of 1 boolean parameter."),
        ("true", "Conditions can only be boolean operations on parameters and other conditions"),
        ({"Ref": "Text"}, "Conditions can only be boolean operations on parameters and other conditions"),
    ],
)
def test_a_condition_that_is_none_is_refused_in_awss_words(node: Any, message: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        evaluated(It=node)


def test_conditions_that_wait_for_each_other_are_named() -> None:
    with pytest.raises(TemplateError, match=re.escape("[First, Second]")):
        evaluated(First={"Condition": "Second"}, Second={"Fn::Not": [{"Condition": "First"}]})


def test_a_function_whose_place_is_not_in_a_condition_is_not_guessed() -> None:
    with pytest.raises(NotEvaluatedError, match="Fn::If in a condition"):
        evaluated(It={"Fn::Equals": [{"Fn::If": ["It", "a", "b"]}, "a"]})
