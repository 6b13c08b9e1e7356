"""The Rules section, which refuses parameters before anything is made."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.rehearsal.cloudformation import rules
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from tests.rehearsal.cloudformation.scopes import scope

PARAMETERS = {"Stage": "prod", "Size": "m1.small", "Zones": ["a", "b"]}


def refused(rule: Any) -> None:
    rules.refuse({"Rule": rule}, scope(parameters=PARAMETERS))


def asserting(node: Any, **more: Any) -> dict[str, Any]:
    return {"Assertions": [{"Assert": node, "AssertDescription": "it has to hold"}], **more}


@pytest.mark.parametrize(
    "node",
    [
        {"Fn::Contains": [["m1.large", "m1.small"], {"Ref": "Size"}]},
        {"Fn::EachMemberIn": [{"Ref": "Zones"}, ["a", "b", "c"]]},
        {"Fn::EachMemberEquals": [["prod", {"Ref": "Stage"}], "prod"]},
        {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
        {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "beta"]}]},
        {"Fn::And": [{"Fn::Equals": ["a", "a"]}, {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}]},
        {"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Fn::Equals": ["a", "a"]}]},
    ],
)
def test_an_assertion_that_holds_lets_the_stack_through(node: Any) -> None:
    refused(asserting(node))
    with pytest.raises(TemplateError, match=r"^it has to hold$"):
        refused(asserting({"Fn::Not": [node]}))


def test_assertions_count_where_their_condition_holds() -> None:
    never = {"Fn::Equals": ["a", "b"]}
    refused(asserting(never, RuleCondition={"Fn::Equals": [{"Ref": "Stage"}, "beta"]}))
    with pytest.raises(TemplateError):
        refused(asserting(never, RuleCondition={"Fn::Equals": [{"Ref": "Stage"}, "prod"]}))


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({}, "Rule Rule must contain an Assertions list"),
        ({"Assertions": [{}]}, "must contain an Assert"),
        (asserting({"Fn::If": ["a", "b", "c"]}), "not supported in the Rules block of the template: [Fn::If]"),
        (asserting({"Fn::Equals": [{"Fn::Sub": "a"}, "a"]}), "in the Rules block of the template: [Fn::Sub]"),
        (asserting({"Fn::And": []}), "Fn::And of the rule Rule is malformed"),
        (asserting({"Fn::Contains": ["a", "a"]}), "Fn::Contains of the rule Rule is malformed"),
    ],
)  # fmt: skip
def test_a_rule_that_is_none_is_refused(rule: Any, message: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        refused(rule)


@pytest.mark.parametrize(
    "node",
    [
        {"Fn::Contains": [{"Fn::RefAll": "AWS::EC2::VPC::Id"}, "vpc-1"]},
        {"Fn::EachMemberEquals": [{"Fn::ValueOfAll": ["AWS::EC2::VPC::Id", "Tags.Department"]}, "IT"]},
        {"Fn::Equals": [{"Fn::ValueOf": ["Vpc", "Tags.Department"]}, "IT"]},
    ],
)
def test_a_rule_that_reads_the_account_is_not_guessed(node: Any) -> None:
    with pytest.raises(NotEvaluatedError, match="what the AWS account holds"):
        refused(asserting(node))
