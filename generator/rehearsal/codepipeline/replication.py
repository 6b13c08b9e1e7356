"""Artifacts on their way to other regions and accounts: what an action there may read, and where it lies for it.

https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
"""

from __future__ import annotations

from dataclasses import replace

from generator.rehearsal.codepipeline import artifacts
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.declaration import Pipeline
from generator.rehearsal.codepipeline.failure import ActionFailedError, not_rehearsed
from generator.rehearsal.codepipeline.state import Artifact


def replicated(context: ActionContext, pipeline: Pipeline) -> ActionContext:
    """The context with its input artifacts in the store of the action's region.

    Raises ActionFailedError for an artifact that the action cannot have, or a store that is in another region.
    """
    for name in context.inputs:
        _refuse_stranger(context, pipeline, name)
    if context.region == context.surroundings.region:
        return _at_home(context)
    _refuse_distant_store(context)
    return replace(context, inputs={name: _replica(context, each) for name, each in context.inputs.items()})


def _refuse_stranger(context: ActionContext, pipeline: Pipeline, name: str) -> None:
    """An artifact goes from one account to another only if one of them is the pipeline's."""
    home = context.surroundings.account
    makers = [action for _, action in pipeline.actions() if name in action.outputs]
    account = account_of(makers[0].role or pipeline.role) if makers else context.account
    if context.account != home and account not in {context.account, home}:
        raise ActionFailedError(
            "ConfigurationError",
            f"Artifact {name} was made in account {account}, and action {context.action.name} is in account"
            f" {context.account}: neither is the pipeline's.",
        )


def account_of(role: str) -> str:
    """The account of a role, by its ARN."""
    return role.split(":")[4]


def _at_home(context: ActionContext) -> ActionContext:
    """Only what an action of another region reads is replicated: what it makes stays there."""
    distant = [name for name, artifact in context.inputs.items() if artifact.bucket != context.store.bucket]
    if distant:
        raise not_rehearsed(f"An artifact that was made in another region ({distant[0]})")
    return context


def _refuse_distant_store(context: ActionContext) -> None:
    bucket = context.store.bucket
    region = context.surroundings.client("s3", region=context.region).head_bucket(Bucket=bucket)["BucketRegion"]
    if region != context.region:
        raise ActionFailedError(
            "ConfigurationError", f"The artifact store of region {context.region}, {bucket}, is in region {region}."
        )


def _replica(context: ActionContext, artifact: Artifact) -> Artifact:
    """A copy of an artifact in the region's store, made with the pipeline's role; one that is there stays."""
    if artifact.bucket == context.store.bucket:
        return artifact
    file = context.folder / f"{artifact.name}.replica.zip"
    artifacts.fetch(context.as_pipeline("s3"), artifact, file)
    copy = replace(artifact, bucket=context.store.bucket)
    artifacts.put(context.as_pipeline("s3", context.region), context.store, copy, file)
    file.unlink()
    return copy
