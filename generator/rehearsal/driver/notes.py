"""What the emulator noted while one commit was on its way; it may have seen others before."""

from __future__ import annotations

from dataclasses import replace

from generator.rehearsal.assumptions import ReliedOn
from generator.rehearsal.driver.denials import denials
from generator.rehearsal.driver.escape_attempts import judged
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.sandbox.attempts import Book


class Notes:
    """The emulator's notes from this moment on."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        before = emulator.ledger()
        self._denials = len(before["denials"])
        self._lacking = len(before["not_rehearsed"])
        self._assumptions = len(before["assumptions"])
        self._book = Book(emulator.settings.attempts)
        self._before = self._book.position()

    def lacking(self) -> tuple[str, ...]:
        """What this machine could not do since, each once."""
        return tuple(sorted(set(self._emulator.ledger()["not_rehearsed"][self._lacking :])))

    def complete(self, outcome: Outcome) -> Outcome:
        """The outcome with what was noted since, which may make it red."""
        noted = self._emulator.ledger()
        assumed = {ReliedOn(**row) for row in noted["assumptions"][self._assumptions :]}
        return replace(
            judged(outcome, self._emulator.doors.sandbox, self._book, self._before),
            denials=denials(noted["denials"][self._denials :]),
            assumptions=tuple(sorted({*outcome.assumptions, *assumed}, key=lambda relied: relied.assumption)),
            stand_ins={**outcome.stand_ins, **noted["stand_ins"]},
            unchecked=tuple(noted["unchecked"]),
        )
