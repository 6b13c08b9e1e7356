"""Every intrinsic function: the examples of AWS's pages, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.rehearsal.cloudformation.errors import NotEvaluatedError, TemplateError
from generator.rehearsal.cloudformation.values import NO_VALUE
from tests.rehearsal.cloudformation.scopes import Shelf, value

MAPPINGS = {"Regions": {"eu-west-1": {"Image": "ami-1", "Sizes": ["a", "b"]}, "111122223333": {"Count": 3}}}
ACCOUNT = Shelf(exports={"shop-Url": "https://x"}, outputs={("other", "Id"): "vpc-1"})


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ({"Ref": "AWS::Region"}, "eu-west-1"),
        ({"Ref": "AWS::AccountId"}, "111122223333"),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::URLSuffix"}, "amazonaws.com"),
        ({"Ref": "AWS::NotificationARNs"}, []),
        ({"Ref": "Stage"}, "beta"),
        ({"Ref": "Zones"}, ["a", "b"]),
        ({"Ref": {"Fn::Sub": "St${Rest}"}}, "beta"),
        ({"Ref": "Bucket"}, "shop-bucket"),
        ({"Fn::Sub": "${Graph}/types/*"}, "arn:aws:appsync:us-east-1:1:apis/g1/types/*"),
        ({"Fn::GetAtt": ["Bucket", "Arn"]}, "arn:aws:s3:::shop-bucket"),
        ({"Fn::GetAtt": "Nested.Outputs.Url"}, "https://a.example"),
        ({"Fn::GetAtt": ["Custom", {"Ref": "Which"}]}, "42"),
        ({"Fn::Join": [":", ["a", "b", "c"]]}, "a:b:c"),
        ({"Fn::Join": ["-", {"Ref": "Zones"}]}, "a-b"),
        ({"Fn::Join": ["", ["a", {"Ref": "AWS::NoValue"}, 1, True]]}, "a1true"),
        ({"Fn::Split": ["|", "a||c|"]}, ["a", "", "c", ""]),
        ({"Fn::Select": ["1", ["apples", "grapes", "oranges"]]}, "grapes"),
        ({"Fn::Select": [0, {"Ref": "Zones"}]}, "a"),
        ({"Fn::Select": [{"Fn::FindInMap": ["Regions", "111122223333", "Zero"]}, ["x"]]}, TemplateError),
        ({"Fn::Select": [0, {"Fn::GetAZs": ""}]}, "eu-west-1a"),
        ({"Fn::Base64": "AWS CloudFormation"}, "QVdTIENsb3VkRm9ybWF0aW9u"),
        ({"Fn::Cidr": ["192.168.0.0/24", "6", "5"]}, [f"192.168.0.{n}/27" for n in (0, 32, 64, 96, 128, 160)]),
        ({"Fn::Cidr": ["2001:db8::/56", 1, 64]}, ["2001:db8::/64"]),
        ({"Fn::Cidr": ["10.0.0.0/24", 1, 8]}, ["10.0.0.0/24"]),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Image"]}, "ami-1"),
        ({"Fn::FindInMap": ["Regions", {"Ref": "AWS::Region"}, "Sizes"]}, ["a", "b"]),
        ({"Fn::FindInMap": ["Regions", "mars", "Image", {"DefaultValue": "none"}]}, "none"),
        ({"Fn::FindInMap": ["Regions", {"Fn::Join": ["-", ["eu", "west", "1"]]}, "Image"]}, "ami-1"),
        ({"Fn::If": ["Yes", "a", {"Ref": "Nobody"}]}, "a"),
        ({"Fn::If": ["No", {"Ref": "Nobody"}, "b"]}, "b"),
        ({"A": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}, "B": 2}, {"B": 2}),
        ([1, {"Ref": "AWS::NoValue"}, 2], [1, 2]),
        ({"Ref": "AWS::NoValue"}, NO_VALUE),
        ({"Fn::Sub": "${AWS::Partition}:${Stage}:${Bucket}:${Custom.Answer}"}, "aws:beta:shop-bucket:42"),
        ({"Fn::Sub": ["${A}-${Stage}-${!Literal}", {"A": {"Ref": "Stage"}}]}, "beta-beta-${Literal}"),
        ({"Fn::Sub": ["${Stage}", {"Stage": True}]}, "true"),
        ({"Fn::Length": {"Fn::Split": ["|", "a|b|c"]}}, 3),
        ({"Fn::ToJsonString": [{"key1": "value1", "key2": {"Ref": "Stage"}}]}, '[{"key1":"value1","key2":"beta"}]'),
        ({"Fn::ImportValue": {"Fn::Sub": "shop-${Url}"}}, "https://x"),
        ({"Fn::GetStackOutput": {"StackName": "other", "OutputName": "Id"}}, "vpc-1"),
        ({"Ref": "Bucket", "Other": 1}, {"Ref": "Bucket", "Other": 1}),
        ({"Condition": {"StringEquals": {"a": "b"}}}, {"Condition": {"StringEquals": {"a": "b"}}}),
    ],
)  # fmt: skip
def test_a_function_is_what_its_page_says(node: Any, expected: Any) -> None:
    parts = {
        "parameters": {"Stage": "beta", "Zones": ["a", "b"], "Rest": "age", "Which": "Answer", "Url": "Url"},
        "mappings": MAPPINGS,
        "conditions": {"Yes": True, "No": False},
        "account": ACCOUNT,
    }
    if expected is TemplateError:
        with pytest.raises(TemplateError):
            value(node, **parts)
    else:
        assert value(node, **parts) == expected


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"Ref": "Nobody"}, "Unresolved resource dependencies [Nobody]"),
        ({"Ref": ["a"]}, "Every Ref object must have a single String value."),
        ({"Fn::GetAtt": ["Bucket", "Colour"]}, "attribute Colour does not exist in schema for AWS::S3::Bucket"),
        ({"Fn::GetAtt": "Bucket"}, "every Fn::GetAtt object requires two non-empty parameters"),
        ({"Fn::GetAtt": ["Custom", "Question"]}, "Vendor response doesn't contain Question attribute"),
        ({"Fn::GetAtt": ["Nested", "Outputs.Nothing"]}, "the nested stack Nested has no output Nothing"),
        ({"Fn::Select": [3, ["a"]]}, "Fn::Select cannot select nonexistent value at index 3"),
        ({"Fn::Select": ["-1", ["a"]]}, "an integer index and a list"),
        ({"Fn::Select": [0, "a,b"]}, "an integer index and a list"),
        ({"Fn::Select": [0, ["a", None]]}, "'null' values are not allowed in templates"),
        ({"Fn::Join": [",", "a"]}, "every Fn::Join object requires two parameters"),
        ({"Fn::Join": [",", ["a", ["b"]]]}, "every Fn::Join object requires two parameters"),
        ({"Fn::Split": [{"Ref": "Stage"}, "a"]}, "every Fn::Split object requires two parameters"),
        ({"Fn::Base64": ["a"]}, "every Fn::Base64 object must have a String-typed value."),
        ({"Fn::FindInMap": ["Regions", "mars", "Image"]}, "Unable to get mapping for Regions::mars::Image"),
        ({"Fn::FindInMap": ["Regions", "mars"]}, "every Fn::FindInMap object requires three parameters"),
        ({"Fn::If": [{"Fn::Equals": [1, 1]}, "a", "b"]}, "first element being a condition"),
        ({"Fn::If": ["Perhaps", "a", "b"]}, "Unresolved condition dependencies [Perhaps]"),
        ({"Fn::Sub": "${a-b}"}, "variable names in Fn::Sub syntax must contain only alphanumeric"),
        ({"Fn::Sub": ["${a}"]}, "Fn::Sub intrinsic functions don't specify expected arguments"),
        ({"Fn::Cidr": ["10.0.0.0/24", 257, 2]}, "between 1 and 256"),
        ({"Fn::Cidr": ["10.0.0.0/24", 5, 7]}, "does not hold 5 blocks"),
        ({"Fn::Cidr": ["nowhere", 1, 7]}, "nowhere is not a CIDR block"),
        ({"Fn::Length": "abc"}, "requires an array"),
        ({"Fn::ToJsonString": "abc"}, "requires an object or an array"),
        ({"Fn::Upper": "a"}, "Encountered unsupported function: Fn::Upper"),
        ({"Fn::Join": ["", []], "Other": 1}, "Fn::Join must stand alone in its object"),
        ({"Property": None}, "'null' values are not allowed in templates"),
    ],
)  # fmt: skip
def test_what_aws_refuses_is_refused_in_its_words(node: Any, message: str) -> None:
    with pytest.raises(TemplateError, match=re.escape(message)):
        value(node, parameters={"Stage": "beta"}, mappings=MAPPINGS, conditions={})


@pytest.mark.parametrize(
    "node",
    [
        {"Fn::GetAtt": ["Bucket", "DomainName"]},
        {"Fn::Sub": "${ Stage }"},
        {"Fn::Sub": "${Zones}"},
        {"Fn::GetAZs": "mars-1"},
        {"Fn::Select": [3, {"Fn::GetAZs": ""}]},
        {"Fn::Length": {"Fn::GetAZs": ""}},
        {"Fn::Split": ["", "abc"]},
        {"Fn::Cidr": ["10.0.0.0/24", 1]},
        {"Fn::ImportValue": "elsewhere"},
        {"Fn::GetStackOutput": {"StackName": "other", "OutputName": "Id", "Region": "us-east-1"}},
        {"Fn::Transform": {"Name": "Mine"}},
        {"Fn::Equals": ["a", "a"]},
        {"Fn::Join": ["", [1e20]]},
    ],
)
def test_what_cannot_be_evaluated_says_so_and_is_no_value(node: Any) -> None:
    with pytest.raises(NotEvaluatedError, match=r"^cannot be rehearsed: "):
        value(node, parameters={"Stage": "beta", "Zones": ["a", "b"]})
