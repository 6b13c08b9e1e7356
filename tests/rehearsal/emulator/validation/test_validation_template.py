"""Templates that CloudFormation refuses before it makes a stack, and what is the matter with each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.rehearsal.cloudformation.cycles import in_cycles
from generator.rehearsal.cloudformation.references import names
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.validation.asking import failure, function, parameter, resource, role, said_to

P = parameter()
MISSING = "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template"
NO_CONDITION = "Template format error: Unresolved condition dependencies [Nope] in the {} block of the template"
NEVER = {"Never": {"Fn::Equals": ["a", "b"]}}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"Resources": {"P": parameter({"Ref": "Nope"})}}, MISSING),
    ({"Resources": {"P": parameter({"Fn::GetAtt": ["Nope", "Arn"]})}}, MISSING),
    ({"Resources": {"P": parameter({"Fn::GetAtt": "Nope.Arn"})}}, MISSING),
    ({"Resources": {"P": parameter({"Fn::Sub": "${AWS::Region} ${!Literal} ${Nope.Arn}"})}}, MISSING),
    ({"Resources": {"P": parameter({"Fn::Sub": ["${Own} ${Nope}", {"Own": "1"}]})}}, MISSING),
    ({"Resources": {"P": parameter(DependsOn="Nope")}}, MISSING),
    (
        {
            "Conditions": NEVER,
            "Resources": {"P": parameter({"Ref": "Nope"}), "Nope": parameter(Condition="Never")},
        },
        MISSING,
    ),
    ({"Resources": {"P": P}, "Outputs": {"O": {"Value": {"Ref": "Nope"}}}}, MISSING.replace("Resources", "Outputs")),
    ({"Resources": {"P": parameter(Condition="Nope")}}, NO_CONDITION.format("Resources")),
    ({"Resources": {"P": parameter({"Fn::If": ["Nope", "a", "b"]})}}, NO_CONDITION.format("Resources")),
    ({"Resources": {"P": P}, "Outputs": {"O": {"Value": "1", "Condition": "Nope"}}}, NO_CONDITION.format("Outputs")),
    (
        {"Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "a"]}}, "Resources": {"P": P}},
        (
            "Template format error: Unresolved dependencies [P]."
            " Cannot reference resources in the Conditions block of the template"
        ),
    ),
    (
        {"Resources": {"A": parameter({"Ref": "B"}), "B": parameter({"Ref": "A"}), "C": parameter({"Ref": "A"})}},
        "Circular dependency between resources: [A, B]",
    ),
    ({"Resources": {"A": parameter(DependsOn=["A"])}}, "Circular dependency between resources: [A]"),
    ({"Resources": {"P": P}, "Resorces": {}}, "Invalid template property or properties [Resorces]"),
    ({"Outputs": {}}, "Template format error: At least one Resources member must be defined."),
    ({"Resources": {"my-thing": P}}, "Template format error: Resource name my-thing is non alphanumeric."),
    (
        {"Resources": {"A": {"Properties": {}}}},
        "Template format error: [/Resources/A] Every Resources object must contain a Type member.",
    ),
    ({"Resources": {"A": {**P, "Propertys": {}}}}, "Invalid template resource property 'Propertys'"),
    (
        {"Resources": {"A": {**P, "DeletionPolicy": "Keep"}}},
        "Template error: Unrecognized DeletionPolicy Keep for resource A",
    ),
    (
        {"Resources": {"A": {**P, "UpdateReplacePolicy": "RetainExceptOnCreate"}}},
        "Template error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource A",
    ),
    (
        {"Resources": {"A": {**P, "DeletionPolicy": "Snapshot"}}},
        "Template error: resource type AWS::SSM::Parameter does not support deletion policy Snapshot",
    ),
    (
        {"AWSTemplateFormatVersion": "2020-01-01", "Resources": {"P": P}},
        "Template format error: unsupported value for AWSTemplateFormatVersion.",
    ),
    (
        {"Resources": {"P": P}, "Parameters": {"A": {"Type": "Strin", "Default": "a"}}},
        "Template format error: Unrecognized parameter type: Strin",
    ),
    (
        {"Resources": {"P": P}, "Parameters": {"A": {"Default": "a"}}},
        "Template format error: Every Parameters object must contain a Type member.",
    ),
    (
        {"Resources": {"P": P}, "Outputs": {"O": {"Description": "none"}}},
        "Template format error: Every Outputs member must contain a Value object",
    ),
    (
        {"Resources": {"X": resource("AWS::Nope::Thing")}},
        "Template format error: Unrecognized resource types: [AWS::Nope::Thing]",
    ),
    (
        {"Resources": {f"P{number}": P for number in range(501)}},
        "Template format error: Number of resources, 501, is greater than maximum allowed, 500",
    ),
]


@pytest.mark.parametrize(
    ("template", "message"), REFUSED, ids=[f"{n}-{message[-40:]}" for n, (_, message) in enumerate(REFUSED)]
)
def test_a_template_is_refused_in_cloudformations_words(
    emulator: Emulator, template: dict[str, Any], message: str
) -> None:
    assert said_to(emulator, template) == message


def test_an_unknown_function_is_refused_with_those_there_are(emulator: Emulator) -> None:
    message = said_to(emulator, {"Resources": {"P": parameter({"Fn::Joinn": ["", ["a"]]})}})
    assert message.startswith(
        "Template error: Encountered unsupported function: Fn::Joinn Supported functions are: [Fn::"
    )


def test_a_template_that_is_too_long_for_a_request_is_refused(emulator: Emulator) -> None:
    message = said_to(emulator, {"Resources": {"P": P}, "Metadata": {"long": "y" * 51_200}})
    assert message.endswith("failed to satisfy constraint: Member must have length less than or equal to 51200")


GOOD: list[dict[str, Any]] = [
    {
        "Conditions": NEVER,
        "Resources": {
            "P": parameter({"Fn::If": ["Never", {"Ref": "Left"}, "x"]}, DependsOn="Left"),
            "Left": parameter(Condition="Never"),
        },
        "Outputs": {"O": {"Value": {"Ref": "Left"}, "Condition": "Never"}},
    },
    {
        "Resources": {
            "P": parameter({"Fn::Sub": ["${Own} ${!Literal} ${AWS::StackName} ${Q.Value}", {"Own": "1"}]}),
            "Q": parameter(DeletionPolicy="RetainExceptOnCreate", UpdateReplacePolicy="Retain"),
        }
    },
    {"Resources": {"P": parameter(DependsOn=["Q"]), "Q": parameter(), "R": parameter({"Ref": "P"})}},
]


@pytest.mark.parametrize("template", GOOD)
def test_a_template_that_is_right_is_taken(emulator: Emulator, template: dict[str, Any]) -> None:
    assert said_to(emulator, template) == ""


@pytest.mark.parametrize(
    ("settings", "needed"), [([], "CAPABILITY_IAM"), (["CAPABILITY_AUTO_EXPAND"], "CAPABILITY_IAM")]
)
def test_a_role_needs_a_capability(emulator: Emulator, settings: list[str], needed: str) -> None:
    message = said_to(emulator, {"Resources": {"Role": role("lambda")}}, Capabilities=settings)
    assert message == f"InsufficientCapabilitiesException: Requires capabilities : [{needed}]"


def test_a_role_with_a_name_needs_more(emulator: Emulator) -> None:
    template = {"Resources": {"Role": role("lambda", RoleName="named-by-a-test")}}
    message = said_to(emulator, template, Capabilities=["CAPABILITY_IAM"])
    assert message == "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_NAMED_IAM]"
    assert said_to(emulator, template, Capabilities=["CAPABILITY_NAMED_IAM"]) == ""


def test_a_macro_needs_its_own_capability(emulator: Emulator) -> None:
    body = {"Runtime": "python3.13", "Handler": "index.handler", "InlineCode": "x = 1"}
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"F": resource("AWS::Serverless::Function", **body)},
    }
    message = said_to(emulator, template, Capabilities=["CAPABILITY_IAM"])
    assert message == "InsufficientCapabilitiesException: Requires capabilities : [CAPABILITY_AUTO_EXPAND]"
    assert said_to(emulator, template) == ""


def test_only_what_is_between_two_circles_or_in_one_is_named() -> None:
    waits = {"a": {"b"}, "b": {"a", "c"}, "c": {"d"}, "d": {"c", "e"}, "e": set(), "f": {"a"}}
    assert in_cycles(waits) == ["a", "b", "c", "d"]
    assert in_cycles({"a": {"b"}, "b": {"elsewhere"}}) == []


def test_only_the_chosen_branch_counts_when_conditions_are_known() -> None:
    value = {"Fn::If": ["C", {"Ref": "Yes"}, {"Ref": "No"}]}
    assert sorted(names(value)) == ["No", "Yes"]
    assert list(names(value, {"C": True})) == ["Yes"]
    assert list(names(value, {"C": False})) == ["No"]


def test_a_nested_template_is_judged_as_well(emulator: Emulator) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="nested-templates")
    s3.put_object(Bucket="nested-templates", Key="t", Body=json.dumps({"Resources": {"P": parameter({"Ref": "Nope"})}}))
    url = "https://s3.us-east-1.amazonaws.com/nested-templates/t"
    assert failure(emulator, {"Inner": resource("AWS::CloudFormation::Stack", TemplateURL=url)}) == MISSING


def test_functions_and_their_roles_are_taken_when_they_are_right(emulator: Emulator) -> None:
    assert said_to(emulator, {"Resources": {"Role": role("lambda"), "F": function()}}) == ""
