"""How a push starts a pipeline of the emulator: through an event rule, or a connection's branch filter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.codepipeline.emulated_pipeline import EmulatedPipeline, until


def executions(emulated: EmulatedPipeline) -> list[dict[str, Any]]:
    """The pipeline's executions, the newest first."""
    answer = emulated.pipelines.list_pipeline_executions(pipelineName=emulated.pipeline)
    return list(answer["pipelineExecutionSummaries"])


@pytest.mark.slow
def test_an_event_rule_starts_the_pipeline_with_the_new_commit(emulator: Emulator, tmp_path: Path) -> None:
    emulated = EmulatedPipeline(emulator, "by-rule", tmp_path)
    first = emulated.create({"name": "Ask", "actions": [emulated.approve(1, "?")]})
    emulated.answer("Ask", "Approve", "Approved")
    emulated.ended(first)
    arn = f"arn:aws:codepipeline:{emulator.settings.region}:{emulator.settings.account}:{emulated.pipeline}"
    pattern = {"source": ["aws.codecommit"], "detail": {"referenceName": ["main"], "event": ["referenceUpdated"]}}
    events = emulator.client("events")
    events.put_rule(Name=emulated.prefix, EventPattern=json.dumps(pattern))
    role = emulated.role_for("events", "events.amazonaws.com")
    events.put_targets(Rule=emulated.prefix, Targets=[{"Id": "line", "Arn": arn, "RoleArn": role}])
    emulated.commit({"new.txt": "x"}, "Say more")
    emulator.push(emulated.prefix, emulated.source)
    until(lambda: len(executions(emulated)) == 2, "the execution the rule starts")
    assert executions(emulated)[0]["trigger"]["triggerType"] == "CloudWatchEvent"
    emulated.answer("Ask", "Approve", "Approved")
    ended = emulated.ended(executions(emulated)[0]["pipelineExecutionId"])
    assert ended["artifactRevisions"][0]["revisionSummary"] == "Say more"
    events.remove_targets(Rule=emulated.prefix, Ids=["line"])
    emulated.pipelines.delete_pipeline(name=emulated.pipeline)


@pytest.mark.slow
def test_a_push_through_a_connection_starts_only_what_its_filter_lets_in(emulator: Emulator, tmp_path: Path) -> None:
    emulated = EmulatedPipeline(emulator, "by-connection", tmp_path)
    connections = emulator.client("codeconnections")
    arn = connections.create_connection(ConnectionName="c", ProviderType="GitHub")["ConnectionArn"]
    declared = emulated.declaration({"name": "Ask", "actions": [emulated.approve(1, "?")]})
    (source,) = declared["stages"][0]["actions"]
    source["actionTypeId"]["provider"] = "CodeStarSourceConnection"
    source["configuration"] = {"ConnectionArn": arn, "FullRepositoryId": "acme/app", "BranchName": "main"}
    push = {"branches": {"includes": ["main"]}, "filePaths": {"includes": ["src/**"]}}
    git = {"sourceActionName": "Source", "push": [push]}
    declared["triggers"] = [{"providerType": "CodeStarSourceConnection", "gitConfiguration": git}]
    emulator.push_connected("acme/app", emulated.source)
    emulated.pipelines.create_pipeline(pipeline=declared)
    emulated.commit({"readme.txt": "x"}, "Not this one")
    assert emulator.push_connected("acme/app", emulated.source).executions == ()
    (emulated.source / "src").mkdir()
    emulated.commit({"src/a.txt": "x"}, "This one")
    pushed = emulator.push_connected("acme/app", emulated.source)
    (started,) = pushed.executions
    result = until(
        lambda: emulated.pipelines.get_pipeline_execution(pipelineName=emulated.pipeline, pipelineExecutionId=started)[
            "pipelineExecution"
        ].get("artifactRevisions"),
        "the source",
    )
    assert result[0]["revisionId"] == pushed.commit
    assert executions(emulated)[0]["trigger"]["triggerType"] == "WebhookV2"
    emulated.pipelines.delete_pipeline(name=emulated.pipeline)
