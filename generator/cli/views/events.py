"""A rehearsal as JSON: one event a line, the last one the result."""

from __future__ import annotations

import dataclasses
import json
from types import TracebackType
from typing import Any, Self

import click

from generator.cli.views.approvals import confirmed
from generator.execution import ActionWaiting, Event, to_message
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.reach import Reach
from generator.rehearsal.driver.steps import Step


class EventsView:
    """Writes each step as it comes. The events of the execution have the form of `generator.execution.told`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Nothing is held."""

    def hear(self, step: Step) -> None:
        """Write a step."""
        _write(
            to_message(step) if isinstance(step, Event) else {"type": type(step).__name__, **dataclasses.asdict(step)}
        )

    def ask(self, event: ActionWaiting) -> bool:
        """Ask on stderr: stdout belongs to the events."""
        return confirmed(event)

    def end(self, outcome: Outcome, seconds: float, reach: Reach | None) -> None:
        """Write the result."""
        kept = {"kept": dataclasses.asdict(reach)} if reach else {}
        _write({"type": "result", **dataclasses.asdict(outcome), "seconds": round(seconds, 2), **kept})


def _write(event: dict[str, Any]) -> None:
    click.echo(json.dumps(event))
