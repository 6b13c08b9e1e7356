"""How executions pass one another: superseded, queued, parallel; gates that are shut."""

from __future__ import annotations

import pytest

from generator.execution import ExecutionEnded, StageWaiting
from tests.rehearsal.codepipeline.bench import SMALL, Bench, action, pipeline, stage

QUEUED = {**SMALL, "executionMode": "QUEUED"}
PARALLEL = {**SMALL, "executionMode": "PARALLEL"}


def through_source(bench: Bench) -> str:
    execution = bench.start()
    bench.end("Source", execution=execution)
    return execution


def test_a_stage_takes_one_execution_at_a_time(bench: Bench) -> None:
    bench.create(SMALL)
    first, second = through_source(bench), through_source(bench)
    assert bench.at_work() == ["Build"]
    assert bench.state("Build")["inboundExecutions"] == [
        {"pipelineExecutionId": second, "status": "InProgress", "type": "STANDARD"}
    ]
    bench.end("Build", execution=first)
    assert bench.at_work() == ["Deploy", "Build"]
    assert bench.status(second) == "InProgress"


def test_a_newer_execution_supersedes_the_one_that_waits(bench: Bench) -> None:
    bench.create(SMALL)
    first, second, third = (through_source(bench) for _ in range(3))
    assert [bench.status(e) for e in (first, second, third)] == ["InProgress", "Superseded", "InProgress"]
    bench.end("Build", execution=first)
    assert bench.begun[-1].execution.id == third
    superseded = [e for e in bench.events if isinstance(e, ExecutionEnded)]
    assert [e.execution for e in superseded] == [second]


def test_one_who_waits_is_told_what_for(bench: Bench) -> None:
    bench.create(SMALL)
    first, second = through_source(bench), through_source(bench)
    (waiting,) = [event for event in bench.events if isinstance(event, StageWaiting)]
    assert (waiting.execution, waiting.stage) == (second, "Build")
    assert first in waiting.reason


def test_a_failure_unlocks_the_stage_for_whoever_waits(bench: Bench) -> None:
    bench.create(SMALL)
    first, second = through_source(bench), through_source(bench)
    bench.fail("Build", execution=first)
    assert bench.status(first) == "Failed"
    assert bench.begun[-1].execution.id == second


def test_queued_executions_keep_their_order(bench: Bench) -> None:
    bench.create(QUEUED)
    first, second, third = (through_source(bench) for _ in range(3))
    bench.end("Build", execution=first)
    assert bench.begun[-1].execution.id == second
    bench.end("Build", execution=second)
    assert bench.at_work() == ["Deploy", "Build"]
    assert bench.begun[-1].execution.id == third
    assert bench.status(third) == "InProgress"


def test_parallel_executions_do_not_wait_for_one_another(bench: Bench) -> None:
    bench.create(PARALLEL)
    first, second = through_source(bench), through_source(bench)
    assert bench.at_work() == ["Build", "Build"]
    for name in ("Build", "Deploy"):
        bench.end(name, execution=second)
    assert [bench.status(e) for e in (first, second)] == ["InProgress", "Succeeded"]


@pytest.mark.parametrize("mode", ["QUEUED", "PARALLEL"])
def test_at_most_fifty_executions_run_at_once(bench: Bench, mode: str) -> None:
    bench.create({**SMALL, "executionMode": mode})
    for _ in range(50):
        bench.start()
    error = bench.refused("StartPipelineExecution", name="line")
    assert error.code == "ConcurrentPipelineExecutionsLimitExceededException"


def shut(bench: Bench, stage_name: str, kind: str = "Inbound") -> None:
    bench.call(
        "DisableStageTransition",
        pipelineName="line",
        stageName=stage_name,
        transitionType=kind,
        reason="not today",
    )


def opened(bench: Bench, stage_name: str, kind: str = "Inbound") -> None:
    bench.call("EnableStageTransition", pipelineName="line", stageName=stage_name, transitionType=kind)


@pytest.mark.parametrize(("closed", "kind"), [("Build", "Inbound"), ("Source", "Outbound")])
def test_a_disabled_transition_holds_until_it_is_enabled(bench: Bench, closed: str, kind: str) -> None:
    bench.create(SMALL)
    shut(bench, closed, kind)
    execution = through_source(bench)
    assert bench.at_work() == []
    assert bench.status(execution) == "InProgress"
    opened(bench, closed, kind)
    assert bench.at_work() == ["Build"]


def test_behind_a_disabled_transition_the_newest_wins(bench: Bench) -> None:
    bench.create(SMALL)
    shut(bench, "Build")
    older, newer = through_source(bench), through_source(bench)
    opened(bench, "Build")
    assert [bench.status(e) for e in (older, newer)] == ["Superseded", "InProgress"]
    assert bench.begun[-1].execution.id == newer


def test_a_transition_shows_who_shut_it_and_why(bench: Bench) -> None:
    bench.create(SMALL)
    assert bench.state("Build")["inboundTransitionState"] == {"enabled": True}
    shut(bench, "Build")
    state = bench.state("Build")["inboundTransitionState"]
    assert (state["enabled"], state["disabledReason"]) == (False, "not today")
    assert state["lastChangedBy"].endswith("user/anna")
    opened(bench, "Build")
    state = bench.state("Build")["inboundTransitionState"]
    assert (state["enabled"], "disabledReason" in state) == (True, False)


def test_a_transition_of_a_stage_that_is_not_there_is_refused(bench: Bench) -> None:
    bench.create(SMALL)
    error = bench.refused(
        "DisableStageTransition",
        pipelineName="line",
        stageName="Nowhere",
        transitionType="Inbound",
        reason="x",
    )
    assert error.code == "StageNotFoundException"


def test_an_update_cancels_what_runs_once_its_actions_are_done(bench: Bench) -> None:
    bench.create(SMALL)
    running = through_source(bench)
    waiting = through_source(bench)
    bench.call("UpdatePipeline", pipeline=SMALL)
    assert [bench.status(e) for e in (running, waiting)] == ["InProgress", "Cancelled"]
    bench.end("Build")
    assert bench.status(running) == "Cancelled"
    assert bench.at_work() == []
    assert bench.execution(running)["pipelineVersion"] == 1


def test_after_an_update_new_executions_follow_the_new_structure(bench: Bench) -> None:
    bench.create(SMALL)
    bench.call("UpdatePipeline", pipeline=pipeline(stage("Other", action("Other"))))
    execution = through_source(bench)
    assert bench.at_work() == ["Other"]
    assert bench.execution(execution)["pipelineVersion"] == 2


def test_a_cancelled_execution_keeps_the_stage_until_its_action_is_done(bench: Bench) -> None:
    bench.create(SMALL)
    through_source(bench)
    bench.call("UpdatePipeline", pipeline=SMALL)
    new = through_source(bench)
    assert bench.at_work() == ["Build"]
    bench.end("Build")
    assert bench.begun[-1].execution.id == new


def test_an_update_leaves_parallel_executions_alone(bench: Bench) -> None:
    bench.create(PARALLEL)
    execution = through_source(bench)
    bench.call("UpdatePipeline", pipeline=SMALL)
    for name in ("Build", "Deploy"):
        bench.end(name)
    assert bench.status(execution) == "Succeeded"


def test_deleting_a_pipeline_gives_up_what_runs(bench: Bench) -> None:
    bench.create(SMALL)
    bench.start()
    bench.call("DeletePipeline", name="line")
    assert bench.at_work() == []
    assert bench.refused("GetPipelineState", name="line").code == "PipelineNotFoundException"
    assert isinstance(bench.events[-1], ExecutionEnded)
