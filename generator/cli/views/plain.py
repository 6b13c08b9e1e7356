"""A rehearsal as plain lines, for files, pipes and whatever is not a terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

import click

from generator.cli.views.approvals import asked, confirmed
from generator.cli.views.report import report
from generator.cli.views.steps import Words
from generator.execution import ActionWaiting
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.reach import Reach
from generator.rehearsal.driver.steps import Step


class PlainView:
    """Writes the lines of each step as it comes, the seconds since the beginning in front of the first."""

    def __init__(self) -> None:
        self._words = Words()
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Nothing is held."""

    def hear(self, step: Step) -> None:
        """Write a step."""
        lines = self._words.of(step)
        if isinstance(step, ActionWaiting):
            lines = [f"{step.stage}/{step.action} waits for an approval:", *(f"  {line}" for line in asked(step))]
        for number, line in enumerate(lines):
            moment = "" if number else f"{time.monotonic() - self._began:.1f} s"
            click.echo(f"{moment:>8}  {line}")

    def ask(self, event: ActionWaiting) -> bool:
        """Ask on stderr."""
        return confirmed(event)

    def end(self, outcome: Outcome, seconds: float, reach: Reach | None) -> None:
        """Write the report."""
        click.echo("\n".join(report(outcome, seconds, reach)))
