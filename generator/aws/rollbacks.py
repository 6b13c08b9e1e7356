"""Rolls one stage back to an earlier commit: which executions it can be rolled back to, and why not to others.

https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from generator.aws.door import Door
from generator.aws.executions import SHORTEST_ID
from generator.aws.expected_errors import declined, no
from generator.aws.inventory import is_by_commands
from generator.aws.pipeline import Execution, Pipeline, Stage
from generator.aws.pipeline_answers import with_runs
from generator.aws.pipeline_queries import action_runs, listed, succeeded_in, version_of
from generator.aws.stage_choice import stage_named
from generator.errors import InvalidInputError, Problem

CONSIDERED = 10
"""Executions that are looked at for one to go back to, and then listed with why none of them will do."""
_FORWARD = "`penstock start --commit ID` delivers an old commit through all stages"


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a rollback will do: the execution whose artifacts come back into the stage, and when it succeeded there.

    `instead_of` is what the stage holds now; `asks` says whether an approval of the stage will be asked again.
    """

    pipeline: str
    stage: str
    target: Execution
    succeeded: datetime | None
    instead_of: Execution | None
    asks: bool


def way_back(door: Door, pipeline: Pipeline, stage_name: str, to: str = "") -> WayBack:
    """The rollback to the execution whose id begins so, or to the newest one that can be gone back to.

    Raises RefusedError with the reason when it is not available, InvalidInputError for an unknown stage or id.
    """
    stage = stage_named(pipeline, stage_name)
    _refuse_stage(pipeline, stage)
    _refuse_asking(pipeline, stage)
    target = _named(door, pipeline, stage, to) if to else _newest(door, pipeline, stage)
    there = with_runs(stage, action_runs(door, pipeline.name, target.id))
    return WayBack(
        pipeline=pipeline.name,
        stage=stage.name,
        target=target,
        succeeded=max((run.updated for run in there.runs), default=None),
        instead_of=stage.execution,
        asks=any(action.category == "Approval" for action in stage.actions),
    )


def roll_back(door: Door, way: WayBack) -> str:
    """Begin the rollback; the id of its execution. Raises RefusedError when AWS says that it cannot be done."""
    codes = {"PipelineExecutionOutdatedException": "", "UnableToRollbackStageException": ""}
    with declined(codes):
        answer = door.client("codepipeline").rollback_stage(
            pipelineName=way.pipeline, stageName=way.stage, targetPipelineExecutionId=way.target.id
        )
    return str(answer["pipelineExecutionId"])


def _refuse_stage(pipeline: Pipeline, stage: Stage) -> None:
    if pipeline.mode == "PARALLEL":
        raise no(f"{pipeline.name} cannot be rolled back: its executions run side by side (mode PARALLEL)")
    if any(is_by_commands(action.provider, action.name) for action in stage.actions):
        why = "commands deploy it, and nobody knows whether those of an old commit take back what came later"
        raise no(f"{stage.name} cannot be rolled back: {why}", _FORWARD)
    if stage is pipeline.stages[0]:
        raise no(
            f"{stage.name} cannot be rolled back: it is the source", "`penstock start --commit` runs an old commit"
        )


def _refuse_asking(pipeline: Pipeline, stage: Stage) -> None:
    after = next((earlier for earlier in pipeline.stages if pipeline.asking_for(earlier) is stage), None)
    if after:
        why = f"it asks for the approval of {after.name}, and changes nothing"
        raise no(f"{stage.name} cannot be rolled back: {why}", f"`penstock rollback {after.name}`")


def _newest(door: Door, pipeline: Pipeline, stage: Stage) -> Execution:
    """The newest execution to go back to that is older than what is there."""
    refused = []
    newest = list(islice(succeeded_in(door, pipeline.name, stage.name), CONSIDERED))
    reasons = _not_older(stage, newest)
    for execution in newest:
        reason = reasons.get(execution.id) or _why_not(door, pipeline, execution)
        if not reason:
            return execution
        refused.append(f"{execution}: {reason}")
    why = "" if refused else ": nothing ever succeeded there"
    raise no(f"{stage.name} of {pipeline.name} cannot be rolled back{why}", _FORWARD, refused)


def _named(door: Door, pipeline: Pipeline, stage: Stage, to: str) -> Execution:
    matches = [e for e in listed(door, pipeline.name) if e.id.startswith(to.lower())] if len(to) >= SHORTEST_ID else []
    if len(matches) != 1:
        hint = f"its id or its first {SHORTEST_ID} characters: `penstock status` shows it"
        raise InvalidInputError([Problem(f"{pipeline.name} has no single execution {to!r}", hint=hint)])
    target = matches[0]
    reason = _why_not(door, pipeline, target)
    if not reason and all(e.id != target.id for e in succeeded_in(door, pipeline.name, stage.name)):
        reason = f"it never succeeded in {stage.name}"
    if reason:
        raise no(f"{stage.name} cannot be rolled back to {target}: {reason}", _FORWARD)
    return target


def _why_not(door: Door, pipeline: Pipeline, execution: Execution) -> str:
    if execution.rollback_of:
        return f"it is a rollback itself, to execution {execution.rollback_of}"
    version = version_of(door, pipeline.name, execution.id)
    if version != pipeline.version:
        return f"it ran before the pipeline was updated (version {version}, now {pipeline.version})"
    return ""


def _not_older(stage: Stage, executions: Sequence[Execution]) -> dict[str, str]:
    """Why executions will not do that are what the stage holds now, or came after it: going there is no way back."""
    now = stage.execution
    ids = [execution.id for execution in executions]
    held = (now.rollback_of or now.id) if now else ""
    if held not in ids:
        return {}
    newer = dict.fromkeys(ids[: ids.index(held)], "it is newer than what is deployed")
    return {**newer, held: "it is what is deployed"}
