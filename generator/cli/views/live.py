"""A rehearsal as a terminal shows it best: the pipeline's stages and actions in place, their clocks running."""

from __future__ import annotations

import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from generator.cli.views.approvals import confirmed
from generator.cli.views.report import report
from generator.cli.views.steps import Words, harmless
from generator.execution import ActionEnded, ActionEvent, ActionProgressed, ActionStarted, ActionWaiting
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.reach import Reach
from generator.rehearsal.driver.steps import Launched, Step

_MARKS = {"Succeeded": ("✓", "green"), "Failed": ("✗", "bold red"), "Abandoned": ("✗", "red")}
_PER_SECOND = 8


@dataclass(slots=True)
class _Row:
    """One action as it stands: monotonic seconds of its start and end, AWS's status ("" before it), words."""

    status: str = ""
    start: float = 0.0
    end: float = 0.0
    words: str = ""

    def seconds(self) -> str:
        return f"{(self.end or time.monotonic()) - self.start:.1f} s" if self.start else ""


class LiveView:
    """Shows the table of stages below what was said; NO_COLOR is honoured by rich itself."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._words = Words()
        self._rows: dict[tuple[str, str], _Row] = {}
        self._live = self._fresh()

    def _fresh(self) -> Live:
        return Live(console=self._console, get_renderable=self._picture, refresh_per_second=_PER_SECOND)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        self._live.stop()

    def hear(self, step: Step) -> None:
        """Take a step into the picture; what does not fit into it is printed above."""
        if isinstance(step, Launched):
            self._rows = {(stage, action): _Row() for stage, actions in step.stages.items() for action in actions}
        if isinstance(step, ActionEvent):
            self._update(step)
        lines = self._words.of(step)
        succeeded = isinstance(step, ActionEnded) and step.error is None
        for line in () if succeeded else lines:
            self._console.print(Text(line))

    def _update(self, event: ActionEvent) -> None:
        row = self._row(event)
        match event:
            case ActionStarted():
                row.status, row.start, row.end, row.words = "InProgress", time.monotonic(), 0.0, ""
            case ActionProgressed():
                row.words = event.summary
            case ActionWaiting():
                row.words = "waits for an approval"
            case ActionEnded():
                row.status, row.end, row.words = event.status, time.monotonic(), event.summary

    def _row(self, event: ActionEvent) -> _Row:
        """The event's row; a stage condition's rule, which is no action of the pipeline, gets one with its stage."""
        key = (event.stage, event.action)
        if key not in self._rows:
            stages = list(dict.fromkeys([stage for stage, _ in self._rows]))
            rows = sorted([*self._rows.items(), (key, _Row())], key=lambda row: stages.index(row[0][0]))
            self._rows = dict(rows)
        return self._rows[key]

    def ask(self, event: ActionWaiting) -> bool:
        """Ask below a picture that stands still meanwhile."""
        self._live.stop()
        try:
            return confirmed(event)
        finally:
            self._live = self._fresh()
            self._live.start()

    def end(self, outcome: Outcome, seconds: float, reach: Reach | None) -> None:
        """Leave the last picture standing and write the report below it."""
        self._live.stop()
        for line in report(outcome, seconds, reach):
            self._console.print(Text(line), soft_wrap=True)

    def _picture(self) -> Group:
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column()
        table.add_column(justify="right")
        table.add_column(no_wrap=True, overflow="ellipsis")
        last = ""
        for (stage, action), row in list(self._rows.items()):
            mark, style = _MARKS.get(row.status, ("…", "yellow") if row.status else ("·", "dim"))
            name = Text("" if stage == last else stage, style="bold" if row.status else "dim")
            words = harmless(row.words.partition("\n")[0])
            table.add_row(name, Text(f"{mark} {action}", style=style), row.seconds(), Text(words, style="dim"))
            last = stage
        return Group(table)
