"""Conditions of stages: looked at before the first action and after the last, and what comes of them."""

from __future__ import annotations

from typing import Any

import pytest

from generator.execution import ExecutionEnded
from tests.rehearsal.codepipeline.bench import Bench, action, pipeline, stage


def condition(result: str, *rules: str) -> dict[str, Any]:
    kind = {"category": "Rule", "provider": "Fake"}
    return {"conditions": [{"result": result, "rules": [{"name": name, "ruleTypeId": kind} for name in rules]}]}


def begun(bench: Bench, **conditions: Any) -> str:
    """An execution that has just come into the stage Go, which has one action and is followed by Last."""
    bench.create(pipeline(stage("Go", action("a"), **conditions), stage("Last", action("z"))))
    execution = bench.start()
    bench.end("Source")
    return execution


def went_through(bench: Bench) -> str:
    """An execution that is over and did well in Go, whose conditions are `Watch` after its action."""
    execution = begun(bench, onSuccess=condition("ROLLBACK", "Watch"))
    for name in ("a", "Watch", "z"):
        bench.end(name)
    assert bench.status(execution) == "Succeeded"
    return execution


def test_the_rules_of_an_entry_come_before_the_first_action_side_by_side(bench: Bench) -> None:
    begun(bench, beforeEntry=condition("FAIL", "Window", "Other"))
    assert bench.at_work() == ["Window", "Other"]
    bench.end("Window")
    assert bench.at_work() == ["Other"]
    bench.end("Other")
    assert bench.at_work() == ["a"]


def test_a_closed_entry_fails_the_stage_before_anything_is_done(bench: Bench) -> None:
    execution = begun(bench, beforeEntry=condition("FAIL", "Window"))
    bench.fail("Window")
    assert (bench.status(execution), bench.stage_status("Go"), bench.at_work()) == ("Failed", "Failed", [])
    assert bench.execution(execution)["statusSummary"] == "Window: Window broke"
    ended = bench.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert (ended.stage, ended.action, ended.not_rehearsed) == ("Go", "Window", False)


@pytest.mark.parametrize("mode", ["FAILED_ACTIONS", "ALL_ACTIONS"])
def test_a_retry_looks_at_a_closed_entry_again(bench: Bench, mode: str) -> None:
    execution = begun(bench, beforeEntry=condition("FAIL", "Window"))
    bench.fail("Window")
    bench.call(
        "RetryStageExecution", pipelineName="line", stageName="Go", pipelineExecutionId=execution, retryMode=mode
    )
    assert bench.at_work() == ["Window"]
    bench.end("Window")
    assert bench.at_work() == ["a"]


@pytest.mark.parametrize(("mode", "next_up"), [("FAILED_ACTIONS", "a"), ("ALL_ACTIONS", "Window")])
def test_a_retry_of_failed_actions_does_not_ask_an_open_entry_again(bench: Bench, mode: str, next_up: str) -> None:
    execution = begun(bench, beforeEntry=condition("FAIL", "Window"))
    bench.end("Window")
    bench.fail("a")
    bench.call(
        "RetryStageExecution", pipelineName="line", stageName="Go", pipelineExecutionId=execution, retryMode=mode
    )
    assert bench.at_work() == [next_up]


def test_a_stage_has_succeeded_once_its_conditions_are_met(bench: Bench) -> None:
    begun(bench, onSuccess=condition("FAIL", "Watch"))
    bench.end("a")
    assert (bench.at_work(), bench.stage_status("Go")) == (["Watch"], "InProgress")
    bench.end("Watch")
    assert (bench.at_work(), bench.stage_status("Go")) == (["z"], "Succeeded")


def test_a_success_that_is_not_met_fails_the_stage(bench: Bench) -> None:
    execution = begun(bench, onSuccess=condition("FAIL", "Watch"))
    bench.end("a")
    bench.fail("Watch")
    assert (bench.status(execution), bench.at_work()) == ("Failed", [])


def test_a_success_that_is_not_met_brings_the_last_good_execution_back(bench: Bench) -> None:
    good = went_through(bench)
    bad = bench.start()
    bench.end("Source")
    bench.end("a")
    bench.fail("Watch")
    assert bench.status(bad) == "Failed"
    (back,) = [run.execution.id for run in bench.begun if run.active]
    execution = bench.execution(back)
    assert (execution["executionType"], execution["trigger"]["triggerType"]) == ("ROLLBACK", "AutomatedRollback")
    assert execution["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": good}
    bench.end("a")
    bench.end("Watch")
    assert bench.status(back) == "Succeeded"


def test_a_rollback_whose_alarm_goes_off_is_not_rolled_back_again(bench: Bench) -> None:
    went_through(bench)
    bench.start()
    bench.end("Source")
    bench.end("a")
    bench.fail("Watch")
    (back,) = [run.execution.id for run in bench.begun if run.active]
    bench.end("a")
    bench.fail("Watch")
    assert (bench.status(back), bench.at_work()) == ("Failed", [])


def test_without_a_good_execution_there_is_nothing_to_bring_back(bench: Bench) -> None:
    execution = begun(bench, onSuccess=condition("ROLLBACK", "Watch"))
    bench.end("a")
    bench.fail("Watch")
    assert (bench.status(execution), bench.at_work()) == ("Failed", [])


def test_what_cannot_be_rehearsed_of_a_condition_is_said_and_rolls_nothing_back(bench: Bench) -> None:
    went_through(bench)
    bench.start()
    bench.end("Source")
    bench.end("a")
    bench.fail("Watch", code="NotRehearsed")
    ended = bench.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert ended.not_rehearsed
    assert bench.at_work() == []


def test_rules_are_listed_apart_from_actions(bench: Bench) -> None:
    execution = begun(bench, beforeEntry=condition("FAIL", "Window"))
    bench.fail("Window")
    asked = {"pipelineExecutionId": execution}
    (rule,) = bench.call("ListRuleExecutions", pipelineName="line", filter=asked)["ruleExecutionDetails"]
    assert (rule["stageName"], rule["ruleName"], rule["status"]) == ("Go", "Window", "Failed")
    assert rule["input"]["ruleTypeId"]["provider"] == "Fake"
    assert rule["output"]["executionResult"]["errorDetails"]["message"] == "Window broke"
    assert [run["actionName"] for run in bench.history(**asked)] == ["Source"]


def test_who_stops_an_execution_stops_its_rules(bench: Bench) -> None:
    execution = begun(bench, beforeEntry=condition("FAIL", "Window"))
    bench.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, abandon=True)
    assert (bench.status(execution), bench.at_work()) == ("Stopped", [])


@pytest.mark.parametrize("looked", [False, True])
def test_a_stage_that_was_stopped_before_its_conditions_were_met_has_not_succeeded(bench: Bench, looked: bool) -> None:
    execution = begun(bench, onSuccess=condition("FAIL", "Watch"))
    if looked:
        bench.end("a")
    bench.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution)
    bench.fail("Watch") if looked else bench.end("a")
    assert (bench.status(execution), bench.stage_status("Go")) == ("Stopped", "Stopped")
    bench.call(
        "RetryStageExecution",
        pipelineName="line",
        stageName="Go",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert bench.at_work() == ["Watch"]
