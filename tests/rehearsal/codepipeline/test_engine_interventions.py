"""What people do to executions: stop, abandon, retry, roll back; and what stages do by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.codepipeline.bench import SMALL, Bench, action, pipeline, stage

TWO_ORDERS = pipeline(stage("Go", action("a"), action("b"), action("c", 2)), stage("Last", action("d")))


def stop(bench: Bench, execution: str, **options: Any) -> None:
    bench.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, **options)


def retry(bench: Bench, execution: str, stage_name: str, mode: str = "FAILED_ACTIONS") -> None:
    bench.call(
        "RetryStageExecution",
        pipelineName="line",
        stageName=stage_name,
        pipelineExecutionId=execution,
        retryMode=mode,
    )


def retry_refused(bench: Bench, execution: str, stage_name: str, mode: str = "FAILED_ACTIONS") -> str:
    return bench.refused(
        "RetryStageExecution",
        pipelineName="line",
        stageName=stage_name,
        pipelineExecutionId=execution,
        retryMode=mode,
    ).code


def in_go(bench: Bench) -> str:
    bench.create(TWO_ORDERS)
    execution = bench.start()
    bench.end("Source")
    return execution


def test_stopping_waits_for_the_actions_in_progress(bench: Bench) -> None:
    execution = in_go(bench)
    stop(bench, execution, reason="wrong commit")
    assert (bench.status(execution), bench.stage_status("Go")) == ("Stopping", "Stopping")
    bench.end("a")
    assert bench.status(execution) == "Stopping"
    bench.end("b")
    assert (bench.status(execution), bench.stage_status("Go")) == ("Stopped", "Stopped")
    assert bench.at_work() == []
    (summary, _) = bench.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]
    assert summary["stopTrigger"] == {"reason": "wrong commit"}


def test_a_stage_that_was_complete_when_stopped_has_succeeded(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    stop(bench, execution)
    bench.end("Source")
    assert (bench.status(execution), bench.stage_status("Source")) == ("Stopped", "Succeeded")
    assert bench.at_work() == []


def test_abandoning_waits_for_nothing(bench: Bench) -> None:
    execution = in_go(bench)
    stop(bench, execution, abandon=True)
    assert (bench.status(execution), bench.stage_status("Go")) == ("Stopped", "Stopped")
    assert [run["status"] for run in bench.history(pipelineExecutionId=execution)] == [
        "Abandoned",
        "Abandoned",
        "Succeeded",
    ]


def test_a_stopping_execution_can_be_abandoned_and_not_stopped_twice(bench: Bench) -> None:
    execution = in_go(bench)
    stop(bench, execution)
    error = bench.refused("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution)
    assert error.code == "DuplicatedStopRequestException"
    stop(bench, execution, abandon=True)
    assert bench.status(execution) == "Stopped"


def test_one_that_waits_before_a_stage_stops_at_once(bench: Bench) -> None:
    bench.create(SMALL)
    for _ in range(2):
        waiting = bench.start()
        bench.end("Source", execution=waiting)
    stop(bench, waiting)
    assert bench.status(waiting) == "Stopped"
    bench.end("Build")
    assert bench.at_work() == ["Deploy"]


@pytest.mark.parametrize("execution", ["gone", "never"])
def test_what_does_not_run_cannot_be_stopped(bench: Bench, execution: str) -> None:
    bench.create(SMALL)
    ids = {"gone": bench.start(), "never": "00000000-0000-0000-0000-000000000000"}
    stop(bench, ids["gone"], abandon=True)
    error = bench.refused("StopPipelineExecution", pipelineName="line", pipelineExecutionId=ids[execution])
    assert error.code == "PipelineExecutionNotStoppableException"


def test_retrying_failed_actions_leaves_the_others_done(bench: Bench) -> None:
    execution = in_go(bench)
    bench.fail("a")
    bench.end("b")
    retry(bench, execution, "Go")
    assert bench.at_work() == ["a"]
    assert (bench.status(execution), bench.stage_status("Go")) == ("InProgress", "InProgress")
    for name in ("a", "c", "d"):
        bench.end(name)
    assert bench.status(execution) == "Succeeded"
    assert bench.state("Go")["retryStageMetadata"] == {
        "manualStageRetryAttempt": 1,
        "latestRetryTrigger": "ManualStageRetry",
    }


def test_retrying_all_actions_begins_at_the_first(bench: Bench) -> None:
    execution = in_go(bench)
    bench.end("a")
    bench.end("b")
    bench.fail("c")
    retry(bench, execution, "Go", "ALL_ACTIONS")
    assert bench.at_work() == ["a", "b"]


def test_a_retry_reads_the_same_artifacts(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    bench.end("Source")
    first = bench.begun[-1].inputs
    bench.fail("Build")
    retry(bench, execution, "Build")
    assert bench.begun[-1].inputs == first
    assert bench.at_work() == ["Build"]


def test_failed_actions_can_be_retried_while_others_go_on(bench: Bench) -> None:
    execution = in_go(bench)
    bench.fail("a")
    assert retry_refused(bench, execution, "Go", "ALL_ACTIONS") == "StageNotRetryableException"
    retry(bench, execution, "Go")
    assert bench.at_work() == ["b", "a"]
    bench.end("b")
    bench.end("a")
    assert bench.at_work() == ["c"]


def test_a_stopped_stage_can_be_retried(bench: Bench) -> None:
    execution = in_go(bench)
    stop(bench, execution, abandon=True)
    retry(bench, execution, "Go")
    assert bench.at_work() == ["a", "b"]
    assert bench.status(execution) == "InProgress"


def test_a_stage_stopped_between_two_run_orders_goes_on_where_it_was(bench: Bench) -> None:
    execution = in_go(bench)
    stop(bench, execution)
    bench.end("a")
    bench.end("b")
    retry(bench, execution, "Go")
    assert bench.at_work() == ["c"]


def test_history_keeps_every_try(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    bench.end("Source")
    bench.fail("Build")
    retry(bench, execution, "Build")
    everything = bench.history(pipelineExecutionId=execution)
    assert [run["actionName"] for run in everything] == ["Build", "Build", "Source"]
    latest = bench.history(latestInPipelineExecution={"pipelineExecutionId": execution, "startTimeRange": "Latest"})
    assert [(run["actionName"], run["status"]) for run in latest] == [
        ("Build", "InProgress"),
        ("Source", "Succeeded"),
    ]


def test_a_stage_cannot_be_retried_after_another_execution_entered_it(bench: Bench) -> None:
    execution = in_go(bench)
    bench.fail("a")
    bench.end("b")
    bench.start()
    bench.end("Source")
    assert retry_refused(bench, execution, "Go") == "NotLatestPipelineExecutionException"


def test_a_stage_cannot_be_retried_after_the_pipeline_was_updated(bench: Bench) -> None:
    execution = in_go(bench)
    bench.fail("a")
    bench.end("b")
    bench.call("UpdatePipeline", pipeline=TWO_ORDERS)
    assert retry_refused(bench, execution, "Go") == "StageNotRetryableException"


def test_a_stage_that_succeeded_cannot_be_retried(bench: Bench) -> None:
    execution = in_go(bench)
    assert retry_refused(bench, execution, "Source") == "StageNotRetryableException"
    assert retry_refused(bench, execution, "Nowhere") == "StageNotFoundException"


def test_a_stage_that_says_so_is_tried_once_more_by_itself(bench: Bench) -> None:
    failure = {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}
    bench.create(pipeline(stage("Go", action("a"), action("b"), onFailure=failure)))
    execution = bench.start()
    bench.end("Source")
    bench.fail("a")
    bench.end("b")
    assert bench.at_work() == ["a", "b"]
    assert bench.state("Go")["retryStageMetadata"] == {
        "autoStageRetryAttempt": 1,
        "latestRetryTrigger": "AutomatedStageRetry",
    }
    bench.fail("a")
    bench.end("b")
    assert bench.status(execution) == "Failed"


def deployed(bench: Bench) -> str:
    execution = bench.start()
    for name in ("Source", "Build", "Deploy"):
        bench.end(name)
    return execution


def roll_back(bench: Bench, target: str, stage_name: str = "Deploy") -> str:
    answer = bench.call("RollbackStage", pipelineName="line", stageName=stage_name, targetPipelineExecutionId=target)
    return str(answer["pipelineExecutionId"])


def test_a_rollback_takes_an_earlier_executions_artifacts_through_one_stage(bench: Bench) -> None:
    declared = pipeline(
        stage("Build", action("Build", inputs=["code"])),
        stage("Deploy", action("Deploy", inputs=["code"])),
        stage("After", action("After")),
    )
    bench.create(declared)
    target = deployed(bench)
    bench.end("After")
    rollback = roll_back(bench, target)
    assert bench.at_work() == ["Deploy"]
    assert bench.begun[-1].inputs == bench.begun[0].execution.artifacts
    shown = bench.execution(rollback)
    assert (shown["executionType"], shown["trigger"]["triggerType"]) == ("ROLLBACK", "ManualRollback")
    assert shown["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": target}
    bench.end("Deploy")
    assert bench.status(rollback) == "Succeeded"
    assert bench.at_work() == []


@pytest.mark.parametrize(
    ("stage_name", "code"),
    [("Source", "UnableToRollbackStageException"), ("Nowhere", "StageNotFoundException")],
)
def test_some_stages_cannot_be_rolled_back(bench: Bench, stage_name: str, code: str) -> None:
    bench.create(SMALL)
    target = deployed(bench)
    error = bench.refused("RollbackStage", pipelineName="line", stageName=stage_name, targetPipelineExecutionId=target)
    assert error.code == code


def test_an_execution_that_failed_in_a_stage_is_no_way_back(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    bench.end("Source")
    bench.fail("Build")
    error = bench.refused("RollbackStage", pipelineName="line", stageName="Build", targetPipelineExecutionId=execution)
    assert error.code == "UnableToRollbackStageException"


def test_an_execution_of_an_earlier_version_is_no_way_back(bench: Bench) -> None:
    bench.create(SMALL)
    target = deployed(bench)
    bench.call("UpdatePipeline", pipeline=SMALL)
    error = bench.refused("RollbackStage", pipelineName="line", stageName="Deploy", targetPipelineExecutionId=target)
    assert error.code == "PipelineExecutionOutdatedException"


def test_a_stage_that_says_so_rolls_back_by_itself(bench: Bench) -> None:
    declared = pipeline(
        stage("Build", action("Build")), stage("Deploy", action("Deploy"), onFailure={"result": "ROLLBACK"})
    )
    bench.create(declared)
    good = deployed(bench)
    bad = bench.start()
    for name in ("Source", "Build"):
        bench.end(name)
    bench.fail("Deploy")
    assert bench.status(bad) == "Failed"
    rollback = bench.begun[-1].execution
    assert (rollback.rollback_of, rollback.trigger) == (good, "AutomatedRollback")
    bench.fail("Deploy")
    assert bench.at_work() == [], "a rollback that fails is not rolled back again"
