"""How a push starts a pipeline of the emulator: through an event rule, or a connection's branch filter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.codepipeline.site_of_conformance import Site, until


def executions(site: Site) -> list[dict[str, Any]]:
    """The pipeline's executions, the newest first."""
    answer = site.pipelines.list_pipeline_executions(pipelineName=site.pipeline)
    return list(answer["pipelineExecutionSummaries"])


@pytest.mark.slow
def test_an_event_rule_starts_the_pipeline_with_the_new_commit(emulator: Emulator, tmp_path: Path) -> None:
    site = Site(emulator, "by-rule", tmp_path)
    first = site.create({"name": "Ask", "actions": [site.approve(1, "?")]})
    site.answer("Ask", "Approve", "Approved")
    site.ended(first)
    arn = f"arn:aws:codepipeline:{emulator.settings.region}:{emulator.settings.account}:{site.pipeline}"
    pattern = {"source": ["aws.codecommit"], "detail": {"referenceName": ["main"], "event": ["referenceUpdated"]}}
    events = emulator.client("events")
    events.put_rule(Name=site.prefix, EventPattern=json.dumps(pattern))
    role = site.role_for("events", "events.amazonaws.com")
    events.put_targets(Rule=site.prefix, Targets=[{"Id": "line", "Arn": arn, "RoleArn": role}])
    site.commit({"new.txt": "x"}, "Say more")
    emulator.push(site.prefix, site.source)
    until(lambda: len(executions(site)) == 2, "the execution the rule starts")
    assert executions(site)[0]["trigger"]["triggerType"] == "CloudWatchEvent"
    site.answer("Ask", "Approve", "Approved")
    ended = site.ended(executions(site)[0]["pipelineExecutionId"])
    assert ended["artifactRevisions"][0]["revisionSummary"] == "Say more"
    events.remove_targets(Rule=site.prefix, Ids=["line"])
    site.pipelines.delete_pipeline(name=site.pipeline)


@pytest.mark.slow
def test_a_push_through_a_connection_starts_only_what_its_filter_lets_in(emulator: Emulator, tmp_path: Path) -> None:
    site = Site(emulator, "by-connection", tmp_path)
    connections = emulator.client("codeconnections")
    arn = connections.create_connection(ConnectionName="c", ProviderType="GitHub")["ConnectionArn"]
    declared = site.declaration({"name": "Ask", "actions": [site.approve(1, "?")]})
    (source,) = declared["stages"][0]["actions"]
    source["actionTypeId"]["provider"] = "CodeStarSourceConnection"
    source["configuration"] = {"ConnectionArn": arn, "FullRepositoryId": "acme/app", "BranchName": "main"}
    push = {"branches": {"includes": ["main"]}, "filePaths": {"includes": ["src/**"]}}
    git = {"sourceActionName": "Source", "push": [push]}
    declared["triggers"] = [{"providerType": "CodeStarSourceConnection", "gitConfiguration": git}]
    emulator.push_connected("acme/app", site.source)
    site.pipelines.create_pipeline(pipeline=declared)
    site.commit({"readme.txt": "x"}, "Not this one")
    assert emulator.push_connected("acme/app", site.source).executions == ()
    (site.source / "src").mkdir()
    site.commit({"src/a.txt": "x"}, "This one")
    pushed = emulator.push_connected("acme/app", site.source)
    (started,) = pushed.executions
    result = until(
        lambda: site.pipelines.get_pipeline_execution(pipelineName=site.pipeline, pipelineExecutionId=started)[
            "pipelineExecution"
        ].get("artifactRevisions"),
        "the source",
    )
    assert result[0]["revisionId"] == pushed.commit
    assert executions(site)[0]["trigger"]["triggerType"] == "WebhookV2"
    site.pipelines.delete_pipeline(name=site.pipeline)
