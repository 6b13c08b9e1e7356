"""Remembers what slow libraries answered, so that nobody has to load them to ask the same again."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

NAME = "answers"
MOST_ANSWERS = 1000
"""How many are kept; the oldest go first."""


class Answers:
    """Answers in files of a folder, each named by its question; without a folder nothing is remembered.

    A question holds all that its answer depends on, the library's version too. A folder that cannot be written to
    remembers nothing either, and a file that cannot be read counts as none.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    def remembered(self, question: tuple[str, ...], answer: Callable[[], Any]) -> Any:
        """The kept answer to a question, or else `answer`'s, which has to be JSON; what it raises is not kept."""
        if self._folder is None:
            return answer()
        file = self._folder / f"{hashlib.sha256(json.dumps(question).encode()).hexdigest()}.json"
        with suppress(OSError, ValueError):
            return json.loads(file.read_bytes())
        text = json.dumps(answer())
        with suppress(OSError):
            _write(file, text)
        # As it will be read the next time, when a tuple has become a list.
        return json.loads(text)


def answers_below(cache: Path) -> Answers:
    """The answers that lie in a cache folder."""
    return Answers(cache / NAME)


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    _make_room(file.parent)
    # A file that is there is whole, whoever else writes it at this moment.
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    Path(name).replace(file)


def _make_room(folder: Path) -> None:
    files = [*folder.iterdir()]
    if len(files) >= MOST_ANSWERS:
        for file in sorted(files, key=lambda each: each.stat().st_mtime)[: MOST_ANSWERS // 2]:
            file.unlink(missing_ok=True)


FORGETFUL: Final = Answers()
"""Remembers nothing."""
