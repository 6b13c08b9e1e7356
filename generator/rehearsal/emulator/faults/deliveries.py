"""Deliveries that come twice, late and in another order than they were sent."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable

from generator.rehearsal.emulator.faults.chance import Chance
from generator.rehearsal.emulator.faults.kinds import DUPLICATE, LATE

LATEST = 1.5  # seconds: long enough for whatever was sent behind it to overtake
APART = 0.05  # seconds between a delivery and its duplicate


class Deliveries:
    """Makes of one delivery what the chosen kinds make of it."""

    def __init__(self, kinds: frozenset[str], chance: Chance) -> None:
        self._kinds = kinds
        self._chance = chance

    def deliver(self, subject: str, once: Callable[[], None]) -> None:
        """Carry a delivery out, at once or soon; `subject` says what is delivered to whom."""
        after = LATEST * self._chance.part(LATE.word, subject) if self._struck(LATE.word, subject) else 0.0
        if self._struck(DUPLICATE.word, subject):
            _soon(after + APART, once)
        if after:
            _soon(after, once)
        else:
            once()

    def _struck(self, kind: str, subject: str) -> bool:
        return kind in self._kinds and self._chance.strikes(kind, subject)


def _soon(seconds: float, once: Callable[[], None]) -> None:
    """Do it later, in the account and region of the moment."""
    context = contextvars.copy_context()

    def later() -> None:
        time.sleep(seconds)
        context.run(once)

    threading.Thread(target=later, name="late delivery", daemon=True).start()
