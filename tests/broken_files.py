"""A broken pipeline file and its message in one file: the pipeline file, a line `>>> message`, the message.

A pipeline file in another encoding than UTF-8 is written in UTF-8 all the same, below it `>>> message (utf-16)`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from generator.errors import InvalidInputError
from tests.conftest import Golden

_MESSAGE = re.compile(r"^>>> message(?: \((.+)\))?\n", re.MULTILINE)


class BrokenFile(NamedTuple):
    """What the pipeline file holds, and what the case's file holds up to the message."""

    content: bytes
    head: str


def read(case: Path) -> BrokenFile:
    """A case. Raises ValueError where it has no message line."""
    text = case.read_bytes().decode()
    line = _MESSAGE.search(text)
    if line is None:
        raise ValueError(f"{case}: no line '>>> message' below the pipeline file")
    return BrokenFile(text[: line.start()].encode(line[1] or "utf-8"), text[: line.end()])


def compare(case: Path, broken: BrokenFile, error: InvalidInputError, golden: Golden) -> None:
    """The error ends the command as wrong input, with exactly the message of the case."""
    assert error.exit_code == 2
    golden(case, f"{broken.head}{error}\n")
