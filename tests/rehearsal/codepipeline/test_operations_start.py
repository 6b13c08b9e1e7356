"""Starting executions: tokens, variables, revisions, event rules, pushes."""

from __future__ import annotations

from typing import Any

import pytest

from generator.rehearsal.codepipeline.operations.start import source_changed
from generator.rehearsal.codepipeline.triggers import Push
from generator.rehearsal.service import Caller
from tests.rehearsal.codepipeline.pipeline_api import (
    ACCOUNT,
    REGION,
    SMALL,
    PipelineApi,
    action,
    pipeline,
    source,
    stage,
)

NEEDY = pipeline(stage("Go", action("a")), variables=[{"name": "A"}, {"name": "B", "defaultValue": "2"}])


def test_the_same_token_starts_one_execution(api: PipelineApi) -> None:
    api.create(SMALL)
    first = api.start(clientRequestToken="t1")
    assert api.start(clientRequestToken="t1") == first
    assert api.start(clientRequestToken="t2") != first


def test_who_started_it_is_told(api: PipelineApi) -> None:
    api.create(SMALL)
    trigger = api.execution(api.start())["trigger"]
    assert trigger == {
        "triggerType": "StartPipelineExecution",
        "triggerDetail": f"arn:aws:iam::{ACCOUNT}:user/anna",
    }


def test_an_event_rule_is_told_from_a_person(api: PipelineApi) -> None:
    api.create(SMALL)
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role/events/AWSEventsSession-1"
    execution = api.call("StartPipelineExecution", Caller(ACCOUNT, REGION, session), name="line")
    assert api.execution(execution["pipelineExecutionId"])["trigger"]["triggerType"] == "CloudWatchEvent"


def test_a_variable_without_default_must_be_given(api: PipelineApi) -> None:
    api.create(NEEDY)
    assert api.begun == [], "nobody could give it when the pipeline was created"
    error = api.refused("StartPipelineExecution", name="line")
    assert (error.code, error.message.rpartition(" ")[2]) == ("ValidationException", "A")
    assert api.status(api.start(variables=[{"name": "A", "value": "1"}])) == "InProgress"


def test_a_variable_nobody_declared_is_refused(api: PipelineApi) -> None:
    api.create(SMALL)
    error = api.refused("StartPipelineExecution", name="line", variables=[{"name": "X", "value": "1"}])
    assert error.code == "ValidationException"
    assert "'X'" in error.message


def test_a_revision_can_be_asked_for(api: PipelineApi) -> None:
    api.create(SMALL)
    revision = {"actionName": "Source", "revisionType": "COMMIT_ID", "revisionValue": "abc"}
    api.start(sourceRevisions=[revision])
    assert api.begun[-1].execution.overrides == {"Source": {"COMMIT_ID": "abc"}}


def test_a_revision_of_something_else_is_refused(api: PipelineApi) -> None:
    api.create(SMALL)
    revision = {"actionName": "Build", "revisionType": "COMMIT_ID", "revisionValue": "abc"}
    error = api.refused("StartPipelineExecution", name="line", sourceRevisions=[revision])
    assert error.code == "ValidationException"


def connected(name: str, **fields: Any) -> dict[str, Any]:
    configuration = {"ConnectionArn": "arn:c", "FullRepositoryId": "acme/app", "BranchName": "main"}
    declared = pipeline(stage("Go", action("a")), name=name, **fields)
    declared["stages"][0]["actions"] = [source(provider="CodeStarSourceConnection", configuration=configuration)]
    return declared


def test_a_push_starts_the_pipelines_that_listen_to_it(api: PipelineApi) -> None:
    for name in ("one", "two"):
        api.create(connected(name))
    api.create(connected("needy", variables=[{"name": "A"}]))
    api.create({**SMALL, "name": "deaf"})
    with api.service.lock:
        begun = source_changed(api.service, Push("acme/app", "abc", branch="main"))
        assert source_changed(api.service, Push("acme/app", "abc", branch="other")) == []
    shown = [api.execution(execution, name) for execution, name in zip(begun, ("one", "two"), strict=True)]
    assert [e["trigger"] for e in shown] == [{"triggerType": "WebhookV2", "triggerDetail": "arn:c"}] * 2
    assert api.begun[-1].execution.overrides == {"Source": {"COMMIT_ID": "abc"}}


@pytest.mark.parametrize(("polls", "count"), [("true", 1), ("false", 0)])
def test_a_codecommit_source_that_polls_hears_a_push(api: PipelineApi, polls: str, count: int) -> None:
    configuration = {"RepositoryName": "app", "BranchName": "main", "PollForSourceChanges": polls}
    declared = pipeline(stage("Go", action("a")))
    declared["stages"][0]["actions"] = [source(provider="CodeCommit", configuration=configuration)]
    api.create(declared)
    push = Push("app", "abc", provider="CodeCommit", branch="main")
    with api.service.lock:
        assert len(source_changed(api.service, push)) == count
