"""Conditions of stages: looked at before the first action and after the last, and what comes of them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.execution import ExecutionEnded
from tests.rehearsal.codepipeline.pipeline_api import PipelineApi, action, pipeline, stage


def condition(result: str, *rules: str) -> dict[str, Any]:
    kind = {"category": "Rule", "provider": "Fake"}
    return {"conditions": [{"result": result, "rules": [{"name": name, "ruleTypeId": kind} for name in rules]}]}


def begun(api: PipelineApi, **conditions: Any) -> str:
    """An execution that has just come into the stage Go, which has one action and is followed by Last."""
    api.create(pipeline(stage("Go", action("a"), **conditions), stage("Last", action("z"))))
    execution = api.start()
    api.end("Source")
    return execution


def went_through(api: PipelineApi) -> str:
    """An execution that is over and did well in Go, whose conditions are `Watch` after its action."""
    execution = begun(api, onSuccess=condition("ROLLBACK", "Watch"))
    for name in ("a", "Watch", "z"):
        api.end(name)
    assert api.status(execution) == "Succeeded"
    return execution


def test_the_rules_of_an_entry_come_before_the_first_action_side_by_side(api: PipelineApi) -> None:
    begun(api, beforeEntry=condition("FAIL", "Window", "Other"))
    assert api.at_work() == ["Window", "Other"]
    api.end("Window")
    assert api.at_work() == ["Other"]
    api.end("Other")
    assert api.at_work() == ["a"]


def test_a_closed_entry_fails_the_stage_before_anything_is_done(api: PipelineApi) -> None:
    execution = begun(api, beforeEntry=condition("FAIL", "Window"))
    api.fail("Window")
    assert (api.status(execution), api.stage_status("Go"), api.at_work()) == ("Failed", "Failed", [])
    assert api.execution(execution)["statusSummary"] == "Window: Window broke"
    ended = api.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert (ended.stage, ended.action, ended.not_rehearsed) == ("Go", "Window", False)


@pytest.mark.parametrize("mode", ["FAILED_ACTIONS", "ALL_ACTIONS"])
def test_a_retry_looks_at_a_closed_entry_again(api: PipelineApi, mode: str) -> None:
    execution = begun(api, beforeEntry=condition("FAIL", "Window"))
    api.fail("Window")
    api.call("RetryStageExecution", pipelineName="line", stageName="Go", pipelineExecutionId=execution, retryMode=mode)
    assert api.at_work() == ["Window"]
    api.end("Window")
    assert api.at_work() == ["a"]


@pytest.mark.parametrize(("mode", "next_up"), [("FAILED_ACTIONS", "a"), ("ALL_ACTIONS", "Window")])
def test_a_retry_of_failed_actions_does_not_ask_an_open_entry_again(api: PipelineApi, mode: str, next_up: str) -> None:
    execution = begun(api, beforeEntry=condition("FAIL", "Window"))
    api.end("Window")
    api.fail("a")
    api.call("RetryStageExecution", pipelineName="line", stageName="Go", pipelineExecutionId=execution, retryMode=mode)
    assert api.at_work() == [next_up]


def test_a_stage_has_succeeded_once_its_conditions_are_met(api: PipelineApi) -> None:
    begun(api, onSuccess=condition("FAIL", "Watch"))
    api.end("a")
    assert (api.at_work(), api.stage_status("Go")) == (["Watch"], "InProgress")
    api.end("Watch")
    assert (api.at_work(), api.stage_status("Go")) == (["z"], "Succeeded")


def test_a_success_that_is_not_met_fails_the_stage(api: PipelineApi) -> None:
    execution = begun(api, onSuccess=condition("FAIL", "Watch"))
    api.end("a")
    api.fail("Watch")
    assert (api.status(execution), api.at_work()) == ("Failed", [])


def test_a_success_that_is_not_met_brings_the_last_good_execution_back(api: PipelineApi) -> None:
    good = went_through(api)
    bad = api.start()
    api.end("Source")
    api.end("a")
    api.fail("Watch")
    assert api.status(bad) == "Failed"
    (back,) = [run.execution.id for run in api.begun if run.active]
    execution = api.execution(back)
    assert (execution["executionType"], execution["trigger"]["triggerType"]) == ("ROLLBACK", "AutomatedRollback")
    assert execution["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": good}
    api.end("a")
    api.end("Watch")
    assert api.status(back) == "Succeeded"


def test_a_rollback_whose_alarm_goes_off_is_not_rolled_back_again(api: PipelineApi) -> None:
    went_through(api)
    api.start()
    api.end("Source")
    api.end("a")
    api.fail("Watch")
    (back,) = [run.execution.id for run in api.begun if run.active]
    api.end("a")
    api.fail("Watch")
    assert (api.status(back), api.at_work()) == ("Failed", [])


def test_without_a_good_execution_there_is_nothing_to_bring_back(api: PipelineApi) -> None:
    execution = begun(api, onSuccess=condition("ROLLBACK", "Watch"))
    api.end("a")
    api.fail("Watch")
    assert (api.status(execution), api.at_work()) == ("Failed", [])


def test_what_cannot_be_rehearsed_of_a_condition_is_said_and_rolls_nothing_back(api: PipelineApi) -> None:
    went_through(api)
    api.start()
    api.end("Source")
    api.end("a")
    api.fail("Watch", code="NotRehearsed")
    ended = api.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert ended.not_rehearsed
    assert api.at_work() == []


def test_rules_are_listed_apart_from_actions(api: PipelineApi) -> None:
    execution = begun(api, beforeEntry=condition("FAIL", "Window"))
    api.fail("Window")
    asked = {"pipelineExecutionId": execution}
    (rule,) = api.call("ListRuleExecutions", pipelineName="line", filter=asked)["ruleExecutionDetails"]
    assert (rule["stageName"], rule["ruleName"], rule["status"]) == ("Go", "Window", "Failed")
    assert rule["input"]["ruleTypeId"]["provider"] == "Fake"
    assert rule["output"]["executionResult"]["errorDetails"]["message"] == "Window broke"
    assert [run["actionName"] for run in api.history(**asked)] == ["Source"]


def test_who_stops_an_execution_stops_its_rules(api: PipelineApi) -> None:
    execution = begun(api, beforeEntry=condition("FAIL", "Window"))
    api.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, abandon=True)
    assert (api.status(execution), api.at_work()) == ("Stopped", [])


@pytest.mark.parametrize("looked", [False, True])
def test_a_stage_that_was_stopped_before_its_conditions_were_met_has_not_succeeded(
    api: PipelineApi, looked: bool
) -> None:
    execution = begun(api, onSuccess=condition("FAIL", "Watch"))
    if looked:
        api.end("a")
    api.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution)
    api.fail("Watch") if looked else api.end("a")
    assert (api.status(execution), api.stage_status("Go")) == ("Stopped", "Stopped")
    api.call(
        "RetryStageExecution",
        pipelineName="line",
        stageName="Go",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert api.at_work() == ["Watch"]
