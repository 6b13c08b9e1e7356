"""Starting executions: tokens, variables, revisions, event rules, pushes."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rehearsal.codepipeline.operations.start import source_changed
from generator.rehearsal.codepipeline.triggers import Push
from generator.rehearsal.service import Caller
from tests.rehearsal.codepipeline.bench import ACCOUNT, REGION, SMALL, Bench, action, pipeline, source, stage

NEEDY = pipeline(stage("Go", action("a")), variables=[{"name": "A"}, {"name": "B", "defaultValue": "2"}])


def test_the_same_token_starts_one_execution(bench: Bench) -> None:
    bench.create(SMALL)
    first = bench.start(clientRequestToken="t1")
    assert bench.start(clientRequestToken="t1") == first
    assert bench.start(clientRequestToken="t2") != first


def test_who_started_it_is_told(bench: Bench) -> None:
    bench.create(SMALL)
    trigger = bench.execution(bench.start())["trigger"]
    assert trigger == {
        "triggerType": "StartPipelineExecution",
        "triggerDetail": f"arn:aws:iam::{ACCOUNT}:user/anna",
    }


def test_an_event_rule_is_told_from_a_person(bench: Bench) -> None:
    bench.create(SMALL)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/events/AWSEventsSession-1"
    execution = bench.call("StartPipelineExecution", Caller(ACCOUNT, REGION, session), name="line")
    assert bench.execution(execution["pipelineExecutionId"])["trigger"]["triggerType"] == "CloudWatchEvent"


def test_a_variable_without_default_must_be_given(bench: Bench) -> None:
    bench.create(NEEDY)
    assert bench.begun == [], "nobody could give it when the pipeline was created"
    error = bench.refused("StartPipelineExecution", name="line")
    assert (error.code, error.message.rpartition(" ")[2]) == ("ValidationException", "A")
    assert bench.status(bench.start(variables=[{"name": "A", "value": "1"}])) == "InProgress"


def test_a_variable_nobody_declared_is_refused(bench: Bench) -> None:
    bench.create(SMALL)
    error = bench.refused("StartPipelineExecution", name="line", variables=[{"name": "X", "value": "1"}])
    assert error.code == "ValidationException"
    assert "'X'" in error.message


def test_a_revision_can_be_asked_for(bench: Bench) -> None:
    bench.create(SMALL)
    revision = {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "abc"}
    bench.start(sourceRevisions=[revision])
    assert bench.begun[-1].execution.overrides == {"Source": {"COMMIT_ID": "abc"}}


def test_a_revision_of_something_else_is_refused(bench: Bench) -> None:
    bench.create(SMALL)
    revision = {"actionName": "Build", "revisionType": "COMMIT_ID", "revisionValue": "abc"}
    error = bench.refused("StartPipelineExecution", name="line", sourceRevisions=[revision])
    assert error.code == "ValidationException"


def connected(name: str, **fields: Any) -> dict[str, Any]:
    configuration = {"ConnectionArn": "arn:c", "FullRepositoryId": "acme/app", "BranchName": "main"}
    declared = pipeline(stage("Go", action("a")), name=name, **fields)
    declared["stages"][0]["actions"] = [source(provider="CodeStarSourceConnection", configuration=configuration)]
    return declared


def test_a_push_starts_the_pipelines_that_listen_to_it(bench: Bench) -> None:
    for name in ("one", "two"):
        bench.create(connected(name))
    bench.create(connected("needy", variables=[{"name": "A"}]))
    bench.create({**SMALL, "name": "deaf"})
    with bench.service.lock:
        begun = source_changed(bench.service, Push("acme/app", "abc", branch="main"))
        assert source_changed(bench.service, Push("acme/app", "abc", branch="other")) == []
    shown = [bench.execution(execution, name) for execution, name in zip(begun, ("one", "two"), strict=True)]
    assert [e["trigger"] for e in shown] == [{"triggerType": "WebhookV2", "triggerDetail": "arn:c"}] * 2
    assert bench.begun[-1].execution.overrides == {"Source": {"COMMIT_ID": "abc"}}


@pytest.mark.parametrize(("polls", "count"), [("true", 1), ("false", 0)])
def test_a_codecommit_source_that_polls_hears_a_push(bench: Bench, polls: str, count: int) -> None:
    configuration = {"RepositoryName": "app", "BranchName": "main", "PollForSourceChanges": polls}
    declared = pipeline(stage("Go", action("a")))
    declared["stages"][0]["actions"] = [source(provider="CodeCommit", configuration=configuration)]
    bench.create(declared)
    push = Push("app", "abc", provider="CodeCommit", branch="main")
    with bench.service.lock:
        assert len(source_changed(bench.service, push)) == count
