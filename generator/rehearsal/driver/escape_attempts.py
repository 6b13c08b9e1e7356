"""What an outcome is worth when something tried to leave the machine: red, whatever else happened."""

from __future__ import annotations

from dataclasses import replace

from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.sandbox.status import Wall


def judged(outcome: Outcome, wall: Wall, since: int) -> Outcome:
    """The outcome with what the wall tells, and its book from a position on."""
    book = Book(wall.book)
    told = replace(
        outcome,
        lacking=(*outcome.lacking, *filter(None, [wall.readable])),
        protection=wall.protection,
        protection_reason=wall.reason,
        attempts=book.attempts(since),
        unreachable=book.unreached(since),
    )
    if not told.attempts or outcome.status == "Failed":
        return told
    return replace(told, status="Failed", stage="", action="", reason=_reason(told))


def _reason(outcome: Outcome) -> str:
    count = len(outcome.attempts)
    tries = "an attempt" if count == 1 else f"{count} attempts"
    return "\n".join(filter(None, [f"{tries} to leave this machine refused", outcome.reason]))
