"""What people do to executions: stop, abandon, retry, roll back; and what stages do by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.codepipeline.pipeline_api import SMALL, PipelineApi, action, pipeline, stage

TWO_ORDERS = pipeline(stage("Go", action("a"), action("b"), action("c", 2)), stage("Last", action("d")))


def stop(api: PipelineApi, execution: str, **options: Any) -> None:
    api.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, **options)


def retry(api: PipelineApi, execution: str, stage_name: str, mode: str = "FAILED_ACTIONS") -> None:
    api.call(
        "RetryStageExecution",
        pipelineName="line",
        stageName=stage_name,
        pipelineExecutionId=execution,
        retryMode=mode,
    )


def retry_refused(api: PipelineApi, execution: str, stage_name: str, mode: str = "FAILED_ACTIONS") -> str:
    return api.refused(
        "RetryStageExecution",
        pipelineName="line",
        stageName=stage_name,
        pipelineExecutionId=execution,
        retryMode=mode,
    ).code


def in_go(api: PipelineApi) -> str:
    api.create(TWO_ORDERS)
    execution = api.start()
    api.end("Source")
    return execution


def test_stopping_waits_for_the_actions_in_progress(api: PipelineApi) -> None:
    execution = in_go(api)
    stop(api, execution, reason="wrong commit")
    assert (api.status(execution), api.stage_status("Go")) == ("Stopping", "Stopping")
    api.end("a")
    assert api.status(execution) == "Stopping"
    api.end("b")
    assert (api.status(execution), api.stage_status("Go")) == ("Stopped", "Stopped")
    assert api.at_work() == []
    (summary, _) = api.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]
    assert summary["stopTrigger"] == {"reason": "wrong commit"}


def test_a_stage_that_was_complete_when_stopped_has_succeeded(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    stop(api, execution)
    api.end("Source")
    assert (api.status(execution), api.stage_status("Source")) == ("Stopped", "Succeeded")
    assert api.at_work() == []


def test_abandoning_waits_for_nothing(api: PipelineApi) -> None:
    execution = in_go(api)
    stop(api, execution, abandon=True)
    assert (api.status(execution), api.stage_status("Go")) == ("Stopped", "Stopped")
    assert [run["status"] for run in api.history(pipelineExecutionId=execution)] == [
        "Abandoned",
        "Abandoned",
        "Succeeded",
    ]


def test_a_stopping_execution_can_be_abandoned_and_not_stopped_twice(api: PipelineApi) -> None:
    execution = in_go(api)
    stop(api, execution)
    error = api.refused("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution)
    assert error.code == "DuplicatedStopRequestException"
    stop(api, execution, abandon=True)
    assert api.status(execution) == "Stopped"


def test_one_that_waits_before_a_stage_stops_at_once(api: PipelineApi) -> None:
    api.create(SMALL)
    for _ in range(2):
        waiting = api.start()
        api.end("Source", execution=waiting)
    stop(api, waiting)
    assert api.status(waiting) == "Stopped"
    api.end("Build")
    assert api.at_work() == ["Deploy"]


@pytest.mark.parametrize("execution", ["gone", "never"])
def test_what_does_not_run_cannot_be_stopped(api: PipelineApi, execution: str) -> None:
    api.create(SMALL)
    ids = {"gone": api.start(), "never": "00000000-0000-0000-0000-000000000000"}
    stop(api, ids["gone"], abandon=True)
    error = api.refused("StopPipelineExecution", pipelineName="line", pipelineExecutionId=ids[execution])
    assert error.code == "PipelineExecutionNotStoppableException"


def test_retrying_failed_actions_leaves_the_others_done(api: PipelineApi) -> None:
    execution = in_go(api)
    api.fail("a")
    api.end("b")
    retry(api, execution, "Go")
    assert api.at_work() == ["a"]
    assert (api.status(execution), api.stage_status("Go")) == ("InProgress", "InProgress")
    for name in ("a", "c", "d"):
        api.end(name)
    assert api.status(execution) == "Succeeded"
    assert api.state("Go")["retryStageMetadata"] == {
        "manualStageRetryAttempt": 1,
        "latestRetryTrigger": "ManualStageRetry",
    }


def test_retrying_all_actions_begins_at_the_first(api: PipelineApi) -> None:
    execution = in_go(api)
    api.end("a")
    api.end("b")
    api.fail("c")
    retry(api, execution, "Go", "ALL_ACTIONS")
    assert api.at_work() == ["a", "b"]


def test_a_retry_reads_the_same_artifacts(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    api.end("Source")
    first = api.begun[-1].inputs
    api.fail("Build")
    retry(api, execution, "Build")
    assert api.begun[-1].inputs == first
    assert api.at_work() == ["Build"]


def test_failed_actions_can_be_retried_while_others_go_on(api: PipelineApi) -> None:
    execution = in_go(api)
    api.fail("a")
    assert retry_refused(api, execution, "Go", "ALL_ACTIONS") == "StageNotRetryableException"
    retry(api, execution, "Go")
    assert api.at_work() == ["b", "a"]
    api.end("b")
    api.end("a")
    assert api.at_work() == ["c"]


def test_a_stopped_stage_can_be_retried(api: PipelineApi) -> None:
    execution = in_go(api)
    stop(api, execution, abandon=True)
    retry(api, execution, "Go")
    assert api.at_work() == ["a", "b"]
    assert api.status(execution) == "InProgress"


def test_a_stage_stopped_between_two_run_orders_goes_on_where_it_was(api: PipelineApi) -> None:
    execution = in_go(api)
    stop(api, execution)
    api.end("a")
    api.end("b")
    retry(api, execution, "Go")
    assert api.at_work() == ["c"]


def test_history_keeps_every_try(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    api.end("Source")
    api.fail("Build")
    retry(api, execution, "Build")
    everything = api.history(pipelineExecutionId=execution)
    assert [run["actionName"] for run in everything] == ["Build", "Build", "Source"]
    latest = api.history(latestInPipelineExecution={"pipelineExecutionId": execution, "startTimeRange": "Latest"})
    assert [(run["actionName"], run["status"]) for run in latest] == [
        ("Build", "InProgress"),
        ("Source", "Succeeded"),
    ]


def test_a_stage_cannot_be_retried_after_another_execution_entered_it(api: PipelineApi) -> None:
    execution = in_go(api)
    api.fail("a")
    api.end("b")
    api.start()
    api.end("Source")
    assert retry_refused(api, execution, "Go") == "NotLatestPipelineExecutionException"


def test_a_stage_cannot_be_retried_after_the_pipeline_was_updated(api: PipelineApi) -> None:
    execution = in_go(api)
    api.fail("a")
    api.end("b")
    api.call("UpdatePipeline", pipeline=TWO_ORDERS)
    assert retry_refused(api, execution, "Go") == "StageNotRetryableException"


def test_a_stage_that_succeeded_cannot_be_retried(api: PipelineApi) -> None:
    execution = in_go(api)
    assert retry_refused(api, execution, "Source") == "StageNotRetryableException"
    assert retry_refused(api, execution, "Nowhere") == "StageNotFoundException"


def test_a_stage_that_says_so_is_tried_once_more_by_itself(api: PipelineApi) -> None:
    failure = {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}
    api.create(pipeline(stage("Go", action("a"), action("b"), onFailure=failure)))
    execution = api.start()
    api.end("Source")
    api.fail("a")
    api.end("b")
    assert api.at_work() == ["a", "b"]
    assert api.state("Go")["retryStageMetadata"] == {
        "autoStageRetryAttempt": 1,
        "latestRetryTrigger": "AutomatedStageRetry",
    }
    api.fail("a")
    api.end("b")
    assert api.status(execution) == "Failed"


def deployed(api: PipelineApi) -> str:
    execution = api.start()
    for name in ("Source", "Build", "Deploy"):
        api.end(name)
    return execution


def roll_back(api: PipelineApi, target: str, stage_name: str = "Deploy") -> str:
    answer = api.call("RollbackStage", pipelineName="line", stageName=stage_name, targetPipelineExecutionId=target)
    return str(answer["pipelineExecutionId"])


def test_a_rollback_takes_an_earlier_executions_artifacts_through_one_stage(api: PipelineApi) -> None:
    declared = pipeline(
        stage("Build", action("Build", inputs=["code"])),
        stage("Deploy", action("Deploy", inputs=["code"])),
        stage("After", action("After")),
    )
    api.create(declared)
    target = deployed(api)
    api.end("After")
    rollback = roll_back(api, target)
    assert api.at_work() == ["Deploy"]
    assert api.begun[-1].inputs == api.begun[0].execution.artifacts
    shown = api.execution(rollback)
    assert (shown["executionType"], shown["trigger"]["triggerType"]) == ("ROLLBACK", "ManualRollback")
    assert shown["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": target}
    api.end("Deploy")
    assert api.status(rollback) == "Succeeded"
    assert api.at_work() == []


@pytest.mark.parametrize(
    ("stage_name", "code"),
    [("Source", "UnableToRollbackStageException"), ("Nowhere", "StageNotFoundException")],
)
def test_some_stages_cannot_be_rolled_back(api: PipelineApi, stage_name: str, code: str) -> None:
    api.create(SMALL)
    target = deployed(api)
    error = api.refused("RollbackStage", pipelineName="line", stageName=stage_name, targetPipelineExecutionId=target)
    assert error.code == code


def test_an_execution_that_failed_in_a_stage_is_no_way_back(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    api.end("Source")
    api.fail("Build")
    error = api.refused("RollbackStage", pipelineName="line", stageName="Build", targetPipelineExecutionId=execution)
    assert error.code == "UnableToRollbackStageException"


def test_an_execution_of_an_earlier_version_is_no_way_back(api: PipelineApi) -> None:
    api.create(SMALL)
    target = deployed(api)
    api.call("UpdatePipeline", pipeline=SMALL)
    error = api.refused("RollbackStage", pipelineName="line", stageName="Deploy", targetPipelineExecutionId=target)
    assert error.code == "PipelineExecutionOutdatedException"


def test_a_stage_that_says_so_rolls_back_by_itself(api: PipelineApi) -> None:
    declared = pipeline(
        stage("Build", action("Build")), stage("Deploy", action("Deploy"), onFailure={"result": "ROLLBACK"})
    )
    api.create(declared)
    good = deployed(api)
    bad = api.start()
    for name in ("Source", "Build"):
        api.end(name)
    api.fail("Deploy")
    assert api.status(bad) == "Failed"
    rollback = api.begun[-1].execution
    assert (rollback.rollback_of, rollback.trigger) == (good, "AutomatedRollback")
    api.fail("Deploy")
    assert api.at_work() == [], "a rollback that fails is not rolled back again"
