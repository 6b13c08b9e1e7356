"""What a launched pipeline still needs, where the local AWS cannot show it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.stub import Stubber

from generator.aws import next_steps
from generator.aws.next_steps import SourceAction
from tests.aws.local import Cloud, door_to

NOWHERE = "http://127.0.0.1:9"


def execution(status: str, *revisions: dict[str, str]) -> dict[str, Any]:
    return {"pipelineExecutionId": f"{status.lower()}-1", "status": status, "sourceRevisions": [*revisions]}


@pytest.mark.parametrize(
    ("begun", "never"),
    [
        ([], True),
        ([execution("Failed")], True),
        ([execution("Failed", {"actionName": "Source"})], False),
        ([execution("InProgress")], True),
        ([execution("Succeeded", {"actionName": "Source"}), execution("Failed")], False),
    ],
)
def test_a_pipeline_got_a_commit_once_any_execution_came_past_its_source(begun: list[Any], never: bool) -> None:
    door = door_to(NOWHERE)
    stub = Stubber(door.client("codepipeline"))
    stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": begun})
    with stub:
        assert next_steps.never_got_a_commit(door, "time-pipeline") is never


def test_a_pipeline_that_looks_for_a_commit_now_is_not_started_again() -> None:
    door = door_to(NOWHERE)
    stub = Stubber(door.client("codepipeline"))
    stub.add_response("list_pipeline_executions", {"pipelineExecutionSummaries": [execution("InProgress")]})
    with stub:
        assert next_steps.start_if_needed(door, "time-pipeline") == ""


def test_mails_that_nobody_has_confirmed_are_expected(cloud: Cloud) -> None:
    client, sns = cloud.client("cloudformation"), cloud.client("sns")
    client.create_stack(StackName="mails", TemplateBody='{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}')
    client.get_waiter("stack_create_complete").wait(StackName="mails", WaiterConfig={"Delay": 0.1})
    detail = client.describe_stack_resource(StackName="mails", LogicalResourceId="T")["StackResourceDetail"]
    topic = detail["PhysicalResourceId"]
    for address in ("late@example.com", "done@example.com"):
        sns.subscribe(TopicArn=topic, Protocol="email", Endpoint=address)
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:queue")
    (token,) = [mail["token"] for mail in cloud.emulator.mails() if mail["address"] == "done@example.com"]
    sns.confirm_subscription(TopicArn=topic, Token=token)
    assert next_steps.unconfirmed(cloud.door, "mails") == ("late@example.com",)


def test_the_launch_waits_until_a_person_has_completed_the_connection(cloud: Cloud) -> None:
    arn = cloud.client("codeconnections").create_connection(ConnectionName="git", ProviderType="GitHub")[
        "ConnectionArn"
    ]
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 3:
            assert cloud.emulator.connect("git") == [arn]

    door = door_to(cloud.emulator.endpoint, cloud.emulator.credentials, sleep=wait)
    (pending,) = next_steps.connections(door, (SourceAction("CodeStarSourceConnection", {"ConnectionArn": arn}),))
    assert pending.status == "PENDING"
    assert next_steps.wait_until_finished(door, pending).status == "AVAILABLE"
    assert len(waited) == 3


def test_nothing_runs_in_a_pipeline_that_is_not_there(cloud: Cloud) -> None:
    assert next_steps.running(cloud.door, "never-launched") == ()


def test_a_connection_answers_under_the_service_its_arn_names() -> None:
    arn = "arn:aws:codestar-connections:us-east-1:123456789012:connection/1"
    door = door_to(NOWHERE)
    stub = Stubber(door.client("codestar-connections"))
    answer = {"ConnectionName": "c", "ConnectionArn": arn, "ConnectionStatus": "AVAILABLE"}
    stub.add_response("get_connection", {"Connection": answer}, {"ConnectionArn": arn})
    with stub:
        (connection,) = next_steps.connections(
            door, (SourceAction("CodeStarSourceConnection", {"ConnectionArn": arn}),)
        )
    assert connection.status == "AVAILABLE"
