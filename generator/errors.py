"""What can go wrong: a place in a file, a problem at that place, and the errors that end a command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Literal, NamedTuple

Level = Literal["error", "warning", "info"]


class Place(NamedTuple):
    """A position in a file: the file as the user named it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """One thing that is wrong (or, by its level, worth knowing), where it stands, and what to try.

    `excerpt` is the text of the line at `place`, `width` the number of characters to underline there.
    """

    message: str
    place: Place | None = None
    hint: str = ""
    excerpt: str = ""
    width: int = 1
    level: Level = "error"

    def __str__(self) -> str:
        """The problem as a person reads it: place and message, the line with a mark, the hint."""
        label = "" if self.level == "error" else f"{self.level}: "
        message = _harmless(f"{label}{self.message}")
        lines = [f"{self.place}: {message}" if self.place else message, *self._picture()]
        if self.hint:
            lines.append(f"  hint: {_harmless(self.hint)}")
        return "\n".join(lines)

    def _picture(self) -> list[str]:
        if not self.place or not self.excerpt.strip():
            return []
        number = str(self.place.line)
        shown = _harmless(self.excerpt)
        room = max(1, min(self.width, len(shown) - self.place.column + 1))
        return [
            f"  {number} | {shown}",
            f"  {' ' * len(number)} | {' ' * (self.place.column - 1)}{'^' * room}",
        ]


def _harmless(text: str) -> str:
    # What a terminal would act on; and a tab would move the mark away from what it marks.
    return "".join(c if c.isprintable() else " " for c in text)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order a reader meets them: by file, line and column; those without a place last."""
    nowhere = Place("\U0010ffff", 0, 0)
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.place or nowhere, p.message)))


class PenstockError(Exception):
    """Ends a command with a message for the user and never with a traceback."""

    exit_code: ClassVar[int] = 1


class InvalidInputError(PenstockError):
    """The input is wrong: usage or pipeline file. Carries every problem found, in order."""

    exit_code: ClassVar[int] = 2

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(map(str, self.problems)))


class RefusedError(PenstockError):
    """It ran, and the answer is no: for example a file of the user's that would have been overwritten."""

    exit_code: ClassVar[int] = 1


class AwsRefusedError(PenstockError):
    """AWS refused or could not be reached."""

    exit_code: ClassVar[int] = 4


class NotRehearsedError(PenstockError):
    """The rehearsal met something it cannot rehearse; never counted as green."""

    exit_code: ClassVar[int] = 5
