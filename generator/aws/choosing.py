"""Which stage of a pipeline is meant, and how a pipeline stands in one line: what every refusal has to say."""

from __future__ import annotations

from collections.abc import Sequence

from generator.aws.declining import no
from generator.aws.pipeline import Blocker, Pipeline, Stage
from generator.errors import InvalidInputError, Problem


def stage_named(pipeline: Pipeline, name: str) -> Stage:
    """The stage of this name. Raises InvalidInputError with the names there are."""
    stage = pipeline.stage(name)
    if stage is None:
        there = ", ".join(stage.name for stage in pipeline.stages)
        raise InvalidInputError([Problem(f"{pipeline.name} has no stage {name!r}", hint=f"its stages: {there}")])
    return stage


def one_stage(pipeline: Pipeline, candidates: Sequence[Stage], name: str, wanted: str) -> Stage:
    """The stage meant: the one named, or the only candidate; `wanted` says what candidates are ("waiting").

    Raises RefusedError when there is none, InvalidInputError when there are several or the name is wrong.
    """
    if name:
        stage = stage_named(pipeline, name)
        if stage not in candidates:
            raise no(f"{stage.name} of {pipeline.name} is not {wanted}: {in_short(pipeline)}")
        return stage
    if not candidates:
        raise no(f"no stage of {pipeline.name} is {wanted}: {in_short(pipeline)}")
    if len(candidates) > 1:
        names = ", ".join(stage.name for stage in candidates)
        raise InvalidInputError([Problem(f"several stages of {pipeline.name} are {wanted}", hint=f"name one: {names}")])
    return candidates[0]


def in_short(pipeline: Pipeline) -> str:
    """What the pipeline is doing."""
    if blocked := "; ".join(map(blocker_in_short, pipeline.blockers)):
        return blocked
    latest = pipeline.latest
    if latest is None:
        return "it has never run"
    if latest.over:
        return f"its last execution {latest.status.lower()}, {latest}"
    inside = [stage.name for stage in pipeline.stages if stage.status == "InProgress"]
    return f"{latest} is {f'in {inside[-1]}' if inside else 'on its way'}"


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
