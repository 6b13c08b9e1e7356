"""The engine's events: what happens to an execution, as the values everybody else reads."""

from __future__ import annotations

from datetime import datetime

from generator.execution import (
    ActionEnded,
    ActionProgressed,
    ActionStarted,
    ActionWaiting,
    AssumptionMade,
    ExecutionEnded,
    ExecutionStarted,
    StageEnded,
    StageStarted,
    StageWaiting,
)
from generator.rehearsal.assumptions import ReliedOn
from generator.rehearsal.codepipeline.state import ActionRun, Execution, StageRun


def execution_started(at: datetime, execution: Execution) -> ExecutionStarted:
    """An execution began."""
    return ExecutionStarted(at, *_of(execution), trigger=execution.trigger, detail=execution.detail)


def execution_ended(at: datetime, execution: Execution, run: StageRun | None) -> ExecutionEnded:
    """An execution ended, in the given stage or between stages."""
    failed = [*run.failed, *run.broken_rules] if run else []
    return ExecutionEnded(
        at,
        *_of(execution),
        status=execution.status,
        summary=execution.summary,
        stage=run.stage.name if run else "",
        action=failed[0].action.name if failed else "",
        not_rehearsed=execution.status == "Failed" and run is not None and run.not_rehearsed,
    )


def stage_waiting(at: datetime, execution: Execution, reason: str) -> StageWaiting:
    """An execution has to wait before its next stage."""
    return StageWaiting(at, *_of(execution), execution.stage.name, reason=reason)


def stage_started(at: datetime, run: StageRun, *, retry: bool = False) -> StageStarted:
    """An execution entered a stage, or tries it again."""
    return StageStarted(at, *_of(run.execution), run.stage.name, retry=retry)


def stage_ended(at: datetime, run: StageRun) -> StageEnded:
    """An execution left a stage, or came to a halt in it."""
    return StageEnded(at, *_of(run.execution), run.stage.name, status=run.status)


def action_started(at: datetime, run: ActionRun) -> ActionStarted:
    """An action began."""
    return ActionStarted(at, *_place(run))


def action_waiting(at: datetime, run: ActionRun, message: str, link: str) -> ActionWaiting:
    """An action waits for a person."""
    return ActionWaiting(at, *_place(run), token=run.token, message=message, link=link)


def action_progressed(at: datetime, run: ActionRun) -> ActionProgressed:
    """An action said something about itself."""
    outcome = run.outcome
    return ActionProgressed(at, *_place(run), summary=outcome.summary, external_id=outcome.external_id, url=outcome.url)


def action_ended(at: datetime, run: ActionRun) -> ActionEnded:
    """An action ended."""
    outcome = run.outcome
    return ActionEnded(
        at,
        *_place(run),
        status=run.status,
        summary=outcome.summary,
        error=outcome.error,
        log=outcome.log,
        external_id=outcome.external_id,
        url=outcome.url,
        variables=dict(outcome.variables),
    )


def assumption_made(at: datetime, run: ActionRun, relied_on: ReliedOn) -> AssumptionMade:
    """An action relied on something AWS does not document."""
    return AssumptionMade(
        at,
        *_place(run),
        assumption=relied_on.assumption,
        value=relied_on.value,
        meaning=relied_on.meaning,
        why=relied_on.why,
    )


def _of(execution: Execution) -> tuple[str, int, str]:
    return execution.pipeline.name, execution.pipeline.version, execution.id


def _place(run: ActionRun) -> tuple[str, int, str, str, str, str, tuple[str, str, str, str]]:
    kind = run.action.type
    parts = (kind.category, kind.owner, kind.provider, kind.version)
    return *_of(run.execution), run.stage.name, run.action.name, run.id, parts
