"""An emulator that is lost in the middle of a rehearsal: said in one sentence, whoever was asking it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError

from generator.errors import InvalidInputError
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator


@contextmanager
def losing_the_emulator(when: str = "during the rehearsal") -> Iterator[None]:
    """Raise EmulatorError for a call that found no emulator, even before its watcher has noticed that it is gone."""
    try:
        yield
    except BotoCoreError as broken:
        raise EmulatorError(f"the emulator ended {when}: {broken}") from broken


@contextmanager
def losing_the_files(emulator: Emulator) -> Iterator[None]:
    """Raise EmulatorError for files of the source that are missing because the emulator ended: they are in its folder.

    Its guard removes them only when nothing answers any more. With a living emulator every problem stays what it is.
    """
    try:
        yield
    except (OSError, InvalidInputError):
        emulator.ledger()
        raise
