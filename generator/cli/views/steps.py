"""The steps of a rehearsal in words: one or more lines each, for people."""

from __future__ import annotations

import re
from datetime import datetime

from generator.cli.views import permissions
from generator.cli.views.faults import tried
from generator.execution import ActionEnded, ActionStarted
from generator.rehearsal.driver.steps import Begun, Launched, Logged, PermissionsShown, Remarked, Step, Tried

_ESCAPE = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[@-Z\\-_])")
_STAGE, _ACTION = 12, 17  # columns


def harmless(text: str) -> str:
    """A line without colours and whatever else a terminal would act on."""
    return "".join(c if c.isprintable() or c == "\t" else " " for c in _ESCAPE.sub("", text))


class Words:
    """Says what happened, with how long it took."""

    def __init__(self) -> None:
        self._began: dict[str, datetime] = {}

    def of(self, step: Step) -> list[str]:
        """The lines of a step; none for what need not be said."""
        match step:
            case ActionStarted():
                self._began[step.run] = step.at
            case ActionEnded():
                return [f"{step.stage:<{_STAGE}} {step.action:<{_ACTION}} {self._ending(step)}", *_failure(step)]
        return _of_the_driver(step)

    def _ending(self, event: ActionEnded) -> str:
        began = self._began.pop(event.run, event.at)
        seconds = (event.at - began).total_seconds()
        summary = harmless(event.summary.partition("\n")[0])
        return f"{event.status.lower()} in {seconds:.1f} s{'  ' * bool(summary)}{summary}"


def _of_the_driver(step: Step) -> list[str]:  # noqa: PLR0911 - one for each kind of step
    match step:
        case Begun():
            return [f"rehearsing {harmless(step.source)}"]
        case Launched():
            return [f"launched {step.stack}"]
        case Remarked():
            return [harmless(step.message)]
        case Logged():
            return [f"  {step.log}:", *_indented(step.lines)]
        case Tried():
            return [harmless(line) for line in tried(step)]
        case PermissionsShown():
            return [harmless(line) for line in permissions.lines(step)]
    return []


def _failure(event: ActionEnded) -> list[str]:
    if event.error is None:
        return []
    reason = f"{event.error.code}: {event.error.message}".splitlines()
    return [*(f"  {harmless(line)}" for line in reason), *_indented(event.log)]


def _indented(lines: tuple[str, ...]) -> list[str]:
    return [f"  | {harmless(line)}" for line in lines]
