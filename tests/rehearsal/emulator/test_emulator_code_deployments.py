"""Functions whose traffic CodeDeploy shifts: SAM's AutoPublishAlias and DeploymentPreference, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import Stack

SAM = {"Transform": "AWS::Serverless-2016-10-31"}


def shifted(preference: str, answer: str) -> dict[str, Any]:
    code = f"def handler(event, context):\n    return {answer!r}\n"
    properties = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "InlineCode": code,
        "AutoPublishAlias": "live",
        "DeploymentPreference": {"Type": preference},
    }
    return {"Function": {"Type": "AWS::Serverless::Function", "Properties": properties}}


def answer(emulator: Emulator, stack: Stack) -> str:
    name = stack.physical_id("Function")
    said: str = json.load(emulator.client("lambda").invoke(FunctionName=f"{name}:live")["Payload"])
    return said


@pytest.mark.parametrize("preference", ["AllAtOnce", "Canary10Percent5Minutes", "Linear10PercentEvery1Minute"])
def test_an_update_shifts_all_traffic_of_the_alias_at_once(emulator: Emulator, preference: str) -> None:
    stack = Stack(emulator, shifted(preference, "first"), **SAM)
    assert (stack.status, stack.failures) == ("CREATE_COMPLETE", [])
    assert answer(emulator, stack) == "first"
    assert stack.physical_id("FunctionDeploymentGroup").startswith(f"{stack.name}-FunctionDeploymentGroup-")
    assert stack.update(shifted(preference, "second"), **SAM) == "UPDATE_COMPLETE"
    assert answer(emulator, stack) == "second"
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_group_of_no_application_and_a_second_application_of_a_name_are_refused(emulator: Emulator) -> None:
    role = "arn:aws:iam::123456789012:role/shifts"
    group = {"ApplicationName": "none-such", "ServiceRoleArn": role}
    lonely = Stack(emulator, {"Group": {"Type": "AWS::CodeDeploy::DeploymentGroup", "Properties": group}})
    assert "No application found for name: none-such" in lonely.failures[0]
    application = {"Type": "AWS::CodeDeploy::Application", "Properties": {"ApplicationName": "the-one"}}
    assert Stack(emulator, {"Application": application}).status == "CREATE_COMPLETE"
    assert "the-one" in Stack(emulator, {"Application": application}).failures[0]
