"""What an outcome is worth when something tried to leave the machine: red, unless it asked which machine it is on."""

from __future__ import annotations

from dataclasses import replace

from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.sandbox.status import SandboxStatus


def judged(outcome: Outcome, sandbox: SandboxStatus, book: Book, since: int) -> Outcome:
    """The outcome with what the sandbox reports, and the attempts after this position of the book."""
    held = replace(
        outcome,
        lacking=(*outcome.lacking, *filter(None, [sandbox.unheld])),
        protection=sandbox.protection,
        protection_reason=sandbox.reason,
        attempts=book.attempts(since),
        unreachable=book.unreached(since),
    )
    count = sum(not attempt.asks_for_machine for attempt in held.attempts)
    if not count or outcome.status == "Failed":
        return held
    return replace(held, status="Failed", stage="", action="", reason=_reason(held, count))


def _reason(outcome: Outcome, count: int) -> str:
    tries = "an attempt" if count == 1 else f"{count} attempts"
    return "\n".join(filter(None, [f"{tries} to leave this machine refused", outcome.reason]))
