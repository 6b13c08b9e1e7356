"""AWS::LanguageExtensions: what loops write out, and what the transform refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.rehearsal.cloudformation import language_extensions
from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.references import names
from tests.rehearsal.cloudformation.scopes import scope

LOOP = "Fn::ForEach::Loop"
HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def applied(parameters: Any = None, **template: Any) -> dict[str, Any]:
    whole = {"Transform": "AWS::LanguageExtensions", "Resources": {"Handle": HANDLE}, **template}
    return language_extensions.apply(whole, scope(parameters=parameters or {}))


def topic(name: Any) -> dict[str, Any]:
    return {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": name}}


def test_a_loop_writes_out_a_resource_for_each_item() -> None:
    fragment = {"Topic${Name}": topic({"Ref": "Name"})}
    result = applied(Resources={LOOP: ["Name", ["Success", "Failure"], fragment]})
    assert result == {"Resources": {"TopicSuccess": topic("Success"), "TopicFailure": topic("Failure")}}


def test_a_collection_may_be_a_list_parameter_or_what_functions_make_of_one() -> None:
    fragment = {"Topic${Name}": topic({"Fn::Sub": "${Name}-${AWS::Region}"})}
    listed = applied({"Names": ["A", "B"]}, Resources={LOOP: ["Name", {"Ref": "Names"}, fragment]})
    split = applied({"Names": "A,B"}, Resources={LOOP: ["Name", {"Fn::Split": [",", {"Ref": "Names"}]}, fragment]})
    assert listed == split
    assert listed["Resources"]["TopicB"] == topic({"Fn::Sub": "B-${AWS::Region}"})


def test_what_no_name_may_hold_is_left_out_of_it() -> None:
    result = applied(Resources={LOOP: ["Ip", ["10.0.0.1"], {"Host&{Ip}": topic({"Ref": "Ip"})}]})
    assert result["Resources"] == {"Host10001": topic("10.0.0.1")}


def test_loops_nest_and_names_are_made_by_functions() -> None:
    attribute = {"Fn::GetAtt": [{"Fn::Sub": "Bucket${Id}"}, {"Ref": "Property"}]}
    inner = {"Fn::ForEach::Inner": ["Property", ["Arn", "DomainName"], {"Out${Id}${Property}": {"Value": attribute}}]}
    result = applied(Outputs={LOOP: ["Id", ["A", "B"], inner]})
    assert result["Outputs"]["OutBDomainName"] == {"Value": {"Fn::GetAtt": ["BucketB", "DomainName"]}}
    assert len(result["Outputs"]) == 4


def test_conditions_are_looped_and_a_resource_takes_one_from_a_mapping_or_none() -> None:
    looped = {"Is${Id}": {"Fn::Equals": [{"Ref": {"Fn::Sub": "Param${Id}"}}, "true"]}}
    chosen = {"Fn::FindInMap": ["Ids", "Condition", {"Ref": "Id"}, {"DefaultValue": {"Ref": "AWS::NoValue"}}]}
    result = applied(
        {"ParamA": "true", "ParamB": "no"},
        Mappings={"Ids": {"Condition": {"B": "IsB"}}},
        Conditions={"Fn::ForEach::Conditions": ["Id", ["A", "B"], looped]},
        Resources={LOOP: ["Id", ["A", "B"], {"Handle${Id}": {**HANDLE, "Condition": chosen}}]},
    )
    assert result["Conditions"]["IsA"] == {"Fn::Equals": [{"Ref": "ParamA"}, "true"]}
    assert result["Resources"] == {"HandleA": HANDLE, "HandleB": {**HANDLE, "Condition": "IsB"}}


def test_a_loop_writes_out_properties() -> None:
    loop = {"Fn::ForEach::Properties": ["Name", ["KeyA", "KeyB"], {"${Name}": {"Ref": {"Ref": "Name"}}}]}
    result = applied(Resources={"It": {"Type": "T", "Properties": {"Fixed": 1, **loop}}})
    assert result["Resources"]["It"]["Properties"] == {"Fixed": 1, "KeyA": {"Ref": "KeyA"}, "KeyB": {"Ref": "KeyB"}}


def test_a_policy_is_chosen_by_a_condition() -> None:
    policy = {"Fn::If": ["Yes", "Retain", "Delete"]}
    result = applied(
        Conditions={"Yes": {"Fn::Equals": ["a", "a"]}},
        Resources={"It": {**HANDLE, "DeletionPolicy": policy, "UpdateReplacePolicy": policy}},
    )
    assert result["Resources"]["It"] == {**HANDLE, "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ({LOOP: ["Id", "A", {"X${Id}": HANDLE}]}, "Fn::ForEach layout is incorrect"),
        ({LOOP: ["Id", ["A"]]}, "Fn::ForEach layout is incorrect"),
        ({LOOP: ["Id", {"Ref": "Nobody"}, {"X${Id}": HANDLE}]}, "Could not find a collection"),
        ({LOOP: ["Id", ["A"], {"X": HANDLE}]}, "does not contain ${Id} or &{Id}"),
        ({LOOP: ["Id", ["a.b"], {"X${Id}": HANDLE}]}, "'Xa.b' should be alphanumeric"),
        ({LOOP: ["Id", ["A", "A"], {"X${Id}": HANDLE}]}, "XA, which is there already"),
        ({LOOP: ["Id", ["A"], {"X${Id}": HANDLE}], "Loop": HANDLE}, "the loop name Loop is not unique"),
        ({"It": {"Type": "T", "Properties": {"L": {"Fn::Length": {"Fn::GetAtt": ["A", "B"]}}}}}, "Fn::Length value"),
    ],
)  # fmt: skip
def test_what_the_transform_fails_with_is_aws_own_error(resources: Any, message: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        applied(Resources=resources)


@pytest.mark.parametrize("name", ["plain-${Id}", {"Fn::Sub": "x-&{Id}"}, {"Key${Id}": "x"}])
def test_where_awss_page_and_aws_disagree_nothing_is_guessed(name: Any) -> None:
    with pytest.raises(NotEvaluatedError, match="write it with Fn::Sub"):
        applied(Resources={LOOP: ["Id", ["A"], {"X${Id}": topic(name)}]})


@pytest.mark.parametrize(
    "properties",
    [
        {"A": {"Fn::Length": ["a"]}},
        {"A": {"Fn::ToJsonString": {}}},
        {"A": {"Ref": {"Fn::Sub": "B"}}},
        {"A": {"Fn::GetAtt": [{"Ref": "B"}, "C"]}},
        {"A": {"Fn::FindInMap": ["A", "B", "C", {"DefaultValue": "d"}]}},
        {LOOP: ["Id", ["A"], {"${Id}": 1}]},
    ],
)
def test_what_needs_the_transform_is_refused_without_it(properties: Any) -> None:
    template = {"Resources": {"It": {"Type": "T", "Properties": properties}}}
    with pytest.raises(TemplateError):
        language_extensions.apply(template, scope())


def test_what_the_transform_made_refers_to_names_alone() -> None:
    result = applied(Resources={LOOP: ["Id", ["A"], {"X${Id}": topic({"Ref": {"Fn::Sub": "Y${Id}"}})}]})
    assert list(names(result["Resources"])) == ["YA"]


def test_an_output_may_be_called_as_a_function_is() -> None:
    outputs = {"Ref": {"Value": {"Ref": "Handle"}}}
    assert applied(Outputs=outputs)["Outputs"] == outputs
    assert language_extensions.apply({"Outputs": outputs}, scope())["Outputs"] == outputs
