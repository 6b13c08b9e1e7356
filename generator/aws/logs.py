"""The log of an action: whatever its provider wrote while it ran."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from generator.aws import build_logs, function_logs, stack_events
from generator.aws.environments import Reach, of_action
from generator.aws.expected_errors import no
from generator.aws.pipeline import Action, Execution, Pipeline, Run, Stage
from generator.aws.section import Section
from generator.aws.stage_choice import in_short, stage_named

_SPEAKING = frozenset({"CodeBuild", "Lambda", "CloudFormation"})


@dataclass(frozen=True, slots=True)
class ActionLog:
    """What there is to read of one run of an action; `reason` is why it failed, in AWS's words."""

    stage: str
    action: str
    status: str
    execution: Execution | None
    started: datetime
    reason: str
    sections: tuple[Section, ...]


def logs(reach: Reach, pipeline: Pipeline, stage_name: str, most: int) -> tuple[ActionLog, ...]:
    """The logs of the actions that failed; of the stage named, those of all its actions when none failed.

    `most` is how many lines of each source are wanted. Raises RefusedError when there is nothing to read,
    InvalidInputError when there is no such stage.
    """
    chosen = _of_stage(stage_named(pipeline, stage_name)) if stage_name else _failed(pipeline)
    if not chosen:
        where = f"{stage_name} of {pipeline.name} has" if stage_name else f"{pipeline.name} has no failed action, so"
        raise no(f"{where} nothing to read: {in_short(pipeline)}", "name another stage: penstock logs STAGE")
    return tuple(_log(reach, stage, action, run, most) for stage, action, run in chosen)


_Chosen = Sequence[tuple[Stage, Action, Run]]


def _failed(pipeline: Pipeline) -> _Chosen:
    stages = [stage for stage in pipeline.stages if stage.status in ("Failed", "Stopped")]
    return [(stage, action, action.run) for stage in stages for action in stage.failed if action.run]


def _of_stage(stage: Stage) -> _Chosen:
    failed = [(stage, action, action.run) for action in stage.failed if action.run]
    speaking = [(stage, a, a.run) for a in stage.actions if a.run and a.provider in _SPEAKING]
    return failed or speaking


def _log(reach: Reach, stage: Stage, action: Action, run: Run, most: int) -> ActionLog:
    reason = run.error.message if run.error else ""
    sections = _sections(reach, action, run, most)
    return ActionLog(stage.name, action.name, run.status, stage.execution, run.started, reason, sections)


def _sections(reach: Reach, action: Action, run: Run, most: int) -> tuple[Section, ...]:
    match action.provider:
        case "CodeBuild":
            return build_logs.sections(reach.home, run, most)
        case "Lambda":
            return function_logs.sections(reach.home, action, run, most)
        case "CloudFormation":
            return _stack_events(reach, action, run, most)
    return ()


def _stack_events(reach: Reach, action: Action, run: Run, most: int) -> tuple[Section, ...]:
    place = of_action(action.role)
    if reach.reaches(place):
        return stack_events.sections(reach.door(place), run, most)
    stack = run.configuration.get("StackName", "")
    shown = f"penstock logs --environment {place.word}=PROFILE shows them" if place.word else "ask who has access to it"
    return (Section(f"events of stack {stack}", (f"they are in account {place.account}: {shown}",)),)
