"""How one execution moves: stages in order, run orders in order, actions side by side, artifacts and variables."""

from __future__ import annotations

import pytest

from generator.execution import (
    NOT_REHEARSED,
    ActionEnded,
    ActionStarted,
    ExecutionEnded,
    ExecutionStarted,
    StageEnded,
    StageStarted,
)
from generator.rehearsal.codepipeline.state import Outcome, Revision
from tests.rehearsal.codepipeline.bench import SMALL, Bench, action, artifact_named, pipeline, source, stage


def test_creating_a_pipeline_starts_it(bench: Bench) -> None:
    bench.create(SMALL, run=True)
    assert bench.at_work() == ["Source"]
    (summary,) = bench.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]
    assert summary["trigger"]["triggerType"] == "CreatePipeline"


def test_stages_follow_one_another_to_the_end(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    for name in ("Source", "Build", "Deploy"):
        assert bench.status(execution) == "InProgress"
        assert bench.at_work() == [name]
        bench.end(name)
    assert bench.status(execution) == "Succeeded"
    assert [bench.stage_status(name) for name in ("Source", "Build", "Deploy")] == ["Succeeded"] * 3


def test_actions_of_one_run_order_begin_together_and_the_next_order_waits_for_all(bench: Bench) -> None:
    bench.create(pipeline(stage("Go", action("c", 7), action("a", 2), action("b", 2))))
    bench.start()
    bench.end("Source")
    assert bench.at_work() == ["a", "b"]
    bench.end("b")
    assert bench.at_work() == ["a"]
    bench.end("a")
    assert bench.at_work() == ["c"]


def test_a_failure_lets_its_neighbours_finish_and_begins_nothing_more(bench: Bench) -> None:
    bench.create(pipeline(stage("Go", action("a"), action("b"), action("c", 2)), stage("Next", action("d"))))
    execution = bench.start()
    bench.end("Source")
    bench.fail("a")
    assert bench.status(execution) == "InProgress"
    bench.end("b")
    assert bench.at_work() == []
    assert bench.status(execution) == "Failed"
    assert bench.stage_status("Go") == "Failed"
    assert bench.execution(execution)["statusSummary"] == "a: a broke"


def test_nothing_an_abandoned_action_says_later_counts(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    run = bench.begun[-1]
    bench.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, abandon=True)
    with bench.service.lock:
        bench.service.engine.ended(bench.service.pipeline("line"), run, Outcome())
    assert bench.status(execution) == "Stopped"
    assert run.status == "Abandoned"


def test_an_artifact_reaches_only_the_actions_that_name_it(bench: Bench) -> None:
    bench.create(
        pipeline(
            stage("Build", action("Build", inputs=["code"], outputs=["package"])),
            stage("Deploy", action("Deploy", inputs=["package"])),
        )
    )
    bench.start()
    for name in ("Source", "Build"):
        bench.end(name)
    deploy = bench.begun[-1]
    assert deploy.inputs == {"package": artifact_named("package")}


def test_an_artifact_nobody_put_out_fails_the_action_that_reads_it(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    bench.end("Source", Outcome())
    (build, _) = bench.history(pipelineExecutionId=execution)
    assert build["status"] == "Failed"
    error = build["output"]["executionResult"]["errorDetails"]
    assert error["message"] == "No action before this one put out artifact code."


def test_variables_of_a_namespace_reach_later_actions(bench: Bench) -> None:
    declared = pipeline(
        stage(
            "Go",
            action("Go", configuration={"Text": "#{src.CommitId} in #{codepipeline.PipelineExecutionId}"}),
        )
    )
    declared["stages"][0]["actions"][0]["namespace"] = "src"
    bench.create(declared)
    execution = bench.start()
    bench.end("Source", Outcome(variables={"CommitId": "abc"}, artifacts=(artifact_named("code"),)))
    assert bench.begun[-1].configuration == {"Text": f"abc in {execution}"}
    (go, _) = bench.history(pipelineExecutionId=execution)
    assert go["input"]["resolvedConfiguration"] == {"Text": f"abc in {execution}"}
    assert go["input"]["configuration"]["Text"].startswith("#{src.CommitId}")


def test_an_unresolved_variable_fails_the_action_before_it_begins(bench: Bench) -> None:
    bench.create(pipeline(stage("Go", action("Go", configuration={"Text": "#{src.Nothing}"}))))
    execution = bench.start()
    bench.end("Source")
    assert bench.status(execution) == "Failed"
    assert bench.at_work() == []
    (go, _) = bench.history(pipelineExecutionId=execution)
    error = go["output"]["executionResult"]["errorDetails"]
    assert error["code"] == "InvalidVariableReference"
    assert "#{src.Nothing}" in error["message"]


def test_a_source_action_cannot_read_the_pipelines_variables(bench: Bench) -> None:
    declared = pipeline(stage("Go", action("Go")), variables=[{"name": "Branch", "defaultValue": "main"}])
    declared["stages"][0]["actions"] = [source(configuration={"BranchName": "#{variables.Branch}"})]
    bench.create(declared)
    assert bench.status(bench.start()) == "Failed"


def test_a_variable_given_at_the_start_wins_over_its_default(bench: Bench) -> None:
    bench.create(
        pipeline(
            stage("Go", action("Go", configuration={"Text": "#{variables.A}#{variables.B}"})),
            variables=[{"name": "A", "defaultValue": "1"}, {"name": "B", "defaultValue": "2"}],
        )
    )
    execution = bench.start(variables=[{"name": "B", "value": "3"}])
    bench.end("Source")
    assert bench.begun[-1].configuration == {"Text": "13"}
    shown = bench.execution(execution)["variables"]
    assert shown == [{"name": "A", "resolvedValue": "1"}, {"name": "B", "resolvedValue": "3"}]


def test_the_revision_of_a_source_is_shown_with_the_execution(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    bench.end("Source", Outcome(artifacts=(artifact_named("code"),), revision=Revision("code", "abc", "Mend it")))
    (revision,) = bench.execution(execution)["artifactRevisions"]
    assert revision == {"name": "code", "revisionId": "abc", "revisionSummary": "Mend it"}
    summaries = bench.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]
    assert summaries[0]["sourceRevisions"] == [
        {"actionName": "Source", "revisionId": "abc", "revisionSummary": "Mend it"}
    ]
    assert bench.state("Source")["actionStates"][0]["currentRevision"]["revisionId"] == "abc"


def test_everything_is_told_in_the_order_it_happens(bench: Bench) -> None:
    bench.create(SMALL)
    execution = bench.start()
    bench.end("Source")
    bench.fail("Build")
    kinds = [type(event) for event in bench.events]
    assert kinds == [
        ExecutionStarted,
        *[StageStarted, ActionStarted, ActionEnded, StageEnded] * 2,
        ExecutionEnded,
    ]
    ended = bench.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert (ended.execution, ended.status, ended.stage, ended.action) == (
        execution,
        "Failed",
        "Build",
        "Build",
    )
    assert not ended.not_rehearsed


def test_what_cannot_be_rehearsed_is_told_apart_from_what_is_red(bench: Bench) -> None:
    bench.create(pipeline(stage("Go", action("a"), action("b"))))
    for b_fails, marked in ((False, True), (True, False)):
        bench.start()
        bench.end("Source")
        bench.fail("a", code=NOT_REHEARSED)
        if b_fails:
            bench.fail("b")
        else:
            bench.end("b")
        ended = bench.events[-1]
        assert isinstance(ended, ExecutionEnded)
        assert ended.not_rehearsed is marked


@pytest.mark.parametrize(("place", "result"), [("onFailure", "ROLLBACK"), ("beforeEntry", "SKIP")])
def test_a_stage_with_conditions_of_some_kinds_is_not_rehearsed(bench: Bench, place: str, result: str) -> None:
    rule = {
        "name": "r",
        "ruleTypeId": {"category": "Rule", "provider": "LambdaInvoke"},
        "configuration": {"FunctionName": "f"},
    }
    conditions = {"conditions": [{"result": result, "rules": [rule]}]}
    bench.create(pipeline(stage("Go", action("a"), **{place: conditions})))
    execution = bench.start()
    bench.end("Source")
    ended = bench.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert ended.not_rehearsed
    assert bench.at_work() == []
    assert f"conditions ({place})" in bench.execution(execution)["statusSummary"]
