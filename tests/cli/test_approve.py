"""`penstock approve` and `penstock reject` on pipelines of this machine: asked, answered, overtaken."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from generator.aws.approvals import answer, ask
from generator.aws.pipeline_queries import look
from generator.errors import RefusedError
from tests.aws.local import Cloud
from tests.aws.service_pipeline import ServicePipeline, fresh
from tests.cli.command_line import SOURCES


@pytest.fixture
def asking(cloud: Cloud, tmp_path: Path) -> ServicePipeline:
    """A pipeline of nothing but a source and an approval, of this test alone, that waits."""
    pipeline = fresh(cloud, tmp_path)
    pipeline.create(pipeline.asking())
    pipeline.waits()
    return pipeline


def latest(pipeline: ServicePipeline) -> str:
    listed = pipeline.pipelines.list_pipeline_executions(pipelineName=pipeline.pipeline)
    (newest, *_) = listed["pipelineExecutionSummaries"]
    return str(newest["pipelineExecutionId"])


def test_the_approver_is_shown_commit_changes_and_tests(cloud: Cloud, tmp_path: Path) -> None:
    pipeline = ServicePipeline(cloud, "shown", tmp_path / "shown")
    execution = pipeline.create(pipeline.beta(), pipeline.described())
    pipeline.waits()
    ran = pipeline.penstock("approve", "--yes", "--message", "seen in beta")
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert lines[0].startswith("Prod/Approve of shown-pipeline was asked ")
    assert lines[1:] == [
        f"  commit   {pipeline.head[:12]} Begin (execution {execution})",
        "  tests    Beta: 2 passed, 0 failed: all well",
        "  changes  Add 1",
        "  changes  Add AWS::SQS::Queue Queue",
    ]
    assert ran.out.startswith(f"Prod/Approve approved: {pipeline.head[:12]} Begin (execution {execution})")
    assert pipeline.ended(execution)["status"] == "Succeeded"
    answered = pipeline.runs(execution)["Approve"]["output"]["executionResult"]
    assert answered["externalExecutionSummary"] == "seen in beta"


def test_what_the_pipeline_says_is_shown_where_it_describes_no_changes(asking: ServicePipeline) -> None:
    assert "  message  Look at it" in asking.penstock("approve", "--yes").err.splitlines()


def test_a_rejection_ends_the_execution(asking: ServicePipeline) -> None:
    ran = asking.penstock("reject", "prod", "--yes", "--message", "not today")
    assert ran.code == 0
    assert "Prod/Approve rejected: " in ran.out
    ended = asking.ended(latest(asking))
    assert ended["status"] == "Failed"
    assert "not today" in ended["statusSummary"]


def test_json_tells_what_was_answered_without_the_token(asking: ServicePipeline) -> None:
    token = asking.token("Prod", "Approve")
    ran = asking.penstock("approve", "--yes", "--output", "json")
    parsed = json.loads(ran.out)
    assert (parsed["answer"], parsed["stage"], parsed["execution"]["commit"]["id"]) == ("approved", "Prod", asking.head)
    assert token not in ran.out + ran.err


def test_without_a_terminal_and_without_yes_nothing_is_answered(asking: ServicePipeline) -> None:
    ran = asking.penstock("approve", stdin="y\n")
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err
    asking.waits()


def at_a_terminal(pipeline: ServicePipeline, typed: str) -> tuple[int, str]:
    """`penstock approve` with somebody at the terminal: the exit code, and whether something was answered."""
    ours, theirs = pty.openpty()
    environment = {**pipeline.emulator.environment(), "PYTHONPATH": str(SOURCES)}
    command = [sys.executable, "-m", "generator.cli", "approve", "--service", pipeline.service]
    running = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    os.write(ours, typed.encode())
    out, err = running.communicate(timeout=120)
    os.close(ours)
    os.close(theirs)
    assert "approve it? [y/N]" in err
    return running.returncode, out + err


def test_who_says_yes_at_a_terminal_approves(asking: ServicePipeline) -> None:
    code, _ = at_a_terminal(asking, "y\n")
    assert code == 0
    assert asking.ended(latest(asking))["status"] == "Succeeded"


def test_who_says_no_at_a_terminal_answers_nothing(asking: ServicePipeline) -> None:
    code, output = at_a_terminal(asking, "n\n")
    assert code == 1
    assert "nothing was answered" in output
    asking.waits()


def test_nothing_that_waits_says_what_the_pipeline_does(asking: ServicePipeline) -> None:
    asking.answer("Prod", "Approve", "Approved")
    asking.ended(latest(asking))
    ran = asking.penstock("approve", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert f"no stage of {asking.pipeline} is waiting for an approval: its last execution succeeded" in ran.err


def test_who_waits_behind_is_shown(asking: ServicePipeline) -> None:
    execution = asking.push("Second")
    asking.behind("Prod", execution)
    ran = asking.penstock("approve", "--yes")
    assert f"  behind   {asking.head[:12]} Second (execution {execution}) waits for this one" in ran.err.splitlines()


@pytest.mark.parametrize("approved", [True, False])
def test_an_answer_does_not_reach_the_execution_that_came_meanwhile(asking: ServicePipeline, approved: bool) -> None:
    door = asking.cloud.door
    question = ask(door, look(door, asking.pipeline), "")
    second = asking.push("Second")
    asking.behind("Prod", second)
    asking.answer("Prod", "Approve", "Rejected")
    asking.inside("Prod", second)
    asking.waits()
    with pytest.raises(RefusedError, match="does not wait there any more"):
        answer(door, question, approved=approved, message="")
    asking.waits()
    assert asking.latest("Prod", "Approve")["status"] == "InProgress"
