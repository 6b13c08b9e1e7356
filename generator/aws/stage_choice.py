"""Which stage a command means, and a pipeline's state in one line, for refusals."""

from __future__ import annotations

from collections.abc import Sequence

from generator.aws.expected_errors import no
from generator.aws.pipeline import OPEN, Blocker, Execution, Pipeline, Stage
from generator.errors import InvalidInputError, Problem


def stage_named(pipeline: Pipeline, name: str) -> Stage:
    """The stage of this name. Raises InvalidInputError with the names there are."""
    stage = pipeline.stage(name)
    if stage is None:
        there = ", ".join(stage.name for stage in pipeline.stages)
        raise InvalidInputError([Problem(f"{pipeline.name} has no stage {name!r}", hint=f"its stages: {there}")])
    return stage


def chosen_stage(pipeline: Pipeline, candidates: Sequence[Stage], name: str, state: str) -> Stage:
    """The stage meant: the one named, or the only candidate; `state` says what candidates are ("waiting").

    Raises RefusedError when there is none, InvalidInputError when there are several or the name is wrong.
    """
    if name:
        stage = stage_named(pipeline, name)
        if stage not in candidates:
            raise no(f"{stage.name} of {pipeline.name} is not {state}: {in_short(pipeline)}")
        return stage
    if not candidates:
        raise no(f"no stage of {pipeline.name} is {state}: {in_short(pipeline)}")
    if len(candidates) > 1:
        names = ", ".join(stage.name for stage in candidates)
        raise InvalidInputError([Problem(f"several stages of {pipeline.name} are {state}", hint=f"name one: {names}")])
    return candidates[0]


def in_short(pipeline: Pipeline) -> str:
    """What the pipeline is doing, and what holds it up."""
    latest = pipeline.latest
    if latest is None:
        return "it has never run"
    blocked = [blocker_in_short(blocker) for blocker in pipeline.blockers]
    if not latest.over and not any(_holds(stage, latest) for stage in pipeline.stages):
        return "; ".join([f"{latest} is {_place(pipeline, latest)}", *blocked])
    return "; ".join(blocked) or f"its last execution {latest.status.lower()}, {latest}"


def _holds(stage: Stage, execution: Execution) -> bool:
    """Whether an approval of the stage is all that the execution waits for."""
    return bool(stage.approvals) and stage.execution == execution


def _place(pipeline: Pipeline, execution: Execution) -> str:
    """Where an execution is that has not ended."""
    for stage in pipeline.stages:
        if execution in stage.waiting:
            return f"before {stage.name}"
        if stage.execution == execution and stage.status in OPEN:
            return f"in {stage.name}"
    return "on its way"


def blocker_in_short(blocker: Blocker) -> str:
    """What blocks, in one line."""
    place = "/".join(filter(None, (blocker.stage, blocker.action)))
    words = {
        "approval": f"{place} waits for an approval",
        "disabled": f"the transition into {place} is disabled",
        "failed": f"{place} failed",
        "stopped": f"the execution was stopped in {place}",
    }[blocker.kind]
    return f"{words}{': ' * bool(blocker.reason)}{blocker.reason}"
