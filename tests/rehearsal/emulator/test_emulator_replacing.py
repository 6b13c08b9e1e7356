"""What cannot be changed is replaced: change sets say so, and updates make another resource and delete the old one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cfnlint
import pytest

from generator.rehearsal.emulator.cloudformation.create_only import CONDITIONALLY, CREATE_ONLY
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import CAPABILITIES, Stack
from tests.rehearsal.iam.cloudformation_call_examples import API, EXAMPLES, FUNCTION, GROUP, METHOD, QUEUE, TOPIC


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def replacement(emulator: Emulator, stack: Stack, resources: Mapping[str, Any]) -> str:
    """What a change set says of the resource called It."""
    client = emulator.client("cloudformation")
    client.create_change_set(
        StackName=stack.name,
        ChangeSetName="c",
        TemplateBody=json.dumps({"Resources": resources}),
        Capabilities=CAPABILITIES,
    )
    changes = client.describe_change_set(StackName=stack.name, ChangeSetName="c")["Changes"]
    client.delete_change_set(StackName=stack.name, ChangeSetName="c")
    changes = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in changes}
    return str(changes["It"]["Replacement"])


RULE = {"EventPattern": {"source": ["here"]}}
PERMISSION = {"FunctionName": {"Ref": "F"}, "Action": "lambda:InvokeFunction", "Principal": "events.amazonaws.com"}
STATE = "AWS::StepFunctions::StateMachine"
MACHINE = dict(EXAMPLES[STATE].created)
TEXT = {"Type": "String", "Value": "v"}
FILTER = dict(EXAMPLES["AWS::Logs::MetricFilter"].created)
RESOURCE = dict(EXAMPLES["AWS::ApiGateway::Resource"].created)
ROLE = {"AssumeRolePolicyDocument": FUNCTION["R"]["Properties"]["AssumeRolePolicyDocument"]}
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "AWS::ApiGateway::Method": (
        {**METHOD["Properties"], "HttpMethod": "PUT"},
        {**METHOD["Properties"], "HttpMethod": "POST"},
        API,
    ),
    "AWS::ApiGateway::Resource": (RESOURCE, {**RESOURCE, "PathPart": "hour"}, API),
    "AWS::CloudWatch::Alarm": (
        {**EXAMPLES["AWS::CloudWatch::Alarm"].created, "AlarmName": "old-alarm"},
        {**EXAMPLES["AWS::CloudWatch::Alarm"].created, "AlarmName": "new-alarm"},
        {},
    ),
    "AWS::Events::EventBus": ({"Name": "old-bus"}, {"Name": "new-bus"}, {}),
    "AWS::Events::Rule": ({**RULE, "Name": "old-rule"}, {**RULE, "Name": "new-rule"}, {}),
    "AWS::IAM::Role": ({**ROLE, "RoleName": "old-role"}, {**ROLE, "RoleName": "new-role"}, {}),
    "AWS::Lambda::Permission": (PERMISSION, {**PERMISSION, "Principal": "s3.amazonaws.com"}, FUNCTION),
    "AWS::Logs::LogGroup": ({"LogGroupName": "old-group"}, {"LogGroupName": "new-group"}, {}),
    "AWS::Logs::MetricFilter": ({**FILTER, "FilterName": "old"}, {**FILTER, "FilterName": "new"}, GROUP),
    "AWS::S3::Bucket": ({"BucketName": "old-bucket"}, {"BucketName": "new-bucket"}, {}),
    "AWS::SNS::Topic": ({"TopicName": "old-topic"}, {"TopicName": "new-topic"}, {}),
    "AWS::SNS::Subscription": (
        {"TopicArn": {"Ref": "T"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Q", "Arn"]}},
        {"TopicArn": {"Ref": "T"}, "Protocol": "email", "Endpoint": "a@example.com"},
        {**TOPIC, **QUEUE},
    ),
    "AWS::SQS::Queue": ({"QueueName": "old-queue"}, {"QueueName": "new-queue"}, {}),
    "AWS::SSM::Parameter": ({**TEXT, "Name": "old"}, {**TEXT, "Name": "new"}, {}),
    STATE: (
        {**MACHINE, "StateMachineName": "old-machine"},
        {**MACHINE, "StateMachineName": "new-machine"},
        dict(EXAMPLES[STATE].beside),
    ),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_create_only_property_makes_another_resource(emulator: Emulator, kind: str) -> None:
    old, new, beside = CASES[kind]
    before, after = ({**beside, "It": resource(kind, **properties)} for properties in (old, new))
    stack = Stack(emulator, before)
    assert stack.status == "CREATE_COMPLETE", stack.failures
    first = stack.physical_id("It")
    assert replacement(emulator, stack, after) == "True"
    assert stack.update(after) == "UPDATE_COMPLETE", stack.failures
    assert stack.physical_id("It") != first
    assert stack.failures == []
    assert stack.delete() == "DELETE_COMPLETE"


def test_the_old_one_is_gone_when_the_update_is_complete(emulator: Emulator) -> None:
    stack = Stack(emulator, {"It": resource("AWS::S3::Bucket", BucketName="was-here")})
    stack.update({"It": resource("AWS::S3::Bucket", BucketName="is-here")})
    names = [bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"]]
    assert "is-here" in names
    assert "was-here" not in names


@pytest.mark.parametrize(
    ("kind", "old", "new", "message"),
    [
        ("AWS::Logs::LogGroup", {"RetentionInDays": 1}, {"RetentionInDays": 3}, "False"),
        ("AWS::Events::Rule", RULE, {**RULE, "EventBusName": "another"}, "Conditional"),
        ("AWS::S3::Bucket", {}, {"VersioningConfiguration": {"Status": "Enabled"}}, "False"),
    ],
)
def test_a_change_set_says_what_stays_and_what_may(
    emulator: Emulator, kind: str, old: dict[str, Any], new: dict[str, Any], message: str
) -> None:
    stack = Stack(emulator, {"It": resource(kind, **old)})
    assert replacement(emulator, stack, {"It": resource(kind, **new)}) == message


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    """The registry's schemas that cfn-lint carries, by type."""
    folder = Path(cfnlint.__file__).parent / "data" / "schemas" / "resources"
    read = (json.loads(file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.json")))
    return {schema["typeName"]: schema for schema in read}


def test_the_table_says_what_the_registry_does(schemas: dict[str, Any]) -> None:
    for kind, names in CREATE_ONLY.items():
        assert _top(schemas[kind], "createOnlyProperties") == set(names), kind
        assert _top(schemas[kind], "conditionalCreateOnlyProperties") == set(CONDITIONALLY.get(kind, ())), kind


def _top(schema: Mapping[str, Any], key: str) -> set[str]:
    return {path.split("/")[2] for path in schema.get(key, ())}
