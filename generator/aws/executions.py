"""Starts, stops and retries executions.

https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from generator.aws.door import Door
from generator.aws.expected_errors import declined, no
from generator.aws.pipeline import Action, Execution, Pipeline, Stage
from generator.aws.stage_choice import chosen_stage, in_short
from generator.aws_rules import limits
from generator.errors import InvalidInputError, Problem

SHORTEST_ID = 8  # characters of an execution's id that are enough to name it
_REVISION_TYPES = {"CodeCommit": "COMMIT_ID", "CodeStarSourceConnection": "COMMIT_ID", "S3": "S3_OBJECT_VERSION_ID"}
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def start(door: Door, pipeline: Pipeline, commit: str = "", variables: Mapping[str, str] = MappingProxyType({})) -> str:
    """Start an execution, of this commit (an S3 source: this object version) or of the newest; its id.

    `variables` are those of the pipeline that shall not have their defaults; AWS refuses one that there is not.
    Raises InvalidInputError for a commit that cannot be meant.
    """
    revisions = [_revision(pipeline, commit)] if commit else []
    overrides = (
        {"variables": [{"name": name, "value": value} for name, value in variables.items()]} if variables else {}
    )
    client = door.client("codepipeline")
    answer = client.start_pipeline_execution(name=pipeline.name, sourceRevisions=revisions, **overrides)
    return str(answer["pipelineExecutionId"])


def _revision(pipeline: Pipeline, commit: str) -> dict[str, str]:
    source = _source(pipeline)
    kind = _REVISION_TYPES[source.provider]
    if kind == "COMMIT_ID" and not _COMMIT.fullmatch(commit):
        hint = f"AWS needs its whole id: --commit $(git rev-parse {commit})"
        raise InvalidInputError([Problem(f"{commit!r} is not the whole id of a commit", hint=hint)])
    return {"actionName": source.name, "revisionType": kind, "revisionValue": commit}


def _source(pipeline: Pipeline) -> Action:
    sources = [action for stage in pipeline.stages for action in stage.actions if action.category == "Source"]
    chosen = [action for action in sources if action.provider in _REVISION_TYPES]
    if len(sources) != 1 or not chosen:
        there = ", ".join(f"{action.name} ({action.provider})" for action in sources)
        raise InvalidInputError([Problem(f"the source of {pipeline.name} takes no commit: {there}")])
    return chosen[0]


def to_stop(pipeline: Pipeline, identity: str = "") -> Execution:
    """The execution to stop: the one whose id begins so, or the only one that runs.

    Raises RefusedError when none does, InvalidInputError when it has to be named.
    """
    running = pipeline.running
    if not running:
        raise no(f"nothing runs in {pipeline.name}: {in_short(pipeline)}")
    if not identity and len(running) == 1:
        return running[0]
    matches = [e for e in running if len(identity) >= SHORTEST_ID and e.id.startswith(identity.lower())]
    if len(matches) != 1:
        there = "; ".join(map(str, running))
        raise InvalidInputError(
            [Problem(f"which execution of {pipeline.name}?", hint=f"--execution names it: {there}")]
        )
    return matches[0]


def stop(door: Door, pipeline: Pipeline, execution: Execution, *, abandon: bool, reason: str) -> None:
    """Stop an execution after its actions in progress, or without waiting for them.

    Raises RefusedError when it ended, or was asked to stop, meanwhile; InvalidInputError for a reason that is too long.
    """
    if len(reason) > limits.STOP_REASON_LENGTH:
        most = limits.STOP_REASON_LENGTH
        raise InvalidInputError([Problem(f"a reason has at most {most} characters, not {len(reason)}")])
    codes = {"PipelineExecutionNotStoppableException": "", "DuplicatedStopRequestException": ""}
    with declined(
        codes, "--abandon does not wait for the actions in progress" if execution.status == "Stopping" else ""
    ):
        door.client("codepipeline").stop_pipeline_execution(
            pipelineName=pipeline.name,
            pipelineExecutionId=execution.id,
            abandon=abandon,
            reason=reason,
        )


def to_retry(pipeline: Pipeline, stage_name: str = "") -> Stage:
    """The stage to try again: the one named, or the only one that failed or was stopped.

    Raises RefusedError when none did, InvalidInputError when it has to be named.
    """
    halted = [stage for stage in pipeline.stages if stage.status in ("Failed", "Stopped") and stage.execution]
    return chosen_stage(pipeline, halted, stage_name, "to be tried again")


def retry(door: Door, pipeline: Pipeline, stage: Stage) -> None:
    """Rerun a stage with the same commit: all its actions, since an executed change set cannot run again.

    Raises RefusedError when AWS says that it cannot be retried.
    """
    if stage.execution is None:
        raise no(f"nothing ever ran in {stage.name} of {pipeline.name}")
    codes = {"StageNotRetryableException": "", "NotLatestPipelineExecutionException": ""}
    with declined(codes, "push a commit, or run `penstock start`: a new execution begins with the newest commit"):
        door.client("codepipeline").retry_stage_execution(
            pipelineName=pipeline.name,
            stageName=stage.name,
            pipelineExecutionId=stage.execution.id,
            retryMode="ALL_ACTIONS",
        )
