"""The events CodePipeline puts on the default event bus when something changes its state.

https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.execution import (
    ActionEnded,
    ActionEvent,
    ActionStarted,
    Event,
    ExecutionEnded,
    ExecutionStarted,
    StageEnded,
    StageStarted,
)

SOURCE = "aws.codepipeline"
_STATES = {
    "Cancelled": "CANCELED",
    "Abandoned": "ABANDONED",
    "Failed": "FAILED",
    "Stopped": "STOPPED",
    "Succeeded": "SUCCEEDED",
    "Superseded": "SUPERSEDED",
}


@dataclass(frozen=True, slots=True)
class BusEvent:
    """One event for the bus."""

    kind: str
    detail: Mapping[str, Any]


def bus_event(event: Event, region: str) -> BusEvent | None:
    """What AWS puts on the bus when this happens; None when it puts nothing."""
    detail: dict[str, Any] = {
        "pipeline": event.pipeline,
        "execution-id": event.execution,
        "version": float(event.version),
    }
    if isinstance(event, ActionEvent):
        return _of_action(event, detail, region)
    if isinstance(event, ExecutionStarted):
        trigger = {"trigger-type": event.trigger, "trigger-detail": event.detail}
        detail |= {"state": "STARTED", "execution-trigger": trigger}
    elif isinstance(event, ExecutionEnded):
        detail |= {"state": _STATES[event.status]}
    elif isinstance(event, StageStarted):
        state = "RESUMED" if event.retry else "STARTED"
        return BusEvent(_change("Stage"), {**detail, "stage": event.stage, "state": state})
    elif isinstance(event, StageEnded):
        return BusEvent(_change("Stage"), {**detail, "stage": event.stage, "state": _STATES[event.status]})
    else:
        return None
    return BusEvent(_change("Pipeline"), detail)


def _of_action(event: ActionEvent, detail: Mapping[str, Any], region: str) -> BusEvent | None:
    if isinstance(event, ActionStarted):
        state = "STARTED"
    elif isinstance(event, ActionEnded):
        state = _STATES[event.status]
    else:
        return None
    category, owner, provider, version = event.kind
    place = {"stage": event.stage, "action": event.action, "action-execution-id": event.run, "region": region}
    kind = {"owner": owner, "category": category, "provider": provider, "version": version}
    result = _result(event) if isinstance(event, ActionEnded) else {}
    return BusEvent(_change("Action"), {**detail, **place, "type": kind, "state": state, **result})


def _result(event: ActionEnded) -> dict[str, Any]:
    result = {
        "external-execution-id": event.external_id,
        "external-execution-summary": event.summary,
        "external-execution-url": event.url,
        "error-code": event.error.code if event.error else "",
    }
    filled = {key: value for key, value in result.items() if value}
    return {"execution-result": filled} if filled else {}


def _change(what: str) -> str:
    return f"CodePipeline {what} Execution State Change"
