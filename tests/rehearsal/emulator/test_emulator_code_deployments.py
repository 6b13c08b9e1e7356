"""Functions whose traffic CodeDeploy shifts: SAM's DeploymentPreference, its hooks, and what is refused."""

from __future__ import annotations

import json
import os
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
    parsed: str = json.load(emulator.client("lambda").invoke(FunctionName=f"{name}:live")["Payload"])
    return parsed


HOOK = """
import os
import boto3
def handler(event, context):
    status = os.environ["STATUS"]
    if status == "Broken":
        raise ValueError("no such check")
    if status == "Silent":
        return
    alias = boto3.client("lambda").get_alias(FunctionName=os.environ["FUNCTION"], Name="live")
    boto3.client("codedeploy").put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status if alias["FunctionVersion"] == os.environ["EXPECTED"] else "Failed",
    )
"""


def hook(status: str, expected: str) -> dict[str, Any]:
    """A function that looks which version the alias leads to, and reports."""
    report = {"Effect": "Allow", "Action": "codedeploy:PutLifecycleEventHookExecutionStatus"}
    group = {"Fn::Sub": "arn:aws:codedeploy:*:*:deploymentgroup:${ServerlessDeploymentApplication}/*"}
    look = {"Effect": "Allow", "Action": "lambda:GetAlias", "Resource": "*"}
    properties = {
        "FunctionName": {"Fn::Sub": f"CodeDeployHook_{expected}_${{AWS::StackName}}"},
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "InlineCode": HOOK,
        "Timeout": 60,
        "Environment": {"Variables": {"STATUS": status, "EXPECTED": expected, "FUNCTION": {"Ref": "Function"}}},
        "Policies": [{"Version": "2012-10-17", "Statement": [{**report, "Resource": group}, look]}],
        "DeploymentPreference": {"Enabled": False},
    }
    return {"Type": "AWS::Serverless::Function", "Properties": properties}


def hooked(reply: str, before: str, after: str) -> dict[str, Any]:
    """A function whose alias shifts with hooks that report these."""
    resources = shifted("Linear10PercentEvery1Minute", reply)
    preference = resources["Function"]["Properties"]["DeploymentPreference"]
    preference["Hooks"] = {"PreTraffic": {"Ref": "Before"}, "PostTraffic": {"Ref": "After"}}
    return {**resources, "Before": hook(before, "1"), "After": hook(after, "2")}


def test_hooks_are_called_around_the_shift_and_their_report_decides(emulator: Emulator) -> None:
    stack = Stack(emulator, hooked("first", "Failed", "Failed"), **SAM)
    assert (stack.status, stack.failures) == ("CREATE_COMPLETE", [])
    relied = len(emulator.ledger()["assumptions"])
    assert stack.update(hooked("second", "Succeeded", "Succeeded"), **SAM) == "UPDATE_COMPLETE", stack.failures
    assert answer(emulator, stack) == "second"
    assert [row["assumption"] for row in emulator.ledger()["assumptions"][relied:]] == ["traffic-shift"]


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("Failed", "Succeeded", "of the hook BeforeAllowTraffic reported Failed"),
        ("Broken", "Succeeded", "of the hook BeforeAllowTraffic ended with ValueError: no such check"),
        ("Silent", "Succeeded", "of the hook BeforeAllowTraffic ended without reporting a status"),
        ("Succeeded", "Failed", "of the hook AfterAllowTraffic reported Failed"),
    ],
)
def test_a_hook_that_fails_gives_the_traffic_back(emulator: Emulator, before: str, after: str, why: str) -> None:
    stack = Stack(emulator, hooked("first", before, after), **SAM)
    assert stack.update(hooked("second", before, after), **SAM) == "UPDATE_ROLLBACK_COMPLETE"
    assert why in stack.failures[-1]
    assert answer(emulator, stack) == "first"


def test_the_assumption_that_an_alarm_goes_off_rolls_the_stack_back() -> None:
    with Emulator(os.environ, assumptions={"traffic-shift": "alarmed"}) as emulator:
        stack = Stack(emulator, shifted("Canary10Percent5Minutes", "first"), **SAM)
        assert stack.update(shifted("Canary10Percent5Minutes", "second"), **SAM) == "UPDATE_ROLLBACK_COMPLETE"
        assert "an alarm of the deployment group went off" in stack.failures[-1]
        assert answer(emulator, stack) == "first"


def test_a_role_that_may_not_call_its_hook_fails_the_deployment(emulator: Emulator) -> None:
    resources = hooked("second", "Succeeded", "Succeeded")
    resources["Before"]["Properties"]["FunctionName"] = {"Fn::Sub": "look-${AWS::StackName}"}
    stack = Stack(emulator, {**resources, **shifted("AllAtOnce", "first")}, **SAM)
    assert stack.update(resources, **SAM) == "UPDATE_ROLLBACK_COMPLETE"
    assert "could not be called" in stack.failures[-1]
    assert "lambda:InvokeFunction" in stack.failures[-1]


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
