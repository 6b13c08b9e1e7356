"""CloudFormation for tests of its action: it answers what it is told to, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from tests.rehearsal.codepipeline.action_runner import ActionRunner, stubbed
from tests.rehearsal.codepipeline.pipeline_api import REGION, START, action

DEPLOYER = "arn:aws:iam::123456789012:role/deployer"
STACK_ID = f"arn:aws:cloudformation:{REGION}:123456789012:stack/app/1"
TEMPLATE = json.dumps({"Parameters": {"A": {}, "B": {}}, "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
BODY = {"TemplateBody": TEMPLATE}
EMPTY = "The submitted information didn't contain changes. Submit different information to create a change set."


def deploy(mode: str, *, output: bool = False, **settings: str) -> dict[str, Any]:
    configuration = {"ActionMode": mode, "StackName": "app", "RoleArn": DEPLOYER}
    if mode not in ("CHANGE_SET_EXECUTE", "DELETE_ONLY"):
        configuration["TemplatePath"] = "code::app.json"
    if mode.startswith("CHANGE_SET"):
        configuration["ChangeSetName"] = "changes"
    return action(
        "Deploy",
        provider="CloudFormation",
        inputs=["code"],
        outputs=["made"] if output else [],
        configuration={**configuration, **settings},
    )


class Formation:
    """CloudFormation, as far as a test tells it what to answer."""

    def __init__(self, runner: ActionRunner) -> None:
        runner.clients["cloudformation"], self.stubber = stubbed("cloudformation")

    def stack(self, status: str | None, name: str = "app", **outputs: str) -> Formation:
        """Answers the next DescribeStacks."""
        if status is None:
            text = f"Stack with id {name} does not exist"
            self.stubber.add_client_error("describe_stacks", "ValidationError", text, 400)
            return self
        description = {"StackId": STACK_ID, "StackName": "app", "StackStatus": status, "CreationTime": START}
        listed = [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]
        answer = {"Stacks": [{**description, "Outputs": listed}]}
        self.stubber.add_response("describe_stacks", answer, {"StackName": name})
        return self

    def takes(self, operation: str, answer: dict[str, Any], **expected: Any) -> Formation:
        self.stubber.add_response(operation, answer, expected)
        return self

    def refuses(self, operation: str, text: str, name: str = "ValidationError") -> Formation:
        self.stubber.add_client_error(operation, name, text, 400)
        return self

    def change_set(self, status: str | None, reason: str = "") -> Formation:
        """Answers the next DescribeChangeSet."""
        if status is None:
            return self.refuses("describe_change_set", "ChangeSet [changes] does not exist", "ChangeSetNotFound")
        answer = {"Status": status, "StatusReason": reason, "ChangeSetName": "changes"}
        return self.takes("describe_change_set", answer, StackName="app", ChangeSetName="changes")

    def events(self, *rows: tuple[str, str, str, str]) -> Formation:
        """Answers DescribeStackEvents with (logical id, type, status, reason), the newest first."""
        events = [
            {
                "StackId": STACK_ID,
                "EventId": str(number),
                "StackName": "app",
                "LogicalResourceId": logical,
                "PhysicalResourceId": STACK_ID if logical == "app" else f"physical-{logical}",
                "ResourceType": kind,
                "Timestamp": START,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }
            for number, (logical, kind, status, reason) in enumerate(rows)
        ]
        return self.takes("describe_stack_events", {"StackEvents": events}, StackName=STACK_ID)


def request(**changed: Any) -> dict[str, Any]:
    """What the action passes to CreateStack, UpdateStack and CreateChangeSet."""
    return {
        "StackName": "app",
        "RoleARN": DEPLOYER,
        "Capabilities": [],
        "Parameters": [],
        "Tags": [],
        **BODY,
        **changed,
    }


def run(runner: ActionRunner, formation: Formation, declared: dict[str, Any], **files: str) -> Any:
    artifact = runner.artifact("code", {"app.json": TEMPLATE, **files})
    outcome = runner.start(runner.context(declared, artifact))
    formation.stubber.assert_no_pending_responses()
    return outcome


def fails(runner: ActionRunner, declared: dict[str, Any], **files: str) -> Any:
    artifact = runner.artifact("code", {"app.json": TEMPLATE, **files})
    return runner.fails(runner.context(declared, artifact))
