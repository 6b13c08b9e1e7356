"""The values of a file with where each of them stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol

Step = str | int
Path = tuple[Step, ...]


class Mark(Protocol):
    """A position as PyYAML gives it: line and column counted from 0."""

    @property
    def line(self) -> int:
        """Lines before it."""
        ...

    @property
    def column(self) -> int:
        """Characters before it in its line."""
        ...


@dataclass(slots=True)
class Node:
    """A value: plain data, where it begins and ends, and what it is made of.

    `written` is a scalar's text, `plain` whether it stands without quotes and tags.

    `size` and `height` count values and levels with aliases followed, as anybody meets them who walks the data.
    """

    kind: Literal["scalar", "list", "mapping"]
    data: Any
    start: Mark
    end: Mark
    written: str = ""
    plain: bool = False
    children: dict[Step, Node] = field(default_factory=dict)
    keys: dict[Step, Node] = field(default_factory=dict)
    size: int = 1
    height: int = 0

    def at(self, start: Mark, end: Mark) -> Node:
        """The same value standing somewhere else: an alias."""
        return replace(self, start=start, end=end)


def list_node(items: Sequence[Node], start: Mark, end: Mark) -> Node:
    """A list of values."""
    node = Node("list", [item.data for item in items], start, end, children=dict(enumerate(items)))
    _measure(node, items)
    return node


def mapping_node(entries: Mapping[str, tuple[Node, Node]], start: Mark, end: Mark) -> Node:
    """A mapping of keys to the key and value as they stand in the file."""
    node = Node("mapping", {key: value.data for key, (_, value) in entries.items()}, start, end)
    for key, (written, value) in entries.items():
        node.keys[key], node.children[key] = written, value
    _measure(node, node.children.values())
    return node


def _measure(node: Node, children: Iterable[Node]) -> None:
    node.height = 1
    for child in children:
        node.size += child.size
        node.height = max(node.height, child.height + 1)
