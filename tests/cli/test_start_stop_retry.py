"""`penstock start`, `stop`, `retry` and `rollback` on pipelines of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.aws.lines import Line, fresh
from tests.aws.local import Cloud


@pytest.fixture
def line(cloud: Cloud, tmp_path: Path) -> Line:
    """What a pipeline of this test alone needs around it."""
    return fresh(cloud, tmp_path)


def commit_of(line: Line, execution: str) -> str:
    answer = line.pipelines.get_pipeline_execution(pipelineName=line.pipeline, pipelineExecutionId=execution)
    return str(answer["pipelineExecution"]["artifactRevisions"][0]["revisionId"])


def test_start_takes_the_newest_commit(line: Line) -> None:
    line.ended(line.create({"name": "Build", "actions": [line.build()]}))
    line.commit({}, "Second")
    line.emulator.push(line.prefix, line.source)
    ran = line.penstock("start", "--output", "json")
    execution = json.loads(ran.out)["execution"]
    line.ended(execution)
    assert commit_of(line, execution) == line.head


def test_start_takes_the_commit_it_is_given(line: Line) -> None:
    first = line.head
    line.create(line.asking())
    line.waits()
    line.commit({}, "Second")
    line.emulator.push(line.prefix, line.source)
    ran = line.penstock("start", "--commit", first)
    assert ran.code == 0
    execution = ran.out.splitlines()[0].rpartition(" ")[2]
    line.behind("Prod", execution)
    assert commit_of(line, execution) == first != line.head


def test_start_refuses_a_variable_without_a_value(line: Line) -> None:
    line.create(line.asking())
    ran = line.penstock("start", "--variable", "Force")
    assert (ran.code, ran.out) == (2, "")
    assert "--variable Force: no value" in ran.err


def test_start_refuses_half_a_commit(line: Line) -> None:
    line.create(line.asking())
    ran = line.penstock("start", "--commit", line.head[:7])
    assert (ran.code, ran.out) == (2, "")
    assert f"git rev-parse {line.head[:7]}" in ran.err


def test_stop_waits_for_what_is_in_progress(line: Line) -> None:
    execution = line.create(line.asking())
    line.waits()
    ran = line.penstock("stop", "--reason", "wrong branch")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"stopping {line.head[:12]} Begin (execution {execution})",
        "  it stops when its actions in progress have ended",
    ]
    again = line.penstock("stop")
    assert again.code == 1
    assert "--abandon does not wait" in again.err
    line.answer("Prod", "Approve", "Rejected")
    assert line.ended(execution)["status"] in ("Stopped", "Failed")


def test_stop_abandons_what_is_in_progress_and_status_says_why(line: Line) -> None:
    execution = line.create(line.asking())
    line.waits()
    ran = line.penstock("stop", "--abandon", "--reason", "wrong branch")
    assert "abandoned" in ran.out
    assert line.ended(execution)["status"] == "Stopped"
    status = line.penstock("status")
    assert status.code == 1
    assert "the execution was stopped in Prod: wrong branch" in status.out
    assert "again: penstock retry Prod" in status.out


def test_stop_asks_which_of_several_it_is(line: Line) -> None:
    first = line.create(line.asking())
    line.waits()
    second = line.push("Second")
    line.behind("Prod", second)
    unclear = line.penstock("stop")
    assert unclear.code == 2
    assert first in unclear.err
    assert second in unclear.err
    ran = line.penstock("stop", "--execution", second[:8], "--output", "json")
    assert json.loads(ran.out)["execution"]["id"] == second
    assert line.ended(second)["status"] == "Stopped"


def test_retry_after_the_repair_goes_through(line: Line) -> None:
    line.break_tests()
    execution = line.create(line.beta(), line.prod())
    line.ended(execution)
    line.repair_tests()
    ran = line.penstock("retry")
    assert ran.code == 0
    assert ran.out.startswith(f"trying Beta again: {line.head[:12]} Begin (execution {execution})")
    line.waits()
    details = line.pipelines.list_action_executions(
        pipelineName=line.pipeline, filter={"pipelineExecutionId": execution}
    )["actionExecutionDetails"]
    assert [(run["actionName"], run["status"]) for run in reversed(details)] == [
        ("Source", "Succeeded"),
        ("Deploy", "Succeeded"),
        ("Test", "Failed"),
        ("Deploy", "Succeeded"),
        ("Test", "Succeeded"),
        ("Approve", "InProgress"),
    ]
    assert "penstock retry" not in line.penstock("status").out


def test_retry_without_a_failure_says_what_the_pipeline_does(line: Line) -> None:
    line.create(line.asking())
    line.waits()
    ran = line.penstock("retry")
    assert (ran.code, ran.out) == (1, "")
    assert "is to be tried again: Prod/Approve waits for an approval" in ran.err


def test_rollback_brings_back_what_the_stage_held_before(line: Line) -> None:
    first = line.create(line.asking("Beta"))
    line.answer("Beta", "Approve", "Approved")
    line.ended(first)
    second = line.push("Second")
    line.inside("Beta", second)
    line.answer("Beta", "Approve", "Approved")
    line.ended(second)

    ran = line.penstock("rollback", "beta", "--yes", "--output", "json")
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert lines[0] == f"into Beta of {line.pipeline} comes back"
    assert f"Begin (execution {first}), succeeded there " in lines[1]
    assert lines[3] == f"  {line.head[:12]} Second (execution {second})"
    assert lines[4] == "an approval of the stage will be asked for again"
    parsed = json.loads(ran.out)
    line.inside("Beta", parsed["execution"])
    assert (parsed["stage"], parsed["target"]["id"], parsed["instead_of"]["id"]) == ("Beta", first, second)
    rollback = line.pipelines.get_pipeline_execution(
        pipelineName=line.pipeline, pipelineExecutionId=parsed["execution"]
    )["pipelineExecution"]
    assert rollback["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": first}


def test_rollback_without_a_terminal_and_without_yes_does_nothing(line: Line) -> None:
    first = line.create(line.asking("Beta"))
    line.answer("Beta", "Approve", "Approved")
    line.ended(first)
    ran = line.penstock("rollback", "Beta", "--to", first)
    assert ran.code == 2
    assert "--yes" in ran.err
    assert len(line.pipelines.list_pipeline_executions(pipelineName=line.pipeline)["pipelineExecutionSummaries"]) == 1


def test_rollback_past_an_update_of_the_pipeline_says_why_it_cannot_be(line: Line) -> None:
    first = line.create(line.asking("Beta"))
    line.answer("Beta", "Approve", "Approved")
    line.ended(first)
    line.pipelines.update_pipeline(pipeline=line.declaration(line.asking("Beta"), line.asking("Prod")))
    named = line.penstock("rollback", "Beta", "--to", first[:8], "--yes")
    assert named.code == 1
    assert "it ran before the pipeline was updated (version 1, now 2)" in named.err
    second = line.push("Second")
    line.inside("Beta", second)
    ran = line.penstock("rollback", "Beta", "--yes")
    assert ran.code == 1
    assert f"{first}): it ran before the pipeline was updated" in ran.err


def test_rollback_of_the_source_is_refused(line: Line) -> None:
    line.create(line.asking())
    ran = line.penstock("rollback", "source", "--yes")
    assert ran.code == 1
    assert "Source cannot be rolled back: it is the source" in ran.err


@pytest.mark.parametrize("command", ["status", "logs", "approve", "reject", "start", "stop", "retry", "rollback"])
def test_each_command_has_help_with_an_example(command: str, cloud: Cloud, tmp_path: Path) -> None:
    ran = cloud.penstock(command, "--help", cwd=tmp_path)
    assert ran.code == 0
    assert f"Example: penstock {command}" in " ".join(ran.out.split())
    for option in ("--profile", "--region", "--output", "--service"):
        assert option in ran.out
