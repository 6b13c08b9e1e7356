"""How executions pass one another: superseded, queued, parallel; gates that are shut."""

from __future__ import annotations

import pytest

from generator.execution import ExecutionEnded, StageWaiting
from tests.rehearsal.codepipeline.pipeline_api import SMALL, PipelineApi, action, pipeline, stage

QUEUED = {**SMALL, "executionMode": "QUEUED"}
PARALLEL = {**SMALL, "executionMode": "PARALLEL"}


def through_source(api: PipelineApi) -> str:
    execution = api.start()
    api.end("Source", execution=execution)
    return execution


def test_a_stage_takes_one_execution_at_a_time(api: PipelineApi) -> None:
    api.create(SMALL)
    first, second = through_source(api), through_source(api)
    assert api.at_work() == ["Build"]
    assert api.state("Build")["inboundExecutions"] == [
        {"pipelineExecutionId": second, "status": "InProgress", "type": "STANDARD"}
    ]
    api.end("Build", execution=first)
    assert api.at_work() == ["Deploy", "Build"]
    assert api.status(second) == "InProgress"


def test_a_newer_execution_supersedes_the_one_that_waits(api: PipelineApi) -> None:
    api.create(SMALL)
    first, second, third = (through_source(api) for _ in range(3))
    assert [api.status(e) for e in (first, second, third)] == ["InProgress", "Superseded", "InProgress"]
    api.end("Build", execution=first)
    assert api.begun[-1].execution.id == third
    superseded = [e for e in api.events if isinstance(e, ExecutionEnded)]
    assert [e.execution for e in superseded] == [second]


def test_one_who_waits_is_told_what_for(api: PipelineApi) -> None:
    api.create(SMALL)
    first, second = through_source(api), through_source(api)
    (waiting,) = [event for event in api.events if isinstance(event, StageWaiting)]
    assert (waiting.execution, waiting.stage) == (second, "Build")
    assert first in waiting.reason


def test_a_failure_unlocks_the_stage_for_whoever_waits(api: PipelineApi) -> None:
    api.create(SMALL)
    first, second = through_source(api), through_source(api)
    api.fail("Build", execution=first)
    assert api.status(first) == "Failed"
    assert api.begun[-1].execution.id == second


def test_queued_executions_keep_their_order(api: PipelineApi) -> None:
    api.create(QUEUED)
    first, second, third = (through_source(api) for _ in range(3))
    api.end("Build", execution=first)
    assert api.begun[-1].execution.id == second
    api.end("Build", execution=second)
    assert api.at_work() == ["Deploy", "Build"]
    assert api.begun[-1].execution.id == third
    assert api.status(third) == "InProgress"


def test_parallel_executions_do_not_wait_for_one_another(api: PipelineApi) -> None:
    api.create(PARALLEL)
    first, second = through_source(api), through_source(api)
    assert api.at_work() == ["Build", "Build"]
    for name in ("Build", "Deploy"):
        api.end(name, execution=second)
    assert [api.status(e) for e in (first, second)] == ["InProgress", "Succeeded"]


@pytest.mark.parametrize("mode", ["QUEUED", "PARALLEL"])
def test_at_most_fifty_executions_run_at_once(api: PipelineApi, mode: str) -> None:
    api.create({**SMALL, "executionMode": mode})
    for _ in range(50):
        api.start()
    error = api.refused("StartPipelineExecution", name="line")
    assert error.code == "ConcurrentPipelineExecutionsLimitExceededException"


def shut(api: PipelineApi, stage_name: str, kind: str = "Inbound") -> None:
    api.call(
        "DisableStageTransition",
        pipelineName="line",
        stageName=stage_name,
        transitionType=kind,
        reason="not today",
    )


def opened(api: PipelineApi, stage_name: str, kind: str = "Inbound") -> None:
    api.call("EnableStageTransition", pipelineName="line", stageName=stage_name, transitionType=kind)


@pytest.mark.parametrize(("closed", "kind"), [("Build", "Inbound"), ("Source", "Outbound")])
def test_a_disabled_transition_holds_until_it_is_enabled(api: PipelineApi, closed: str, kind: str) -> None:
    api.create(SMALL)
    shut(api, closed, kind)
    execution = through_source(api)
    assert api.at_work() == []
    assert api.status(execution) == "InProgress"
    opened(api, closed, kind)
    assert api.at_work() == ["Build"]


def test_behind_a_disabled_transition_the_newest_wins(api: PipelineApi) -> None:
    api.create(SMALL)
    shut(api, "Build")
    older, newer = through_source(api), through_source(api)
    opened(api, "Build")
    assert [api.status(e) for e in (older, newer)] == ["Superseded", "InProgress"]
    assert api.begun[-1].execution.id == newer


def test_a_transition_shows_who_shut_it_and_why(api: PipelineApi) -> None:
    api.create(SMALL)
    assert api.state("Build")["inboundTransitionState"] == {"enabled": True}
    shut(api, "Build")
    state = api.state("Build")["inboundTransitionState"]
    assert (state["enabled"], state["disabledReason"]) == (False, "not today")
    assert state["lastChangedBy"].endswith("user/anna")
    opened(api, "Build")
    state = api.state("Build")["inboundTransitionState"]
    assert (state["enabled"], "disabledReason" in state) == (True, False)


def test_a_transition_of_a_stage_that_is_not_there_is_refused(api: PipelineApi) -> None:
    api.create(SMALL)
    error = api.refused(
        "DisableStageTransition",
        pipelineName="line",
        stageName="Nowhere",
        transitionType="Inbound",
        reason="x",
    )
    assert error.code == "StageNotFoundException"


def test_an_update_cancels_what_runs_once_its_actions_are_done(api: PipelineApi) -> None:
    api.create(SMALL)
    running = through_source(api)
    waiting = through_source(api)
    api.call("UpdatePipeline", pipeline=SMALL)
    assert [api.status(e) for e in (running, waiting)] == ["InProgress", "Cancelled"]
    api.end("Build")
    assert api.status(running) == "Cancelled"
    assert api.at_work() == []
    assert api.execution(running)["pipelineVersion"] == 1


def test_after_an_update_new_executions_follow_the_new_structure(api: PipelineApi) -> None:
    api.create(SMALL)
    api.call("UpdatePipeline", pipeline=pipeline(stage("Other", action("Other"))))
    execution = through_source(api)
    assert api.at_work() == ["Other"]
    assert api.execution(execution)["pipelineVersion"] == 2


def test_a_cancelled_execution_keeps_the_stage_until_its_action_is_done(api: PipelineApi) -> None:
    api.create(SMALL)
    through_source(api)
    api.call("UpdatePipeline", pipeline=SMALL)
    new = through_source(api)
    assert api.at_work() == ["Build"]
    api.end("Build")
    assert api.begun[-1].execution.id == new


def test_an_update_leaves_parallel_executions_alone(api: PipelineApi) -> None:
    api.create(PARALLEL)
    execution = through_source(api)
    api.call("UpdatePipeline", pipeline=SMALL)
    for name in ("Build", "Deploy"):
        api.end(name)
    assert api.status(execution) == "Succeeded"


def test_deleting_a_pipeline_gives_up_what_runs(api: PipelineApi) -> None:
    api.create(SMALL)
    api.start()
    api.call("DeletePipeline", name="line")
    assert api.at_work() == []
    assert api.refused("GetPipelineState", name="line").code == "PipelineNotFoundException"
    assert isinstance(api.events[-1], ExecutionEnded)
