"""Templates of the emulator's stacks are evaluated as AWS evaluates them, and what cannot be is never green."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import CAPABILITIES, Stack, role_trust, settled

HANDLE = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def outputs(emulator: Emulator, values: dict[str, Any], **template: Any) -> dict[str, str]:
    """The outputs of a stack that has these values."""
    resources = {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 7}}}
    stack = Stack(emulator, resources, Outputs={name: {"Value": value} for name, value in values.items()}, **template)
    assert stack.status == "CREATE_COMPLETE", stack.failures
    return stack.outputs


def refusal(emulator: Emulator, resources: dict[str, Any], **template: Any) -> str:
    """What CreateStack says to a template it refuses."""
    with pytest.raises(ClientError) as refused:
        Stack(emulator, resources, **template)
    return str(refused.value.response["Error"]["Message"])


def not_rehearsed(emulator: Emulator) -> list[str]:
    lacking: list[str] = emulator.ledger()["not_rehearsed"]
    return lacking


def test_booleans_and_numbers_are_texts(emulator: Emulator) -> None:
    stack = Stack(
        emulator,
        {"Made": {**HANDLE, "Condition": "On"}, "Left": {**HANDLE, "Condition": "Off"}, "Handle": HANDLE},
        Parameters={"Flag": {"Type": "String", "Default": True}, "Count": {"Type": "Number", "Default": 3}},
        Conditions={
            "On": {"Fn::Equals": [{"Ref": "Flag"}, True]},
            "Off": {"Fn::Not": [{"Fn::And": [{"Condition": "On"}, {"Fn::Equals": [{"Ref": "Count"}, 3]}]}]},
        },
        Outputs={"Joined": {"Condition": "On", "Value": {"Fn::Join": ["-", [{"Ref": "Flag"}, True, 7]]}}},
    )
    assert stack.outputs == {"Joined": "true-true-7"}
    assert stack.physical_id("Made")


def test_conditions_read_mappings_and_functions_of_parameters(emulator: Emulator) -> None:
    output_values = outputs(
        emulator,
        {"Answer": {"Fn::If": ["Large", "large", "small"]}},
        Parameters={"Stage": {"Type": "String", "Default": "prod"}},
        Mappings={"Sizes": {"prod": {"Large": True}}},
        Conditions={"Large": {"Fn::Equals": [{"Fn::FindInMap": ["Sizes", {"Fn::Sub": "${Stage}"}, "Large"]}, "true"]}},
        Transform="AWS::LanguageExtensions",
    )
    assert output_values == {"Answer": "large"}


def test_functions_work_within_each_other(emulator: Emulator) -> None:
    name = {"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}]}
    output_values = outputs(
        emulator,
        {
            "Name": {"Fn::Sub": ["<${N}>-${!N}-${AWS::Partition}", {"N": {"Fn::If": ["No", "x", name]}}]},
            "Blocks": {"Fn::Join": [" ", {"Fn::Cidr": ["10.0.0.0/24", {"Ref": "Two"}, 4]}]},
            "Zone": {"Fn::Select": [1, {"Fn::GetAZs": {"Ref": "AWS::Region"}}]},
            "Encoded": {"Fn::Base64": {"Fn::Sub": "${Two}"}},
        },
        Parameters={"Two": {"Type": "String", "Default": "2"}},
        Conditions={"No": {"Fn::Equals": [{"Ref": "AWS::StackName"}, "another"]}},
    )
    assert output_values["Name"].startswith("<stack-")
    assert output_values["Name"].endswith(">-${N}-aws")
    assert output_values["Blocks"] == "10.0.0.0/28 10.0.0.16/28"
    assert output_values["Zone"] == "us-east-1b"
    assert output_values["Encoded"] == "Mg=="


def test_language_extensions_loop_count_and_write_json(emulator: Emulator) -> None:
    loop = ["Name", {"Ref": "Names"}, {"Queue${Name}": {"Type": "AWS::SQS::Queue"}}]
    arn = {"Fn::GetAtt": [{"Fn::Sub": "Queue${Name}"}, "Arn"]}
    stack = Stack(
        emulator,
        {"Fn::ForEach::Queues": loop},
        Transform="AWS::LanguageExtensions",
        Parameters={"Names": {"Type": "CommaDelimitedList", "Default": "A,B"}},
        Outputs={
            "Fn::ForEach::Arns": ["Name", {"Ref": "Names"}, {"Arn${Name}": {"Value": arn}}],
            "Count": {"Value": {"Fn::Sub": ["${N}", {"N": {"Fn::Length": {"Ref": "Names"}}}]}},
            "Json": {"Value": {"Fn::ToJsonString": {"names": {"Ref": "Names"}}}},
            "Default": {"Value": {"Fn::FindInMap": ["M", "x", "y", {"DefaultValue": "none"}]}},
        },
        Mappings={"M": {"a": {"b": "c"}}},
    )
    assert stack.outputs["ArnB"].startswith("arn:aws:sqs:us-east-1:")
    assert stack.outputs["Count"] == "2"
    assert json.loads(stack.outputs["Json"]) == {"names": ["A", "B"]}
    assert stack.outputs["Default"] == "none"


def test_a_branch_that_is_not_taken_makes_no_circle(emulator: Emulator) -> None:
    tag = {"Fn::If": ["No", {"Ref": "B"}, "x"]}
    stack = Stack(
        emulator,
        {
            "A": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "k", "Value": tag}]}},
            "B": {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "k", "Value": {"Ref": "A"}}]}},
        },
        Conditions={"No": {"Fn::Equals": ["a", "b"]}},
    )
    assert stack.status == "CREATE_COMPLETE", stack.failures


def test_rules_refuse_what_parameters_do_not_fulfil(emulator: Emulator) -> None:
    rule = {"Assertions": [{"Assert": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, "AssertDescription": "prod alone"}]}
    parameters = {"Stage": {"Type": "String", "Default": "beta"}}
    assert refusal(emulator, {"Handle": HANDLE}, Rules={"Only": rule}, Parameters=parameters) == "prod alone"


def test_values_of_parameter_store_are_read_by_their_types(emulator: Emulator) -> None:
    ssm = emulator.client("ssm")
    ssm.put_parameter(Name="/evaluation/text", Value="stored", Type="String", Overwrite=True)
    ssm.put_parameter(Name="/evaluation/list", Value="a,b", Type="StringList", Overwrite=True)
    output_values = outputs(
        emulator,
        {"Text": {"Ref": "Text"}, "List": {"Fn::Join": ["+", {"Ref": "List"}]}},
        Parameters={
            "Text": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/evaluation/text"},
            "List": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/evaluation/list"},
        },
    )
    assert output_values == {"Text": "stored", "List": "a+b"}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"Fn::ImportValue": "network-Vpc"}, "no stack here exports network-Vpc"),
        ({"Fn::GetStackOutput": {"StackName": "network", "OutputName": "Vpc"}}, "the stack network has no output Vpc"),
        ({"Fn::Select": [0, {"Fn::GetAZs": "eu-west-1"}]}, "the Availability Zones of eu-west-1"),
    ],
)
def test_what_another_stack_of_the_account_may_have_is_not_rehearsed(
    emulator: Emulator, value: Any, words: str
) -> None:
    stack = Stack(emulator, {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": value}}})
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any(reason.startswith(f"cannot be rehearsed: {words}") for reason in stack.failures)
    assert any(words in reason for reason in not_rehearsed(emulator))


def test_what_aws_would_tell_of_parameter_store_is_not_rehearsed(emulator: Emulator) -> None:
    declared = {"P": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/nobody/has/this"}}
    words = "cannot be rehearsed: the SSM parameter /nobody/has/this is not there"
    assert refusal(emulator, {"Handle": HANDLE}, Parameters=declared).startswith(words)
    assert any(reason.startswith(words) for reason in not_rehearsed(emulator))


def test_macros_of_an_account_are_not_rehearsed(emulator: Emulator) -> None:
    assert refusal(emulator, {"Handle": HANDLE}, Transform="Mine").startswith("cannot be rehearsed: the transform Mine")


def test_an_attribute_no_type_has_is_refused_and_one_the_emulator_lacks_is_not_rehearsed(emulator: Emulator) -> None:
    queue = {"Type": "AWS::SQS::Queue"}
    wrong = Stack(emulator, {"Queue": queue}, Outputs={"O": {"Value": {"Fn::GetAtt": ["Queue", "Colour"]}}})
    assert wrong.failures == ["Requested attribute Colour does not exist in schema for AWS::SQS::Queue"]


def test_attributes_a_resource_may_have_beside_its_properties_are_accepted(emulator: Emulator) -> None:
    assert (
        Stack(emulator, {"Handle": {**HANDLE, "Description": "a", "Version": "2009-05-15"}}).status == "CREATE_COMPLETE"
    )


def test_a_change_set_shows_what_changes_beside_what_is_not_known_yet(emulator: Emulator) -> None:
    cloudformation = emulator.client("cloudformation")

    def template(word: str) -> str:
        value = {"Fn::Sub": "${Queue.Arn}-${Word}"}
        parameter = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}
        return json.dumps({
            "Parameters": {"Word": {"Type": "String", "Default": word}},
            "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Parameter": parameter},
        })  # fmt: skip

    cloudformation.create_stack(StackName="known-later", TemplateBody=template("one"), Capabilities=CAPABILITIES)
    assert settled(cloudformation, "known-later") == "CREATE_COMPLETE"
    cloudformation.create_change_set(StackName="known-later", ChangeSetName="c", TemplateBody=template("two"))
    changes = cloudformation.describe_change_set(StackName="known-later", ChangeSetName="c")["Changes"]
    assert [change["ResourceChange"]["LogicalResourceId"] for change in changes] == ["Parameter"]


SAM = {
    "Transform": ["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"],
    "Parameters": {"Alias": {"Type": "String"}, "Names": {"Type": "CommaDelimitedList", "Default": "A,B"}},
    "Resources": {
        "Fn::ForEach::Tables": ["Name", {"Ref": "Names"}, {"Table${Name}": {"Type": "AWS::Serverless::SimpleTable"}}],
        "Function": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "a.b",
                "InlineCode": "def b(event, context): pass",
                "AutoPublishAlias": {"Ref": "Alias"},
            },
        },
    },
    "Outputs": {"Table": {"Value": {"Ref": "TableB"}}, "Alias": {"Value": {"Ref": "Function.Alias"}}},
}


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.us-east-1.amazonaws.com/evaluated-templates/sam",
        "https://evaluated-templates.s3.us-east-1.amazonaws.com/sam",
        "https://evaluated-templates.s3.amazonaws.com/sam",
    ],
)
def test_a_nested_stack_may_hold_sam_and_lie_at_any_address(emulator: Emulator, url: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="evaluated-templates")
    s3.put_object(Bucket="evaluated-templates", Key="sam", Body=json.dumps(SAM))
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": url, "Parameters": {"Alias": "now"}}}
    stack = Stack(
        emulator, {"Nested": nested}, Outputs={"Alias": {"Value": {"Fn::GetAtt": ["Nested", "Outputs.Alias"]}}}
    )
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert stack.outputs["Alias"].endswith(":now")


def test_sam_sees_the_values_of_the_parameters_of_the_operation(emulator: Emulator) -> None:
    cloudformation = emulator.client("cloudformation")
    alias = [{"ParameterKey": "Alias", "ParameterValue": "then"}]
    cloudformation.create_stack(
        StackName="sam-launched", TemplateBody=json.dumps(SAM), Parameters=alias, Capabilities=CAPABILITIES
    )
    assert settled(cloudformation, "sam-launched") == "CREATE_COMPLETE"
    output_values = cloudformation.describe_stacks(StackName="sam-launched")["Stacks"][0]["Outputs"]
    assert {row["OutputKey"]: row["OutputValue"] for row in output_values}["Alias"].endswith(":then")


def function(*layers: str) -> dict[str, Any]:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": role_trust("lambda")}}
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.b",
        "Code": {"ZipFile": "def b(event, context): pass"},
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Layers": list(layers),
    }
    return {"Role": role, "Function": {"Type": "AWS::Lambda::Function", "Properties": properties}}


def test_a_layer_of_another_account_is_not_rehearsed(emulator: Emulator) -> None:
    layer = "arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-x86_64:7"
    stack = Stack(emulator, function(layer))
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert f"Function uses the layer {layer} of another account, and its code is not here" in not_rehearsed(emulator)


def test_a_layer_of_the_account_has_to_be_there(emulator: Emulator) -> None:
    layer = "arn:aws:lambda:us-east-1:123456789012:layer:nobody:1"
    stack = Stack(emulator, function(layer))
    assert stack.failures == [f"Layer version {layer} does not exist. (Service: Lambda, Status Code: 400)"]


def test_outputs_are_texts_and_one_without_a_value_is_refused(emulator: Emulator) -> None:
    assert outputs(emulator, {"Flag": True, "Number": 1.5, "Kept": "x"}) == {
        "Flag": "true",
        "Number": "1.5",
        "Kept": "x",
    }
    for value in ({"Ref": "AWS::NoValue"}, ["a"]):
        stack = Stack(emulator, {"Handle": HANDLE}, Outputs={"O": {"Value": value}})
        assert stack.failures == [
            "Template format error: The Value field of every Outputs member must evaluate to a String."
        ]


def test_an_alarm_over_several_metrics_is_made_and_not_rehearsed(emulator: Emulator) -> None:
    metric = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"}
    metrics: list[dict[str, Any]] = [
        {"Id": "m", "MetricStat": metric, "ReturnData": False},
        {"Id": "e", "Expression": "m * 2"},
    ]
    settings = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1}
    alarm = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": "computed", "Metrics": metrics, **settings}}
    stack = Stack(emulator, {"Alarm": alarm})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert any(reason.startswith("Alarm is an alarm over several metrics") for reason in not_rehearsed(emulator))
    metrics[1]["Expression"] = "m * 3"
    assert stack.update({"Alarm": alarm}) == "UPDATE_COMPLETE"
    (row,) = emulator.client("cloudwatch").describe_alarms(AlarmNames=["computed"])["MetricAlarms"]
    assert row["StateValue"] == "INSUFFICIENT_DATA"


def test_methods_of_a_rest_api_may_take_any_verb(emulator: Emulator) -> None:
    integration = {
        "type": "aws_proxy",
        "httpMethod": "POST",
        "uri": {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/x/invocations"},
    }
    paths = {"/{proxy+}": {"x-amazon-apigateway-any-method": {"x-amazon-apigateway-integration": integration}}}
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"openapi": "3.0.1", "paths": paths}}}
    stack = Stack(emulator, {"Api": api})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    resources = emulator.client("apigateway").get_resources(restApiId=stack.physical_id("Api"))["items"]
    assert {row["path"]: list(row.get("resourceMethods", ())) for row in resources} == {"/": [], "/{proxy+}": ["ANY"]}
