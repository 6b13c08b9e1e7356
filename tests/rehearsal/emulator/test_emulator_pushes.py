"""The way from a push to a pipeline: CodeCommit's events, and rules that start as their role."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.events import SESSION
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.conformance import conforming
from tests.rehearsal.emulator.repositories import commit, git
from tests.rehearsal.emulator.stacks import Stack, allowing, role_trust


def eventually(condition: Callable[[], Any], seconds: float = 120) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return value


def listening(queue: str) -> dict[str, Any]:
    """A stack's resources: a repository, and a queue that gets every event of CodeCommit about it."""
    policy = allowing("sqs:SendMessage")
    policy["Statement"][0]["Principal"] = "*"
    return {
        "Repo": {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": queue}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": queue}},
        "Policy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": policy},
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {
                    "source": ["aws.codecommit"],
                    "detail-type": ["CodeCommit Repository State Change"],
                    "resources": [{"Fn::GetAtt": ["Repo", "Arn"]}],
                },
                "Targets": [{"Id": "q", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
            },
        },
    }


def test_pushes_put_the_events_aws_puts(emulator: Emulator, work: Path) -> None:
    stack = Stack(emulator, listening("heard"), Outputs={"Id": {"Value": {"Ref": "Repo"}}})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    first = emulator.push("heard", work).commit
    second = commit(work, "second", app="2")
    git(work, "push", "--quiet", str(emulator.repository("heard")), "work:main")
    git(work, "push", "--quiet", str(emulator.repository("heard")), "work:other", "HEAD:refs/tags/v1")
    git(work, "push", "--quiet", str(emulator.repository("heard")), ":other")
    sqs = emulator.client("sqs")
    url, events = sqs.get_queue_url(QueueName="heard")["QueueUrl"], []

    def heard() -> bool:
        events.extend(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []))
        return len(events) >= 4

    assert eventually(heard)
    documents = sorted((json.loads(event["Body"]) for event in events), key=lambda event: str(event["detail"]["event"]))
    common = {
        "callerUserArn": "arn:aws:iam::123456789012:root",
        "repositoryName": "heard",
        "repositoryId": stack.outputs["Id"],
        "referenceType": "branch",
    }
    main = {**common, "referenceName": "main", "referenceFullName": "refs/heads/main"}
    other = {**common, "referenceName": "other", "referenceFullName": "refs/heads/other"}
    assert sorted((event["detail"] for event in documents), key=canonical) == sorted(
        [
            {**main, "event": "referenceCreated", "commitId": first},
            {**main, "event": "referenceUpdated", "commitId": second, "oldCommitId": first},
            {**other, "event": "referenceCreated", "commitId": second},
            {**other, "event": "referenceDeleted", "oldCommitId": second},
        ],
        key=canonical,
    )
    assert {event["source"] for event in documents} == {"aws.codecommit"}
    assert documents[0]["resources"] == ["arn:aws:codecommit:us-east-1:123456789012:heard"]


def canonical(detail: dict[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True)


def rule(target: dict[str, Any]) -> dict[str, Any]:
    policy = allowing(
        "codepipeline:StartPipelineExecution", resource="arn:aws:codepipeline:us-east-1:123456789012:allowed"
    )
    pattern: dict[str, Any] = {"source": ["aws.codecommit"], "detail": {"repositoryName": [target["Id"]]}}
    return {
        "Repo": {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": target["Id"]}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": role_trust("events"),
                "Policies": [{"PolicyName": "start", "PolicyDocument": policy}],
            },
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {"EventPattern": pattern, "Targets": [target]},
        },
    }


def started(emulator: Emulator) -> list[dict[str, Any]]:
    calls = emulator.settings.service_folder("codepipeline") / "calls.jsonl"
    lines = calls.read_text().splitlines() if calls.exists() else []
    return [call for call in map(json.loads, lines) if call["operation"] == "StartPipelineExecution"]


