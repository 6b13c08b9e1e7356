"""Takes small services through an emulator, and keeps every step."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from generator.execution import ActionEnded, ActionWaiting
from generator.rehearsal.driver.declared import stack_name
from generator.rehearsal.driver.execution_watch import Wishes
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.source import SourceChoice, take
from generator.rehearsal.driver.steps import Logged, Remarked, Step
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.shop import Shop
from tests.rehearsal.driver.small import Small, template

S = TypeVar("S")
_numbers = itertools.count(1)


@dataclass
class Rehearsed:
    """What came of a rehearsal, and every step on the way."""

    outcome: Outcome
    steps: list[Step] = field(default_factory=list)

    def of(self, kind: type[S]) -> list[S]:
        """The steps of a kind."""
        return [step for step in self.steps if isinstance(step, kind)]

    @property
    def ended(self) -> list[str]:
        """The actions that ended, in order, each with its stage."""
        return [f"{event.stage}/{event.action}" for event in self.of(ActionEnded)]

    @property
    def logged(self) -> str:
        """Every line of every log that was shown for a failure, those of the action itself first."""
        own = [line for event in self.of(ActionEnded) if event.error for line in event.log]
        return "\n".join([*own, *(line for step in self.of(Logged) for line in step.lines)])

    @property
    def remarks(self) -> str:
        return "\n".join(step.message for step in self.of(Remarked))


@dataclass(frozen=True, slots=True)
class Stage:
    """Where small services are rehearsed: an emulator that several share, and a folder."""

    emulator: Emulator
    folder: Path

    def rehearse(self, small: Small, **wishes: Any) -> Rehearsed:
        """Commit a service and take it as far as it gets; `wishes` as in Wishes, where approvals are given."""
        file = small.commit(self.folder / small.name)
        return self.rehearse_file(file, template(file), **wishes)

    def rehearse_file(self, file: Path, text: str, **wishes: Any) -> Rehearsed:
        """Take the commit of a file's folder through the pipeline of a template."""
        source = take(file.parent, SourceChoice(), self.folder / f"source-{next(_numbers)}", os.environ)
        steps: list[Step] = []
        rehearsal = Rehearsal(self.emulator, steps.append, Wishes(**{"approve": lambda _event: True, **wishes}))
        return Rehearsed(rehearsal.run(stack_name(text), text, source), steps)


class Course:
    """One commit after the other of a project of several services through one pipeline; `asked` hears approvals."""

    def __init__(self, stage: Stage, shop: Shop, asked: list[ActionWaiting]) -> None:
        self._stage = stage
        self._shop = shop
        self._steps: list[Step] = []
        self._rehearsal = Rehearsal(stage.emulator, self._hear, Wishes(self._approve))
        self._asked = asked
        self._launched = False

    def take(self, message: str, shop: Shop | None = None) -> Rehearsed:
        """Commit the project, perhaps a changed one, and take it as far as it gets."""
        file = (shop or self._shop).commit(self._stage.folder / self._shop.name, message)
        source = take(file.parent, SourceChoice(), self._stage.folder / f"source-{next(_numbers)}", os.environ)
        self._steps = []
        if self._launched:
            return Rehearsed(self._rehearsal.again(source), self._steps)
        self._launched = True
        text = template(file)
        return Rehearsed(self._rehearsal.run(stack_name(text), text, source), self._steps)

    def build_log(self) -> str:
        """The whole log of the last build."""
        logs, group = self._stage.emulator.client("logs"), f"/aws/codebuild/{self._shop.name}-build"
        streams = logs.describe_log_streams(logGroupName=group, orderBy="LastEventTime", descending=True)["logStreams"]
        stream = max(streams, key=lambda each: each.get("lastEventTimestamp", 0))["logStreamName"]
        events = logs.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
        return "".join(event["message"] for event in events)

    def _hear(self, step: Step) -> None:
        self._steps.append(step)

    def _approve(self, waiting: ActionWaiting) -> bool:
        self._asked.append(waiting)
        return True
