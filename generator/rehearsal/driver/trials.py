"""A green rehearsal done over with faults: which faults struck, how it ended, and whether that is right."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from botocore.exceptions import BotoCoreError

from generator.errors import PenstockError
from generator.execution import ActionStarted
from generator.rehearsal import waits
from generator.rehearsal.driver.open_executions import settle
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.steps import Hear, Injected, Launched, Step, Tried
from generator.rehearsal.emulator.faults.kinds import DUPLICATE, KILLED, KINDS, LATE, SLOW, THROTTLED, Faults
from generator.rehearsal.emulator.guard import living
from generator.rehearsal.emulator.handle import Emulator

LOST = "lost"
TRIALS: tuple[tuple[str, ...], ...] = ((DUPLICATE.word, LATE.word, THROTTLED.word, SLOW.word), (KILLED.word,), (LOST,))
"""Which kinds strike together. Those of the first change nothing; the others may end a pipeline, with a reason."""
_TIMES = 10.0
_COUNTS = re.compile(r"\d+ (?:passed|failed)")

Make = Callable[[Faults | None], Emulator]
Take = Callable[[Emulator, Hear], Outcome]
"""Takes the commit through the pipeline of an emulator."""


@dataclass
class Heard:
    """What a trial learns: its pipeline, the actions that began; `then` is asked at each of them."""

    then: Callable[[str], None] = lambda _action: None
    pipeline: str = ""
    begun: list[str] = field(default_factory=list)

    def hear(self, step: Step) -> None:
        """Take note of a step."""
        match step:
            case Launched():
                self.pipeline = step.pipeline
            case ActionStarted():
                self.begun.append(f"{step.stage}/{step.action}")
                self.then(self.begun[-1])

    @property
    def last(self) -> str:
        """Where it was seen last."""
        return self.begun[-1] if self.begun else "the launch"


class Trials:
    """Tries a pipeline that was green, in emulators of `make`, with the faults of a seed.

    A trial may take ten times as long as the clean run and at least `least` seconds; then it hangs, and is ended.
    `tell` is called with each when it begins.
    """

    def __init__(
        self,
        make: Make,
        take: Take,
        seed: int,
        *,
        least: float = waits.TRIAL.seconds,
        tell: Callable[[str], None] = lambda _words: None,
    ) -> None:
        self._make = make
        self._take = take
        self._seed = seed
        self._least = least
        self._tell = tell
        self._begun: set[str] = set()

    def all(self, clean: Outcome, seconds: float) -> Iterator[Tried]:
        """Every trial, one after the other, of a pipeline that ended as `clean` after so many seconds."""
        limit = max(self._least, _TIMES * seconds)
        for kinds in TRIALS:
            began = time.monotonic()
            self._tell(f"with {', '.join(kinds)}: it may take {limit:.0f} s")
            tried = self._lose(limit) if LOST in kinds else self._strike(kinds, clean, limit)
            yield replace(tried, seconds=time.monotonic() - began)

    def _strike(self, kinds: tuple[str, ...], clean: Outcome, limit: float) -> Tried:
        heard = Heard(self._begun.add)
        with self._make(Faults(self._seed, kinds)) as emulator, _Limit(emulator, limit) as limited:
            try:
                outcome = self._take(emulator, heard.hear)
                if heard.pipeline and outcome.status != "Stopped":
                    settle(emulator, heard.pipeline)
                struck = tuple(Injected(*fault) for fault in emulator.ledger()["faults"])
            except (PenstockError, BotoCoreError) as error:
                words = f"hung: not over after {limit:.4g} s" if limited.over else str(error)
                return _tried(kinds, Outcome("Failed", reason=words), (), f"{words}, last at {heard.last}")
        return _tried(kinds, outcome, struck, difference(clean, outcome, kinds))

    def _lose(self, limit: float) -> Tried:
        """Kill the emulator when an action begins; then nothing of it may be left."""
        # Chosen among what began before, in an order that is the same every time.
        action = random.Random(self._seed).choice(sorted(self._begun) or [""])  # noqa: S311 - a seed is wanted
        emulator = self._make(None)
        there: set[int] = set()

        def strike(begun: str) -> None:
            if action in {"", begun} and not there:
                there.update(emulator.processes())
                emulator.lose()

        outcome, finding = Outcome("Failed"), "the rehearsal went on without its emulator"
        with emulator, _Limit(emulator, limit):
            try:
                outcome = self._take(emulator, Heard(strike).hear)
            except PenstockError as ended:
                outcome, finding = Outcome("Failed", reason=str(ended)), ""
        struck = Injected(LOST, f"the emulator, when {action} began", 1)
        return _tried((LOST,), outcome, (struck,), finding or _left(emulator, there))


def _tried(kinds: tuple[str, ...], outcome: Outcome, injected: tuple[Injected, ...], finding: str) -> Tried:
    return Tried(kinds, outcome.status, outcome.stage, outcome.action, outcome.reason, injected, finding)


class _Limit:
    """Ends an emulator that is not done in time, and with it whoever waits for it."""

    def __init__(self, emulator: Emulator, seconds: float) -> None:
        self._emulator = emulator
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self.over = False

    def _end(self) -> None:
        self.over = True
        self._emulator.lose()

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._timer.cancel()


def difference(clean: Outcome, outcome: Outcome, kinds: Sequence[str]) -> str:
    """What is not as it was without faults, unless it is red for a reason that names one of them; else nothing."""
    words = [word for kind in kinds for word in KINDS[kind].named_by]
    named = outcome.status == "Failed" and any(word in outcome.reason for word in words)
    if named or _result(clean) == _result(outcome):
        return ""
    return f"{_summary(outcome)} instead of {_summary(clean)}"


def _result(outcome: Outcome) -> tuple[object, ...]:
    """What has to be the same: how it ended and where, and what the tests of each stage counted."""
    counts = [(stage.name, [_COUNTS.findall(line) for line in stage.tests]) for stage in outcome.stages]
    return outcome.status, outcome.stage, outcome.action, counts


def _summary(outcome: Outcome) -> str:
    where = "/".join(filter(None, (outcome.stage, outcome.action)))
    tests = [line for stage in outcome.stages for line in stage.tests]
    return ", ".join(filter(None, (outcome.status, where, outcome.reason, *tests)))


def _left(emulator: Emulator, there: set[int]) -> str:
    """What is still there of an emulator that has ended, in words."""
    left = [f"folder {emulator.settings.folder}"] if emulator.settings.folder.exists() else []
    left += [f"process {pid}" for pid in sorted(living(there))]
    return f"left behind: {', '.join(left)}" if left else ""
