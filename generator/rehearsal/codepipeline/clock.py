"""The time the local CodePipeline lives by: a seam, so that hours of waiting cost a test nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, and waits until something is so or until a moment has come."""

    def now(self) -> datetime:
        """The present moment, aware."""

    def wait(self, changed: threading.Condition, ready: Callable[[], bool], until: datetime | None) -> bool:
        """Wait until `ready()` is true (answer: True) or `until` has come (answer: whether it is ready).

        The caller holds `changed`; `ready` is asked while it is held. Without `until` there is no end.
        """


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def wait(self, changed: threading.Condition, ready: Callable[[], bool], until: datetime | None) -> bool:
        """Wait on the condition; see Clock."""
        if until is None:
            return changed.wait_for(ready)
        return changed.wait_for(ready, timeout=max(0.0, (until - self.now()).total_seconds()))