def test_a_rule_starts_its_pipeline_as_its_role_with_its_input(recording: Emulator, work: Path) -> None:
    revisions = '{"actionName":"Get","revisionType":"COMMIT_ID","revisionValue":"<commit>"}'
    target = {
        "Id": "started",
        "Arn": "arn:aws:codepipeline:us-east-1:123456789012:allowed",
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "InputTransformer": {
            "InputPathsMap": {"commit": "$.detail.commitId"},
            "InputTemplate": f'{{"sourceRevisions":[{revisions}]}}',
        },
    }
    stack = Stack(recording, rule(target))
    assert stack.status == "CREATE_COMPLETE", stack.failures
    pushed = recording.push("started", work).commit
    [call] = eventually(lambda: started(recording))
    assert call["request"]["sourceRevisions"] == [
        {"actionName": "Get", "revisionType": "COMMIT_ID", "revisionValue": pushed}
    ]
    assert call["caller"].endswith(f"{stack.physical_id('Role')}/{SESSION}")


@pytest.mark.parametrize(
    ("name", "target", "message"),
    [
        (
            "forbidden",
            {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
            "not authorized to perform: codepipeline:StartPipelineExecution",
        ),
        ("roleless", {}, "the target has no RoleArn"),
        (
            "absent-role",
            {"RoleArn": "arn:aws:iam::123456789012:role/absent"},
            "not authorized to perform: sts:AssumeRole",
        ),
    ],
)
def test_a_rule_whose_role_may_not_start_the_pipeline_is_noted(
    recording: Emulator, work: Path, name: str, target: dict[str, Any], message: str
) -> None:
    arn = f"arn:aws:codepipeline:us-east-1:123456789012:{name}"
    Stack(recording, rule({"Id": name, "Arn": arn, **target}))
    recording.push(name, work)
    assert eventually(lambda: [n for n in recording.ledger()["undelivered"] if arn in n and message in n])


def test_a_repository_behind_a_connection_is_made_by_its_first_push(emulator: Emulator, work: Path) -> None:
    pushed = emulator.push_connected("acme/shop", work, "HEAD", "trunk")
    assert pushed.executions == ()
    bare = emulator.settings.service_folder("codecommit") / "connected/acme/shop.git"
    assert git(bare, "rev-parse", "trunk") == pushed.commit
    with pytest.raises(EmulatorError, match="not a repository id"):
        emulator.push_connected("../../outside", work)


def test_a_push_behind_a_connection_starts_the_pipelines_that_listen_to_its_branch(
    emulator: Emulator, work: Path
) -> None:
    role = {"AssumeRolePolicyDocument": role_trust("codepipeline")}
    source = {
        "Name": "Get",
        "ActionTypeId": {"Category": "Source", "Owner": "AWS", "Provider": "CodeStarSourceConnection", "Version": "1"},
        "Configuration": {
            "ConnectionArn": {"Ref": "Connection"},
            "FullRepositoryId": "acme/listened",
            "BranchName": "main",
        },
        "OutputArtifacts": [{"Name": "S"}],
    }
    approval = {
        "Name": "Wait",
        "ActionTypeId": {"Category": "Approval", "Owner": "AWS", "Provider": "Manual", "Version": "1"},
    }
    pipeline = {
        "Name": "listening",
        "PipelineType": "V2",
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "ArtifactStore": {"Type": "S3", "Location": "bucket"},
        "Stages": [{"Name": "Source", "Actions": [source]}, {"Name": "Ask", "Actions": [approval]}],
    }
    connection = {"ConnectionName": "listened", "ProviderType": "GitHub"}
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Connection": {"Type": "AWS::CodeConnections::Connection", "Properties": connection},
        "Pipeline": {"Type": "AWS::CodePipeline::Pipeline", "Properties": pipeline},
    }
    stack = Stack(emulator, resources)
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert emulator.push_connected("acme/listened", work, "HEAD", "other").executions == ()
    [execution] = emulator.push_connected("acme/listened", work, "HEAD", "main").executions
    client = conforming(emulator.client("codepipeline"))
    started = client.get_pipeline_execution(pipelineName="listening", pipelineExecutionId=execution)
    assert started["pipelineExecution"]["trigger"]["triggerType"] == "WebhookV2"
    assert stack.delete() == "DELETE_COMPLETE"
