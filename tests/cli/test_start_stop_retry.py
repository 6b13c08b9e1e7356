"""`penstock start`, `stop`, `retry` and `rollback` on pipelines of this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.aws.local import Cloud
from tests.aws.service_pipeline import ServicePipeline, fresh


@pytest.fixture
def pipeline(cloud: Cloud, tmp_path: Path) -> ServicePipeline:
    """What a pipeline of this test alone needs around it."""
    return fresh(cloud, tmp_path)


def commit_of(pipeline: ServicePipeline, execution: str) -> str:
    answer = pipeline.pipelines.get_pipeline_execution(pipelineName=pipeline.pipeline, pipelineExecutionId=execution)
    return str(answer["pipelineExecution"]["artifactRevisions"][0]["revisionId"])


def test_start_takes_the_newest_commit(pipeline: ServicePipeline) -> None:
    pipeline.ended(pipeline.create({"name": "Build", "actions": [pipeline.build()]}))
    pipeline.commit({}, "Second")
    pipeline.emulator.push(pipeline.prefix, pipeline.source)
    ran = pipeline.penstock("start", "--output", "json")
    execution = json.loads(ran.out)["execution"]
    pipeline.ended(execution)
    assert commit_of(pipeline, execution) == pipeline.head


def test_start_takes_the_commit_it_is_given(pipeline: ServicePipeline) -> None:
    first = pipeline.head
    pipeline.create(pipeline.asking())
    pipeline.waits()
    pipeline.commit({}, "Second")
    pipeline.emulator.push(pipeline.prefix, pipeline.source)
    ran = pipeline.penstock("start", "--commit", first)
    assert ran.code == 0
    execution = ran.out.splitlines()[0].rpartition(" ")[2]
    pipeline.behind("Prod", execution)
    assert commit_of(pipeline, execution) == first != pipeline.head


def test_start_refuses_a_variable_without_a_value(pipeline: ServicePipeline) -> None:
    pipeline.create(pipeline.asking())
    ran = pipeline.penstock("start", "--variable", "Force")
    assert (ran.code, ran.out) == (2, "")
    assert "--variable Force: no value" in ran.err


def test_start_refuses_half_a_commit(pipeline: ServicePipeline) -> None:
    pipeline.create(pipeline.asking())
    ran = pipeline.penstock("start", "--commit", pipeline.head[:7])
    assert (ran.code, ran.out) == (2, "")
    assert f"git rev-parse {pipeline.head[:7]}" in ran.err


def test_stop_waits_for_what_is_in_progress(pipeline: ServicePipeline) -> None:
    execution = pipeline.create(pipeline.asking())
    pipeline.waits()
    ran = pipeline.penstock("stop", "--reason", "wrong branch")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"stopping {pipeline.head[:12]} Begin (execution {execution})",
        "  it stops when its actions in progress have ended",
    ]
    again = pipeline.penstock("stop")
    assert again.code == 1
    assert "--abandon does not wait" in again.err
    pipeline.answer("Prod", "Approve", "Rejected")
    assert pipeline.ended(execution)["status"] in ("Stopped", "Failed")


def test_stop_abandons_what_is_in_progress_and_status_says_why(pipeline: ServicePipeline) -> None:
    execution = pipeline.create(pipeline.asking())
    pipeline.waits()
    ran = pipeline.penstock("stop", "--abandon", "--reason", "wrong branch")
    assert "abandoned" in ran.out
    assert pipeline.ended(execution)["status"] == "Stopped"
    status = pipeline.penstock("status")
    assert status.code == 1
    assert "the execution was stopped in Prod: wrong branch" in status.out
    assert "again: penstock retry Prod" in status.out


def test_stop_asks_which_of_several_it_is(pipeline: ServicePipeline) -> None:
    first = pipeline.create(pipeline.asking())
    pipeline.waits()
    second = pipeline.push("Second")
    pipeline.behind("Prod", second)
    unclear = pipeline.penstock("stop")
    assert unclear.code == 2
    assert first in unclear.err
    assert second in unclear.err
    ran = pipeline.penstock("stop", "--execution", second[:8], "--output", "json")
    assert json.loads(ran.out)["execution"]["id"] == second
    assert pipeline.ended(second)["status"] == "Stopped"


def test_retry_after_the_repair_goes_through(pipeline: ServicePipeline) -> None:
    pipeline.break_tests()
    execution = pipeline.create(pipeline.beta(), pipeline.prod())
    pipeline.ended(execution)
    pipeline.repair_tests()
    ran = pipeline.penstock("retry")
    assert ran.code == 0
    assert ran.out.startswith(f"trying Beta again: {pipeline.head[:12]} Begin (execution {execution})")
    pipeline.waits()
    details = pipeline.pipelines.list_action_executions(
        pipelineName=pipeline.pipeline, filter={"pipelineExecutionId": execution}
    )["actionExecutionDetails"]
    assert [(run["actionName"], run["status"]) for run in reversed(details)] == [
        ("Source", "Succeeded"),
        ("Deploy", "Succeeded"),
        ("Test", "Failed"),
        ("Deploy", "Succeeded"),
        ("Test", "Succeeded"),
        ("Approve", "InProgress"),
    ]
    assert "penstock retry" not in pipeline.penstock("status").out


def test_retry_without_a_failure_says_what_the_pipeline_does(pipeline: ServicePipeline) -> None:
    pipeline.create(pipeline.asking())
    pipeline.waits()
    ran = pipeline.penstock("retry")
    assert (ran.code, ran.out) == (1, "")
    assert "is to be tried again: Prod/Approve waits for an approval" in ran.err


def test_rollback_brings_back_what_the_stage_held_before(pipeline: ServicePipeline) -> None:
    first = pipeline.create(pipeline.asking("Beta"))
    pipeline.answer("Beta", "Approve", "Approved")
    pipeline.ended(first)
    second = pipeline.push("Second")
    pipeline.inside("Beta", second)
    pipeline.answer("Beta", "Approve", "Approved")
    pipeline.ended(second)

    ran = pipeline.penstock("rollback", "beta", "--yes", "--output", "json")
    assert ran.code == 0
    lines = ran.err.splitlines()
    assert lines[0] == f"into Beta of {pipeline.pipeline} comes back"
    assert f"Begin (execution {first}), succeeded there " in lines[1]
    assert lines[3] == f"  {pipeline.head[:12]} Second (execution {second})"
    assert lines[4] == "an approval of the stage will be asked for again"
    parsed = json.loads(ran.out)
    pipeline.inside("Beta", parsed["execution"])
    assert (parsed["stage"], parsed["target"]["id"], parsed["instead_of"]["id"]) == ("Beta", first, second)
    rollback = pipeline.pipelines.get_pipeline_execution(
        pipelineName=pipeline.pipeline, pipelineExecutionId=parsed["execution"]
    )["pipelineExecution"]
    assert rollback["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": first}


def test_rollback_without_a_terminal_and_without_yes_does_nothing(pipeline: ServicePipeline) -> None:
    first = pipeline.create(pipeline.asking("Beta"))
    pipeline.answer("Beta", "Approve", "Approved")
    pipeline.ended(first)
    ran = pipeline.penstock("rollback", "Beta", "--to", first)
    assert ran.code == 2
    assert "--yes" in ran.err
    listed = pipeline.pipelines.list_pipeline_executions(pipelineName=pipeline.pipeline)
    assert len(listed["pipelineExecutionSummaries"]) == 1


def test_rollback_past_an_update_of_the_pipeline_says_why_it_cannot_be(pipeline: ServicePipeline) -> None:
    first = pipeline.create(pipeline.asking("Beta"))
    pipeline.answer("Beta", "Approve", "Approved")
    pipeline.ended(first)
    pipeline.pipelines.update_pipeline(pipeline=pipeline.declaration(pipeline.asking("Beta"), pipeline.asking("Prod")))
    named = pipeline.penstock("rollback", "Beta", "--to", first[:8], "--yes")
    assert named.code == 1
    assert "it ran before the pipeline was updated (version 1, now 2)" in named.err
    second = pipeline.push("Second")
    pipeline.inside("Beta", second)
    ran = pipeline.penstock("rollback", "Beta", "--yes")
    assert ran.code == 1
    assert f"{first}): it ran before the pipeline was updated" in ran.err


def test_rollback_of_the_source_is_refused(pipeline: ServicePipeline) -> None:
    pipeline.create(pipeline.asking())
    ran = pipeline.penstock("rollback", "source", "--yes")
    assert ran.code == 1
    assert "Source cannot be rolled back: it is the source" in ran.err


@pytest.mark.parametrize("command", ["status", "logs", "approve", "reject", "start", "stop", "retry", "rollback"])
def test_each_command_has_help_with_an_example(command: str, cloud: Cloud, tmp_path: Path) -> None:
    ran = cloud.penstock(command, "--help", cwd=tmp_path)
    assert ran.code == 0
    assert f"Example: penstock {command}" in " ".join(ran.out.split())
    for option in ("--profile", "--region", "--output", "--service"):
        assert option in ran.out
