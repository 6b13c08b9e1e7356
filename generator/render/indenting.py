"""YAML with one space a level, which no dumper of PyYAML writes: the template has 51,200 bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A text over several lines begins after this; its lines keep their distance from each other. One that begins with a
# space says how deep it stands.
_LITERAL = re.compile(r"(?P<key>.*: |)(?:![A-Za-z:]+ )?\|(?P<deep>[1-9]?)(?P<end>[-+]?)")


class _Levels:
    """The columns at which something stands open, as they were and as they become; the innermost last."""

    def __init__(self) -> None:
        self._open = [(-1, -1)]

    def enter(self, column: int, *, by: int = 1) -> int:
        """The new column of what begins at this one; `by` is how deep it stands in what holds it."""
        while self._open[-1][0] > column:
            self._open.pop()
        if self._open[-1][0] < column:
            self._open.append((column, self._open[-1][1] + by))
        return self._open[-1][1]


def with_one_space(text: str) -> str:
    """The same data, every level one space deep; under a dash two, for there its content stands."""
    return "".join(f"{line}\n" for line in _lines(text.removesuffix("\n").split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    levels, position = _Levels(), 0
    while position < len(lines):
        line = lines[position]
        position += 1
        column = _column(line)
        dashes, new = " " * levels.enter(column), levels.enter(column)
        while line.startswith("- ", column):
            column, dashes = column + 2, dashes + "- "
            new = levels.enter(column, by=2)
        found = _LITERAL.fullmatch(line, column)
        if not found:
            yield dashes + line[column:]
            continue
        holder, new_holder = (column, new) if found["key"] else (column - 2, new - 2)
        literal = _literal(lines[position:], holder)
        position += len(literal)
        deep = (
            int(found["deep"]) + holder if found["deep"] else min(map(_column, filter(str.strip, literal)), default=0)
        )
        yield f"{dashes}{line[column : found.start('deep')]}{'1' if found['deep'] else ''}{found['end']}"
        yield from (f"{' ' * (new_holder + 1)}{one[deep:]}" if one[deep:] else "" for one in literal)


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _literal(lines: list[str], column: int) -> list[str]:
    """The lines at the beginning that belong to a text under what stands at a column."""
    ends = (at for at, line in enumerate(lines) if line.strip(" ") and _column(line) <= column)
    return lines[: next(ends, len(lines))]
