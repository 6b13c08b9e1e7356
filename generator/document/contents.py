"""What stands in a file, and where each value of it stands."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from generator.document.nodes import Mark, Node, Path
from generator.document.page import Page
from generator.errors import Level, Problem

At = Literal["value", "key"]


class Document(NamedTuple):
    """A file that was read: its name as the user gave it, its data as JSON knows data (every key is text).

    `page` and `root` know where each value stands.
    """

    file: str
    data: Any
    page: Page
    root: Node | None

    def problem(self, path: Path, message: str, hint: str = "", *, at: At = "value", level: Level = "error") -> Problem:
        """A problem with the value at a path, or with its key.

        Where a path leads to nothing, the key of the nearest mapping or list there is on the way takes its place.
        """
        span = self._span(path, at)
        if span is None:
            return self.page.at_start(message, hint, level)
        return self.page.problem(*span, message, hint, level=level)

    def written(self, path: Path) -> str:
        """The scalar at a path as it stands in the file, without quotes: `3.10` where the data has 3.1; else empty."""
        steps = self._steps(path)
        return steps[-1][1].written if len(steps) == len(path) + 1 else ""

    def as_text(self) -> Document:
        """The same file with every scalar as it is written: `3.10` and `yes` are text; what is empty stays nothing."""
        return self._replace(data=_text(self.root) if self.root else None)

    def _steps(self, path: Path) -> list[tuple[Node | None, Node]]:
        """Key (an item of a list has none) and value of each step from the root on, as far as there is one."""
        if self.root is None:
            return []
        steps: list[tuple[Node | None, Node]] = [(None, self.root)]
        for step in path:
            node = steps[-1][1]
            if step not in node.children:
                break
            steps.append((node.keys.get(step), node.children[step]))
        return steps

    def _span(self, path: Path, at: At) -> tuple[Mark, Mark] | None:
        steps = self._steps(path)
        if not steps:
            return None
        key, value = steps[-1]
        is_meant = at == "value" and len(steps) == len(path) + 1
        is_empty = value.plain and not value.written
        if key is not None and (is_empty or not is_meant):
            return key.start, key.end
        return (value.start, value.end) if is_meant or len(steps) > 1 else None


def _text(node: Node) -> Any:
    if node.kind == "mapping":
        return {key: _text(child) for key, child in node.children.items()}
    if node.kind == "list":
        return [_text(child) for child in node.children.values()]
    return None if node.data is None else node.written
