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
from tests.rehearsal.codepipeline.pipeline_api import (
    SMALL,
    PipelineApi,
    action,
    artifact_named,
    pipeline,
    source,
    stage,
)


def test_creating_a_pipeline_starts_it(api: PipelineApi) -> None:
    api.create(SMALL, run=True)
    assert api.at_work() == ["Source"]
    (summary,) = api.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]
    assert summary["trigger"]["triggerType"] == "CreatePipeline"


def test_stages_follow_one_another_to_the_end(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    for name in ("Source", "Build", "Deploy"):
        assert api.status(execution) == "InProgress"
        assert api.at_work() == [name]
        api.end(name)
    assert api.status(execution) == "Succeeded"
    assert [api.stage_status(name) for name in ("Source", "Build", "Deploy")] == ["Succeeded"] * 3


def test_actions_of_one_run_order_begin_together_and_the_next_order_waits_for_all(api: PipelineApi) -> None:
    api.create(pipeline(stage("Go", action("c", 7), action("a", 2), action("b", 2))))
    api.start()
    api.end("Source")
    assert api.at_work() == ["a", "b"]
    api.end("b")
    assert api.at_work() == ["a"]
    api.end("a")
    assert api.at_work() == ["c"]


def test_a_failure_lets_its_neighbours_finish_and_begins_nothing_more(api: PipelineApi) -> None:
    api.create(pipeline(stage("Go", action("a"), action("b"), action("c", 2)), stage("Next", action("d"))))
    execution = api.start()
    api.end("Source")
    api.fail("a")
    assert api.status(execution) == "InProgress"
    api.end("b")
    assert api.at_work() == []
    assert api.status(execution) == "Failed"
    assert api.stage_status("Go") == "Failed"
    assert api.execution(execution)["statusSummary"] == "a: a broke"


def test_nothing_an_abandoned_action_says_later_counts(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    run = api.begun[-1]
    api.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, abandon=True)
    with api.service.lock:
        api.service.engine.ended(api.service.pipeline("line"), run, Outcome())
    assert api.status(execution) == "Stopped"
    assert run.status == "Abandoned"


def test_an_artifact_reaches_only_the_actions_that_name_it(api: PipelineApi) -> None:
    api.create(
        pipeline(
            stage("Build", action("Build", inputs=["code"], outputs=["package"])),
            stage("Deploy", action("Deploy", inputs=["package"])),
        )
    )
    api.start()
    for name in ("Source", "Build"):
        api.end(name)
    deploy = api.begun[-1]
    assert deploy.inputs == {"package": artifact_named("package")}


def test_an_artifact_nobody_put_out_fails_the_action_that_reads_it(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    api.end("Source", Outcome())
    (build, _) = api.history(pipelineExecutionId=execution)
    assert build["status"] == "Failed"
    error = build["output"]["executionResult"]["errorDetails"]
    assert error["message"] == "No action before this one put out artifact code."


def test_variables_of_a_namespace_reach_later_actions(api: PipelineApi) -> None:
    declared = pipeline(
        stage(
            "Go",
            action("Go", configuration={"Text": "#{src.CommitId} in #{codepipeline.PipelineExecutionId}"}),
        )
    )
    declared["stages"][0]["actions"][0]["namespace"] = "src"
    api.create(declared)
    execution = api.start()
    api.end("Source", Outcome(variables={"CommitId": "abc"}, artifacts=(artifact_named("code"),)))
    assert api.begun[-1].configuration == {"Text": f"abc in {execution}"}
    (go, _) = api.history(pipelineExecutionId=execution)
    assert go["input"]["resolvedConfiguration"] == {"Text": f"abc in {execution}"}
    assert go["input"]["configuration"]["Text"].startswith("#{src.CommitId}")


def test_an_unresolved_variable_fails_the_action_before_it_begins(api: PipelineApi) -> None:
    api.create(pipeline(stage("Go", action("Go", configuration={"Text": "#{src.Nothing}"}))))
    execution = api.start()
    api.end("Source")
    assert api.status(execution) == "Failed"
    assert api.at_work() == []
    (go, _) = api.history(pipelineExecutionId=execution)
    error = go["output"]["executionResult"]["errorDetails"]
    assert error["code"] == "InvalidVariableReference"
    assert "#{src.Nothing}" in error["message"]


def test_a_source_action_cannot_read_the_pipelines_variables(api: PipelineApi) -> None:
    declared = pipeline(stage("Go", action("Go")), variables=[{"name": "Branch", "defaultValue": "main"}])
    declared["stages"][0]["actions"] = [source(configuration={"BranchName": "#{variables.Branch}"})]
    api.create(declared)
    assert api.status(api.start()) == "Failed"


def test_a_variable_given_at_the_start_wins_over_its_default(api: PipelineApi) -> None:
    api.create(
        pipeline(
            stage("Go", action("Go", configuration={"Text": "#{variables.A}#{variables.B}"})),
            variables=[{"name": "A", "defaultValue": "1"}, {"name": "B", "defaultValue": "2"}],
        )
    )
    execution = api.start(variables=[{"name": "B", "value": "3"}])
    api.end("Source")
    assert api.begun[-1].configuration == {"Text": "13"}
    shown = api.execution(execution)["variables"]
    assert shown == [{"name": "A", "resolvedValue": "1"}, {"name": "B", "resolvedValue": "3"}]


def test_the_revision_of_a_source_is_shown_with_the_execution(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    api.end("Source", Outcome(artifacts=(artifact_named("code"),), revision=Revision("code", "abc", "Mend it")))
    (revision,) = api.execution(execution)["artifactRevisions"]
    assert revision == {"name": "code", "revisionId": "abc", "revisionSummary": "Mend it"}
    summaries = api.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]
    assert summaries[0]["sourceRevisions"] == [
        {"actionName": "Source", "revisionId": "abc", "revisionSummary": "Mend it"}
    ]
    assert api.state("Source")["actionStates"][0]["currentRevision"]["revisionId"] == "abc"


def test_everything_is_told_in_the_order_it_happens(api: PipelineApi) -> None:
    api.create(SMALL)
    execution = api.start()
    api.end("Source")
    api.fail("Build")
    kinds = [type(event) for event in api.events]
    assert kinds == [
        ExecutionStarted,
        *[StageStarted, ActionStarted, ActionEnded, StageEnded] * 2,
        ExecutionEnded,
    ]
    ended = api.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert (ended.execution, ended.status, ended.stage, ended.action) == (
        execution,
        "Failed",
        "Build",
        "Build",
    )
    assert not ended.not_rehearsed


def test_what_cannot_be_rehearsed_is_told_apart_from_what_is_red(api: PipelineApi) -> None:
    api.create(pipeline(stage("Go", action("a"), action("b"))))
    for b_fails, marked in ((False, True), (True, False)):
        api.start()
        api.end("Source")
        api.fail("a", code=NOT_REHEARSED)
        if b_fails:
            api.fail("b")
        else:
            api.end("b")
        ended = api.events[-1]
        assert isinstance(ended, ExecutionEnded)
        assert ended.not_rehearsed is marked


@pytest.mark.parametrize(("place", "result"), [("onFailure", "ROLLBACK"), ("beforeEntry", "SKIP")])
def test_a_stage_with_conditions_of_some_kinds_is_not_rehearsed(api: PipelineApi, place: str, result: str) -> None:
    rule = {
        "name": "r",
        "ruleTypeId": {"category": "Rule", "provider": "LambdaInvoke"},
        "configuration": {"FunctionName": "f"},
    }
    conditions = {"conditions": [{"result": result, "rules": [rule]}]}
    api.create(pipeline(stage("Go", action("a"), **{place: conditions})))
    execution = api.start()
    api.end("Source")
    ended = api.events[-1]
    assert isinstance(ended, ExecutionEnded)
    assert ended.not_rehearsed
    assert api.at_work() == []
    assert f"conditions ({place})" in api.execution(execution)["statusSummary"]
