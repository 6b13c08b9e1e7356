"""What the user says their account has already is there before anything is launched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from generator.errors import InvalidInputError
from generator.rehearsal.driver.existing_values import Existing, make, read
from generator.rehearsal.driver.launch import LaunchFailedError, Stack, launch
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials, connect

REFERENCE = "{{resolve:secretsmanager:said-secret:SecretString:key}}"
TEMPLATE = json.dumps({
    "Parameters": {"Endpoint": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/said/endpoint"}},
    "Resources": {
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"Tags": [{"Key": "secret", "Value": REFERENCE}]},
        },
    },
    "Outputs": {"All": {"Value": {"Fn::Sub": ["${Endpoint} ${Vpc}", {"Vpc": {"Fn::ImportValue": "said-Vpc"}}]}}},
})  # fmt: skip


def test_words_of_the_command_line_are_things_that_exist() -> None:
    assert read(["ssm:/a/b=c=d", "export:x-Y=1"]) == (Existing("ssm", "/a/b", "c=d"), Existing("export", "x-Y", "1"))


def test_all_words_that_are_none_are_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read(["ssm", "table:x=1", "ssm:=1", "ssm:ok=1"])
    assert {problem.message for problem in refused.value.problems} == {
        "--existing: 'ssm' is not KIND:NAME=VALUE",
        "--existing: unknown kind 'table'",
        "--existing: 'ssm:=1' is not KIND:NAME=VALUE",
    }


def test_what_is_expected_and_nobody_tells_of_is_not_rehearsed_and_what_is_told_is_there(emulator: Emulator) -> None:
    with pytest.raises(LaunchFailedError, match="--existing ssm:/said/endpoint=VALUE") as failed:
        launch(emulator, Stack("expecting", TEMPLATE))
    assert failed.value.not_rehearsed
    make(emulator, read(["ssm:/said/endpoint=https://e", "export:said-Vpc=vpc-1", 'secret:said-secret={"key": "k"}']))
    stack = launch(emulator, Stack("expecting", TEMPLATE))
    (stack_summary,) = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    assert stack_summary["Outputs"][0]["OutputValue"] == "https://e vpc-1"


def test_a_policy_of_the_account_bounds_a_role_as_its_file_says(emulator: Emulator, tmp_path: Path) -> None:
    arn = "arn:aws:iam::111122223333:policy/delivery/only-queues"
    statement = {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}
    (tmp_path / "boundary.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
    make(emulator, read([f"policy:{arn}={tmp_path / 'boundary.json'}"]))
    trusted = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    everything = {**statement, "Action": "*"}
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trusted]},
        "PermissionsBoundary": arn,
        "Policies": [{"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": [everything]}}],
    }
    template = {"Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}}}
    before = len(emulator.ledger()["not_rehearsed"])
    stack = launch(emulator, Stack("bounded", json.dumps(template)))
    assert emulator.ledger()["not_rehearsed"][before:] == []
    (resource,) = emulator.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    bounded = f"arn:aws:iam::{emulator.settings.account}:role/{resource['PhysicalResourceId']}"
    keys = emulator.client("sts").assume_role(RoleArn=bounded, RoleSessionName="it")["Credentials"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    assert connect("sqs", emulator.doors.endpoint, credentials, "us-east-1").list_queues()
    with pytest.raises(ClientError, match="no permissions boundary allows the sns:ListTopics action"):
        connect("sns", emulator.doors.endpoint, credentials, "us-east-1").list_topics()


def test_a_file_that_holds_no_policy_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read([f"policy:arn:aws:iam::111122223333:policy/it={tmp_path / 'none.json'}"])
    assert "is no file that holds a policy in JSON" in refused.value.problems[0].message


def test_a_secret_that_nobody_tells_of_is_not_rehearsed(emulator: Emulator) -> None:
    value = "{{resolve:secretsmanager:untold:SecretString:key}}"
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "k", "Value": value}]}}
    with pytest.raises(LaunchFailedError) as failed:
        launch(emulator, Stack("untold", json.dumps({"Resources": {"Queue": queue}})))
    assert failed.value.not_rehearsed
    assert "--existing secret:untold=VALUE" in failed.value.events[0]
