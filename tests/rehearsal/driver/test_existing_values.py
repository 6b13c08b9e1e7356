"""What the user says their account has already is there before anything is launched."""

from __future__ import annotations

import json

import pytest

from generator.errors import InvalidInputError
from generator.rehearsal.driver.existing_values import Existing, make, read
from generator.rehearsal.driver.launch import LaunchFailedError, launch
from generator.rehearsal.emulator.handle import Emulator

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
        launch(emulator, "expecting", TEMPLATE)
    assert failed.value.not_rehearsed
    make(emulator, read(["ssm:/said/endpoint=https://e", "export:said-Vpc=vpc-1", 'secret:said-secret={"key": "k"}']))
    stack = launch(emulator, "expecting", TEMPLATE)
    (found,) = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    assert found["Outputs"][0]["OutputValue"] == "https://e vpc-1"


def test_a_secret_that_nobody_tells_of_is_not_rehearsed(emulator: Emulator) -> None:
    value = "{{resolve:secretsmanager:untold:SecretString:key}}"
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"Tags": [{"Key": "k", "Value": value}]}}
    with pytest.raises(LaunchFailedError) as failed:
        launch(emulator, "untold", json.dumps({"Resources": {"Queue": queue}}))
    assert failed.value.not_rehearsed
    assert "--existing secret:untold=VALUE" in failed.value.events[0]
