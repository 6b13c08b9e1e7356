"""The lines of a file, and problems that point into them."""

from __future__ import annotations

import re
from typing import NamedTuple

from generator.document.nodes import Mark
from generator.errors import Level, Place, Problem

# As YAML counts lines: https://yaml.org/spec/1.1/#id871136
LINE_END = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
# Longer lines are cut, and what stands further right is shown without its line.
_LONGEST_EXCERPT = 200


class Spot(NamedTuple):
    """A position of ours: line and column counted from 0."""

    line: int
    column: int


def split_lines(text: str) -> tuple[str, ...]:
    """The lines of a text, without their ends, as YAML counts them."""
    return tuple(LINE_END.split(text))


def excerpt(line: str, column: int) -> str:
    """What to show of a line for something at a column, counted from 1: nothing where it would be too long."""
    return line[:_LONGEST_EXCERPT] if column <= _LONGEST_EXCERPT else ""


class Page(NamedTuple):
    """A file as the user named it, and its lines."""

    file: str
    lines: tuple[str, ...]

    def at_start(self, message: str, hint: str, level: Level = "error") -> Problem:
        """A problem with the file as a whole."""
        return Problem(message, Place(self.file, 1, 1), hint, level=level)

    def problem(self, start: Mark, end: Mark, message: str, hint: str, *, level: Level = "error") -> Problem:
        """A problem with what stands between two marks; of several lines the first is underlined."""
        spot = self._inside(start)
        line = self.lines[spot.line]
        stop = min(len(line.rstrip()), end.column if end.line == spot.line else len(line))
        place = Place(self.file, spot.line + 1, spot.column + 1)
        return Problem(message, place, hint, excerpt(line, place.column), max(1, stop - spot.column), level)

    def _inside(self, mark: Mark) -> Spot:
        """The mark itself, or the last character before it: what is missing at the end has no character of its own."""
        line = min(mark.line, len(self.lines) - 1)
        column = mark.column if line == mark.line else len(self.lines[line])
        while line > 0 and not self.lines[line].strip():
            line -= 1
            column = len(self.lines[line])
        return Spot(line, max(0, min(column, len(self.lines[line].rstrip()) - 1)))
