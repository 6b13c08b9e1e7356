"""A commit gets to wherever a pipeline looks for it, and starts the pipeline as it would on AWS."""

from __future__ import annotations

import pytest

from generator.execution import ExecutionEnded
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small, template
from tests.rehearsal.emulator.repositories import git

CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/8f0d2f9e-1111-4222-8333-abcdefabcdef"


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("github: {repository: acme/small}", "branch main of acme/small"),
        (f"gitlab: {{repository: acme/team/small, connection: '{CONNECTION}'}}", "branch main of acme/team/small"),
        ("s3: {create: true}", "s3://"),
        ("s3: {bucket: acme-deliveries, key: small/source.zip, create: false}", "s3://acme-deliveries/small/source.zip"),
        ("codecommit: {repository: old, branch: next, create: false}", "branch next of CodeCommit repository old"),
    ],
    ids=["new-connection", "connection", "new-bucket", "bucket", "existing-repository"],
)  # fmt: skip
def test_a_commit_reaches_every_kind_of_source(
    source: str, where: str, stage: Stage, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.id
    result = stage.rehearse(Small(name, source=source), until="DeployTests")
    assert (result.outcome.status, result.outcome.reason) == ("Stopped", "")
    assert where in result.remarks


def test_a_completed_connection_is_an_assumption_that_is_told(stage: Stage) -> None:
    result = stage.rehearse(Small("assumed", source="bitbucket: {repository: acme/assumed}"), until="Source")
    (assumption,) = result.outcome.assumptions
    assert (assumption.assumption, assumption.value) == ("connection-completed", "yes")


def test_a_trigger_that_lets_the_push_pass_by_is_said_and_the_pipeline_started_by_hand(stage: Stage) -> None:
    tags = Small("tags", source="github: {repository: acme/tags}", more="trigger: {push: {tags: [v*]}}\n")
    result = stage.rehearse(tags, until="Source")
    assert result.outcome.status == "Stopped"
    assert "the template's trigger does not start on this push" in result.remarks


def test_a_push_that_no_rule_hears_is_red(stage: Stage) -> None:
    file = Small("ignored").commit(stage.folder / "ignored")
    deaf = template(file).replace("referenceUpdated", "referenceForgotten").replace("referenceCreated", "never")
    result = stage.rehearse_file(file, deaf, patience=0.5)
    assert (result.outcome.status, result.outcome.stage, result.outcome.action) == ("Failed", "Source", "Source")
    assert result.outcome.reason == "the push started no execution: no event rule of the template leads to the pipeline"
    assert result.of(ExecutionEnded) == []


def test_the_commit_of_a_shallow_clone_is_pushed(stage: Stage) -> None:
    small = Small("shallow")
    small.commit(stage.folder / "origin")
    file = Small("shallow", build="echo again").commit(stage.folder / "origin", "second")
    git(stage.folder, "clone", "--quiet", "--depth=1", file.parent.as_uri(), "clone")
    clone = stage.folder / "clone" / file.name
    assert stage.rehearse_file(clone, template(clone), until="Source").outcome.status == "Stopped"
