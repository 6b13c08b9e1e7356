"""Actions in other regions and accounts: where they work, what they read, and what they cannot have."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.declaration import ArtifactStore, Pipeline, normalised, read
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.replication import replicated
from generator.rehearsal.service import Caller, ServiceError
from tests.rehearsal.codepipeline.action_runner import (
    BUCKET,
    THEIR_ACCOUNT,
    THEIR_ROLE,
    ActionRunner,
    TheirSts,
    code,
    message,
)
from tests.rehearsal.codepipeline.pipeline_api import (
    ACCOUNT,
    REGION,
    ROLE,
    PipelineApi,
    action,
    pipeline,
    source,
    stage,
)

AWAY, AWAY_STORE = "us-west-2", ArtifactStore("artifacts-away", "arn:aws:kms:us-west-2:123456789012:key/2")
OTHER_ROLE = "arn:aws:iam::888888888888:role/other"


def declared(maker: dict[str, Any], *actions: dict[str, Any]) -> Pipeline:
    return read(normalised(pipeline(stage("Make", maker), stage("Go", *actions)), 1))


def away(runner: ActionRunner, in_region: str = AWAY, **fields: Any) -> tuple[ActionContext, Pipeline]:
    """An action of another region that reads what another action made."""
    runner.s3.regions["artifacts-away"] = in_region
    used = action("Use", inputs=["thing"], region=AWAY, **fields)
    context = runner.context({**used, "inputArtifacts": [{"name": "thing"}]}, runner.artifact("thing", {"a": "1"}))
    return dataclasses.replace(context, store=AWAY_STORE), declared(action("Make", outputs=["thing"]), used)


def refusal(context: ActionContext, whole: Pipeline) -> tuple[str, str]:
    with pytest.raises(ActionFailedError) as caught:
        replicated(context, whole)
    return code(caught.value.outcome), message(caught.value.outcome)


def test_what_an_action_of_another_region_reads_is_copied_into_its_store_with_its_key(runner: ActionRunner) -> None:
    context, whole = away(runner)
    (artifact,) = replicated(context, whole).inputs.values()
    assert artifact.bucket == "artifacts-away"
    assert runner.s3.objects["artifacts-away", artifact.key] == runner.s3.objects[BUCKET, artifact.key]
    (put,) = runner.s3.puts
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", AWAY_STORE.key)
    assert {role for _, role in context.surroundings.asked} == {None, ROLE}  # type: ignore[attr-defined]  # the fake's


def test_an_action_works_in_its_region_with_its_role(runner: ActionRunner) -> None:
    runner.clients |= {"sts": TheirSts(), "lambda": "client"}
    context, _ = away(runner, roleArn=THEIR_ROLE)
    assert (context.region, context.account) == (AWAY, THEIR_ACCOUNT)
    assert context.client("lambda") == "client"
    assert context.surroundings.asked[-1] == ("lambda", f"{THEIR_ROLE} in {AWAY}")  # type: ignore[attr-defined]  # as above


def test_a_store_in_another_region_than_its_entry_says_fails_the_action(runner: ActionRunner) -> None:
    words = "The artifact store of region us-west-2, artifacts-away, is in region eu-central-1."
    assert refusal(*away(runner, "eu-central-1")) == ("ConfigurationError", words)


def test_what_is_made_in_another_region_is_not_replicated_back(runner: ActionRunner) -> None:
    distant = dataclasses.replace(runner.artifact("thing", {"a": "1"}), bucket="artifacts-away")
    used = action("Use", inputs=["thing"])
    whole = declared(action("Make", outputs=["thing"], region=AWAY), used)
    words = "An artifact that was made in another region (thing) is not rehearsed"
    assert refusal(runner.context(used, distant), whole)[1].startswith(words)


@pytest.mark.parametrize(
    ("maker", "reader", "passes"),
    [
        (ROLE, THEIR_ROLE, True),
        (THEIR_ROLE, ROLE, True),
        (THEIR_ROLE, THEIR_ROLE, True),
        (OTHER_ROLE, THEIR_ROLE, False),
    ],
)
def test_an_artifact_passes_between_two_accounts_only_if_one_is_the_pipelines(
    runner: ActionRunner, maker: str, reader: str, passes: bool
) -> None:
    used = action("Use", inputs=["thing"], roleArn=reader)
    context = runner.context(used, runner.artifact("thing", {"a": "1"}))
    whole = declared(action("Make", outputs=["thing"], roleArn=maker), used)
    if passes:
        assert replicated(context, whole) == context
    else:
        words = "Artifact thing was made in account 888888888888, and action Use is in account 999999999999"
        assert refusal(context, whole)[1].startswith(words)


def test_a_pipeline_is_made_only_if_its_role_may_assume_every_role_of_an_action(api: PipelineApi) -> None:
    asked: list[tuple[str, str]] = []

    def may_assume(role: str, other: str) -> bool:
        asked.append((role, other))
        return other != OTHER_ROLE

    api.service.may_assume = may_assume
    good = pipeline(stage("Go", action("a", roleArn=THEIR_ROLE), action("b", roleArn=ROLE)))
    api.create(good)
    assert asked == [(ROLE, THEIR_ROLE)]
    bad = pipeline(stage("Go", action("a", roleArn=OTHER_ROLE)))
    for operation in ("CreatePipeline", "UpdatePipeline"):
        declaration = {**bad, "name": "new"} if operation == "CreatePipeline" else bad
        error = api.refused(operation, pipeline=declaration)
        assert error.code == "InvalidStructureException"
        assert error.message == f"{ROLE} is not authorized to perform AssumeRole on role {OTHER_ROLE}"


@pytest.mark.parametrize("moved", [source(region=AWAY), source(owner="ThirdParty", region=AWAY)])
def test_a_source_is_in_the_pipelines_region(api: PipelineApi, moved: dict[str, Any]) -> None:
    whole = pipeline(stage("Go", action("a")))
    whole["stages"][0]["actions"] = [moved]
    stores = dict.fromkeys((REGION, AWAY), whole["artifactStore"])
    del whole["artifactStore"]
    error = api.refused("CreatePipeline", pipeline={**whole, "artifactStores": stores})
    assert error.code == "InvalidActionDeclarationException"
    assert f"Action 'Source' cannot be in region {AWAY}" in error.message


@pytest.mark.parametrize(
    ("declaration", "words"),
    [
        (
            action(
                "Build",
                category="Build",
                provider="CodeBuild",
                inputs=["code"],
                outputs=["out"],
                configuration={"ProjectName": "p"},
            ),
            "A build of another account that has output artifacts is not rehearsed",
        ),
        (
            action(
                "Source",
                category="Source",
                provider="CodeCommit",
                outputs=["out"],
                configuration={"RepositoryName": "r", "BranchName": "main"},
            ),
            f"A CodeCommit repository of another account ({THEIR_ACCOUNT}) is not rehearsed",
        ),
    ],
)
def test_what_other_accounts_cannot_do_here_is_not_rehearsed(
    runner: ActionRunner, declaration: dict[str, Any], words: str
) -> None:
    configured = {**declaration, "roleArn": THEIR_ROLE}
    failed = runner.fails(runner.context(configured, runner.artifact("code", {})))
    assert message(failed).startswith(words)
    assert failed.error is not None
    assert failed.error.not_rehearsed


def test_a_job_is_answered_in_the_region_of_its_action(runner: ActionRunner) -> None:
    context = runner.context(action("Use", region=AWAY))
    job = context.handle.open_job("11111111-2222-4333-8444-555555555555", {})
    with pytest.raises(ServiceError, match="JobNotFoundException"):
        runner.api.call("PutJobSuccessResult", jobId=job.id)
    there = Caller(ACCOUNT, AWAY)
    assert runner.api.call("PutJobSuccessResult", caller=there, jobId=job.id) == {}
