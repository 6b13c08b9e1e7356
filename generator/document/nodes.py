"""The values of a file with where each of them stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol

Step = str | int
Path = tuple[Step, ...]
_NONE: Mapping[Step, Any] = MappingProxyType({})


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


class Node(NamedTuple):
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
    children: Mapping[Step, Node] = _NONE
    keys: Mapping[Step, Node] = _NONE
    size: int = 1
    height: int = 0

    def at(self, start: Mark, end: Mark) -> Node:
        """The same value standing somewhere else: an alias."""
        return self._replace(start=start, end=end)


def list_node(items: Sequence[Node], start: Mark, end: Mark) -> Node:
    """A list of values."""
    return _measured(Node("list", [item.data for item in items], start, end, children=dict(enumerate(items))))


def mapping_node(entries: Mapping[str, tuple[Node, Node]], start: Mark, end: Mark) -> Node:
    """A mapping of keys to the key and value as they stand in the file."""
    values: dict[Step, Node] = {key: value for key, (_, value) in entries.items()}
    keys: dict[Step, Node] = {key: written for key, (written, _) in entries.items()}
    data = {key: value.data for key, value in values.items()}
    return _measured(Node("mapping", data, start, end, children=values, keys=keys))


def _measured(node: Node) -> Node:
    children = node.children.values()
    size = 1 + sum(child.size for child in children)
    return node._replace(size=size, height=1 + max((child.height for child in children), default=0))
