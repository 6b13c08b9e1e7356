"""A clock that can be put forward, and the pipelines that live by it: nobody sleeps through twenty minutes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from generator.rehearsal.emulator.pipelines import Pipelines
from generator.rehearsal.service import Surroundings

PATH = f"{__name__}:HurriedPipelines"
_LOOK_SECONDS = 0.2


class MovableClock:
    """The machine's clock and what it was put forward by."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def advance(self, by: timedelta) -> None:
        """Let so much time be over; who waits notices within a moment."""
        self._ahead += by

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC) + self._ahead

    def wait(self, changed: threading.Condition, ready: Callable[[], bool], until: datetime | None) -> bool:
        """Wait on the condition, looking at the time again and again; see Clock."""
        while not ready():
            left = _LOOK_SECONDS if until is None else (until - self.now()).total_seconds()
            if left <= 0:
                return False
            changed.wait(min(left, _LOOK_SECONDS))
        return True


class HurriedPipelines(Pipelines):
    """Pipelines whose time can be put forward."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.clock = MovableClock()
        super().__init__(surroundings, self.clock)
