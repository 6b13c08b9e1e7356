"""Lists of what ran: pages, filters, rules, and what is not there."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rehearsal.codepipeline.pipeline_api import ROLE, SMALL, START, PipelineApi, action, pipeline, stage

UNKNOWN = "00000000-0000-0000-0000-000000000000"


def ids(answer: dict[str, Any]) -> list[str]:
    return [summary["pipelineExecutionId"] for summary in answer["pipelineExecutionSummaries"]]


def test_executions_are_listed_newest_first_in_pages(api: PipelineApi) -> None:
    api.create({**SMALL, "executionMode": "PARALLEL"})
    started = [api.start() for _ in range(3)]
    first = api.call("ListPipelineExecutions", pipelineName="line", maxResults=2)
    rest = api.call("ListPipelineExecutions", pipelineName="line", nextToken=first["nextToken"])
    assert ids(first) == started[:0:-1]
    assert ids(rest)[0] == started[0]
    assert len(ids(rest)) == 2, "the one that began with the pipeline is the last"


def test_executions_can_be_asked_for_by_the_stage_they_passed(api: PipelineApi) -> None:
    api.create(SMALL)
    passed = api.start()
    api.end("Source")
    api.fail("Build")
    api.start()
    api.fail("Source")
    answer = api.call(
        "ListPipelineExecutions",
        pipelineName="line",
        filter={"succeededInStage": {"stageName": "Source"}},
    )
    assert ids(answer) == [passed]


@pytest.mark.parametrize(
    ("operation", "settings"),
    [
        ("GetPipelineExecution", {"pipelineExecutionId": UNKNOWN}),
        ("ListActionExecutions", {"filter": {"pipelineExecutionId": UNKNOWN}}),
        ("ListRuleExecutions", {"filter": {"pipelineExecutionId": UNKNOWN}}),
    ],
)
def test_an_execution_that_is_not_there_is_named(api: PipelineApi, operation: str, settings: dict[str, Any]) -> None:
    api.create(SMALL)
    error = api.refused(operation, pipelineName="line", **settings)
    assert error.code == "PipelineExecutionNotFoundException"
    assert UNKNOWN in error.message


def test_there_are_no_rules(api: PipelineApi) -> None:
    api.create(SMALL)
    assert api.call("ListRuleExecutions", pipelineName="line") == {"ruleExecutionDetails": []}


def test_an_action_is_told_of_with_what_it_was_given(api: PipelineApi) -> None:
    other = ROLE.replace("pipeline", "other")
    api.create(pipeline(stage("Go", action("a", inputs=["code"], roleArn=other, namespace="n"))))
    execution = api.start()
    api.end("Source")
    api.clock.advance(minutes=2)
    api.fail("a")
    run = api.history(pipelineExecutionId=execution)[0]
    assert (run["startTime"], (run["lastUpdateTime"] - START).total_seconds()) == (START, 120)
    payload = run["input"]
    assert (payload["roleArn"], payload["namespace"], payload["region"]) == (other, "n", "eu-west-1")
    assert payload["inputArtifacts"] == [
        {"name": "code", "s3location": {"bucket": "artifacts", "key": "line/code/abcdefg"}}
    ]
    assert run["output"]["executionResult"]["errorDetails"] == {"code": "JobFailed", "message": "a broke"}


def test_the_whole_pipelines_actions_are_listed_newest_first(api: PipelineApi) -> None:
    api.create({**SMALL, "executionMode": "PARALLEL"})
    older, newer = api.start(), api.start()
    api.end("Source", execution=older)
    runs = [(run["pipelineExecutionId"], run["actionName"]) for run in api.history()]
    assert runs[:3] == [(newer, "Source"), (older, "Build"), (older, "Source")]


def test_an_action_that_never_ran_has_no_latest_run(api: PipelineApi) -> None:
    api.create(SMALL)
    assert api.state("Deploy")["actionStates"] == [{"actionName": "Deploy"}]
    assert "latestExecution" not in api.state("Deploy")
