"""The state of a pipeline as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.aws.pipeline import Action, Blocker, Pipeline, Run, Stage, first_line
from generator.aws.stage_choice import blocker_in_short
from generator.cli.output import ago, duration, person

_NAME, _STATUS = 18, 11  # columns


def lines(pipeline: Pipeline, now: datetime) -> Iterator[str]:
    """The pipeline's latest execution, its stages with their actions, and what keeps it from going on."""
    yield f"{pipeline.name}: {verdict(pipeline)}"
    for execution in pipeline.running or (pipeline.latest,):
        if execution:
            started = f", started {ago(execution.started, now)}" if execution.started else ""
            yield f"  {execution}{started}"
    for stage in pipeline.stages:
        yield ""
        yield from stage_lines(stage, now)
    for blocker in pipeline.blockers:
        yield ""
        yield from blocker_lines(blocker, pipeline, now)


def verdict(pipeline: Pipeline) -> str:
    """The pipeline in a word or two."""
    latest = pipeline.latest
    if latest is None:
        return "has never run"
    if pipeline.running:
        waits = any(stage.approvals for stage in pipeline.stages)
        return "waiting for an approval" if waits else "running"
    return f"{'red' if pipeline.red else 'green'} ({latest.status.lower()})"


def brief(pipeline: Pipeline, now: datetime) -> Iterator[str]:
    """The same in so few lines that a terminal shows them all: actions only where something is still to happen."""
    yield f"{pipeline.name}: {verdict(pipeline)}"
    for stage in pipeline.stages:
        yield _stage_line(stage, now)
        for action in stage.actions if stage.status not in (None, "Succeeded") else ():
            yield from action_lines(action, now)
    for blocker in pipeline.blockers:
        yield from blocker_lines(blocker, pipeline, now)


def stage_lines(stage: Stage, now: datetime) -> Iterator[str]:
    """A stage: its commit, how long it took, its actions, tests, URL, and who waits before it."""
    yield _stage_line(stage, now)
    width = max(len(action.name) for action in stage.actions) if stage.actions else 0
    for action in stage.actions if stage.status else ():
        yield from action_lines(action, now, width)
    if stage.tests:
        yield f"  tests  {stage.tests}"
    if stage.url:
        yield f"  url    {stage.url}"
    for execution in stage.waiting:
        yield f"  waits  {execution}"


def _stage_line(stage: Stage, now: datetime) -> str:
    seconds = stage.seconds(now)
    commit = str(stage.execution.commit or "") if stage.execution else ""
    rollback = " (rollback)" if stage.execution and stage.execution.rollback_of else ""
    took = "" if seconds is None else duration(seconds)
    return f"{stage.name:<{_NAME}}  {_status(stage.status):<{_STATUS}}  {took:<11}  {commit}{rollback}"


def action_lines(action: Action, now: datetime, width: int = 0) -> Iterator[str]:
    """An action's run: status, time, and what it says about itself; its name takes so many columns at least."""
    run = action.run
    status = "waiting" if action.waits else _status(run.status if run else None)
    took = duration(run.seconds(now)) if run else ""
    yield f"  {action.name:<{max(width, _NAME - 2)}}  {status:<{_STATUS}}  {took:<11}  {_words(action, run)}"


def _words(action: Action, run: Run | None) -> str:
    if run is None:
        return ""
    if action.category == "Approval" and run.by:
        answered = "approved" if run.status == "Succeeded" else "rejected"
        return f"{answered} by {person(run.by)}{': ' * bool(run.summary)}{first_line(run.summary)}"
    return first_line(run.error.message if run.error else run.summary)


def _status(status: str | None) -> str:
    return {None: "-", "InProgress": "running"}.get(status) or str(status).lower()


def blocker_lines(blocker: Blocker, pipeline: Pipeline, now: datetime) -> Iterator[str]:
    """What blocks, since when, and what can be done about it."""
    yield f"{blocker_in_short(blocker)}{_since(blocker, now)}"
    yield from (f"  {way}" for way in _ways_out(blocker, pipeline))


def _since(blocker: Blocker, now: datetime) -> str:
    if blocker.since is None:
        return ""
    over = blocker.kind in ("failed", "stopped")
    return f" ({ago(blocker.since, now) if over else f'for {duration((now - blocker.since).total_seconds())}'})"


def _ways_out(blocker: Blocker, pipeline: Pipeline) -> tuple[str, ...]:
    stage = blocker.stage
    match blocker.kind:
        case "approval":
            return (f"answer: penstock approve {stage}, or penstock reject {stage}",)
        case "disabled":
            where = f"--pipeline-name {pipeline.name} --stage-name {stage} --transition-type Inbound"
            return (f"open it: aws codepipeline enable-stage-transition {where}",)
        case "failed" if stage == pipeline.stages[0].name:
            return (f"why: penstock logs {stage}", "again: push a commit, or penstock start")
        case "failed":
            return (f"why: penstock logs {stage}", f"again with the same commit: penstock retry {stage}")
        case "stopped":
            return (f"again: penstock retry {stage}",)
