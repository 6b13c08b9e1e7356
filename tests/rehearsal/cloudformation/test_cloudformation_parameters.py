"""The values of parameters, and what they may be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.parameters import Sent, resolve
from tests.rehearsal.cloudformation.scopes import Shelf

ACCOUNT = Shelf(stored={"/shop/key": "stored", "/shop/list": "a, b"})


def resolved(declared: Any, sent: str | None = None, previous: str | None = None) -> str | list[str]:
    values = {} if sent is None else {"P": Sent(sent)}
    if previous is not None:
        values = {"P": Sent(use_previous=True)}
    return resolve({"P": declared}, values, {} if previous is None else {"P": previous}, ACCOUNT)["P"].value


@pytest.mark.parametrize(
    ("declared", "sent", "expected"),
    [
        ({"Type": "String", "Default": True}, None, "true"),
        ({"Type": "String", "Default": 7}, None, "7"),
        ({"Type": "Number", "Default": 5}, "8888", "8888"),
        ({"Type": "Number"}, "1.50", "1.50"),
        ({"Type": "List<Number>"}, "80, 20", ["80", "20"]),
        ({"Type": "CommaDelimitedList"}, "test, dev ,prod", ["test", "dev", "prod"]),
        ({"Type": "CommaDelimitedList", "Default": ""}, None, [""]),
        ({"Type": "AWS::EC2::VPC::Id"}, "vpc-a123baa3", "vpc-a123baa3"),
        ({"Type": "List<AWS::EC2::Subnet::Id>"}, "subnet-1,subnet-2", ["subnet-1", "subnet-2"]),
        ({"Type": "AWS::SSM::Parameter::Name"}, "/shop/key", "/shop/key"),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/shop/key"}, None, "stored"),
        ({"Type": "AWS::SSM::Parameter::Value<List<String>>"}, "/shop/list", ["a", "b"]),
        ({"Type": "AWS::SSM::Parameter::Value<CommaDelimitedList>"}, "/shop/list", ["a", "b"]),
        ({"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"}, "/shop/key", "stored"),
        ({"Type": "String", "AllowedValues": [True, False]}, "true", "true"),
        ({"Type": "String", "AllowedValues": [1, 2]}, "2", "2"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, "b,a", ["b", "a"]),
        ({"Type": "CommaDelimitedList", "AllowedPattern": "[a-z]+"}, "ab,cd", ["ab", "cd"]),
        ({"Type": "Number", "MinValue": "1150", "MaxValue": 65535}, "3306", "3306"),
        ({"Type": "String", "MinLength": "1", "MaxLength": 3}, "abc", "abc"),
    ],
)
def test_a_parameter_is_what_its_type_makes_of_its_value(declared: Any, sent: str | None, expected: Any) -> None:
    assert resolved(declared, sent) == expected


@pytest.mark.parametrize(
    ("declared", "sent", "message"),
    [
        ({"Type": "String"}, None, "Parameters: [P] must have values"),
        ({"Type": "String", "AllowedValues": ["a"]}, "b", "Parameter 'P' must be one of AllowedValues"),
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a"]}, "a,b", "must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "[A-Za-z0-9]+"}, "a-b", "must match pattern [A-Za-z0-9]+"),
        ({"Type": "String", "AllowedPattern": r"\d+"}, "٣", r"must match pattern \d+"),
        ({"Type": "Number"}, "many", "Parameter 'P' must be a number"),
        ({"Type": "Number"}, "nan", "Parameter 'P' must be a number"),
        ({"Type": "List<Number>"}, "1,x", "Parameter 'P' must be a number"),
        ({"Type": "Number", "MinValue": 3}, "2", "must be a number not less than 3"),
        ({"Type": "Number", "MaxValue": "3"}, "3.5", "must be a number not greater than 3"),
        ({"Type": "String", "MinLength": 2}, "a", "must contain at least 2 characters"),
        ({"Type": "String", "MaxLength": 2}, "abc", "must contain at most 2 characters"),
        ({"Type": "String", "MinLength": 2, "ConstraintDescription": "two"}, "a", "failed to satisfy constraint: two"),
        ({"Type": "String", "AllowedValues": ["a"], "Default": "b"}, None, "must be one of AllowedValues"),
        ({"Type": "Text"}, "a", "Unrecognized parameter type: Text"),
        ({"Type": "List<String>"}, "a", "Unrecognized parameter type: List<String>"),
        ({"Type": "List<AWS::EC2::KeyPair::KeyName>"}, "a", "Unrecognized parameter type"),
        ({"Type": "List<AWS::SSM::Parameter::Value<String>>"}, "a", "Unrecognized parameter type"),
    ],
)  # fmt: skip
def test_a_value_outside_the_constraints_is_refused_in_awss_words(
    declared: Any, sent: str | None, message: str
) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        resolved(declared, sent)


def test_a_parameter_that_is_not_declared_is_named() -> None:
    with pytest.raises(TemplateError, match=re.escape("Parameters: [Q] do not exist in the template")):
        resolve({"P": {"Type": "String"}}, {"P": Sent("a"), "Q": Sent("b")}, {}, ACCOUNT)


def test_the_previous_value_stays_and_a_stored_one_is_read_again() -> None:
    assert resolved({"Type": "String", "Default": "d"}, previous="kept") == "kept"
    assert resolved({"Type": "AWS::SSM::Parameter::Value<String>"}, previous="/shop/key") == "stored"


@pytest.mark.parametrize(
    "declared",
    [
        {"Type": "AWS::SSM::Parameter::Value<String>"},
        {"Type": "String", "AllowedPattern": r"\p{Alpha}+"},
        {"Type": "String", "AllowedPattern": "[a-z&&[^b]]+"},
    ],
)
def test_what_only_aws_can_tell_is_not_guessed(declared: Any) -> None:
    with pytest.raises(NotEvaluatedError):
        resolved(declared, "/nobody/made/this")
