"""`penstock launch` left before its end: by the user, by AWS, while CloudFormation works or a connection is pending."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.aws.door import Door
from generator.cli import launch
from tests.aws import local
from tests.aws.local import Cloud, through

CONNECTED = "service: {0}\nsource:\n  github: {{repository: acme/{0}}}\n"
SOURCE = "service: {0}\nsource:\n  codecommit: {{repository: {0}}}\n"


def launched(door: Door, root: Path, *options: str) -> int:
    """The exit code of a launch through this door."""
    return through(door, launch.command, root / "pipeline.yaml", "--yes", *options)


def after_execution(door: Door, raised: BaseException) -> None:
    """Make the first look at the events of a change that is under way end in this."""
    events = door.client("cloudformation").meta.events
    executed: list[bool] = []

    def fail(**_: Any) -> None:
        if executed:
            raise raised

    events.register("before-call.cloudformation.ExecuteChangeSet", lambda **_: executed.append(True))
    events.register("before-call.cloudformation.DescribeStackEvents", fail)


def finish_connection(door: Door, looks: int) -> None:
    """Make a connection AVAILABLE after so many looks at it: what only a person in the console can do."""
    seen: list[bool] = []

    def finish(parsed: dict[str, Any], **_: Any) -> None:
        seen.append(True)
        if len(seen) > looks:
            parsed["Connection"]["ConnectionStatus"] = "AVAILABLE"

    door.client("codeconnections").meta.events.register("after-call.codeconnections.GetConnection", finish)


def test_ctrl_c_while_cloudformation_works_says_that_it_goes_on(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = local.repository(tmp_path, SOURCE.format("left"))
    door = cloud.door
    after_execution(door, KeyboardInterrupt())
    assert launched(door, root, "--output", "json") == 130
    output = capsys.readouterr()
    assert "left-pipeline is still being changed" in output.err
    assert json.loads(output.out)["result"] == "unfinished"
    assert launched(cloud.door, root) == 0
    assert "is up to date" in capsys.readouterr().out


def test_credentials_that_expire_meanwhile_say_both(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = local.repository(tmp_path, SOURCE.format("expired"))
    door = cloud.door
    after_execution(door, ClientError({"Error": {"Code": "ExpiredToken", "Message": ""}}, "DescribeStackEvents"))
    assert launched(door, root) == 4
    err = capsys.readouterr().err
    assert "expired-pipeline is still being changed" in err
    assert "the AWS credentials have expired" in err


def test_ctrl_c_while_a_connection_is_pending_says_how_to_go_on(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = local.repository(tmp_path, CONNECTED.format("unfinished"))
    assert launched(cloud.door, root, "--no-wait") == 0
    door = cloud.door
    looked: list[bool] = []
    door.client("codeconnections").meta.events.register("before-call", lambda **_: looked.append(True))

    def sleep(_seconds: float) -> None:
        if looked:
            raise KeyboardInterrupt

    door.sleep = sleep
    assert launched(door, root) == 130
    assert "the connection is still PENDING" in capsys.readouterr().err


def test_a_connection_that_somebody_finishes_starts_the_first_execution(
    cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = local.repository(tmp_path, CONNECTED.format("finished"))
    door = cloud.door
    finish_connection(door, 2)
    codepipeline = cloud.client("codepipeline")
    assert launched(door, root) == 0
    assert "started the first execution" in capsys.readouterr().out
    triggers = [
        summary["trigger"]["triggerType"]
        for summary in codepipeline.list_pipeline_executions(pipelineName="finished-pipeline")[
            "pipelineExecutionSummaries"
        ]
    ]
    assert sorted(triggers) == ["CreatePipeline", "StartPipelineExecution"]
