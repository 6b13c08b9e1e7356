"""Builds the values of a file from YAML's events, one after the other, so that no depth can hurt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yaml import events

from generator.document import tags
from generator.document.nodes import Mark, Node, list_node, mapping_node
from generator.document.rules import Rules
from generator.document.scalars import resolve
from generator.document.text import in_words, quote

# Says that something is wrong with what stands between two marks: message, hint.
Report = Callable[[Mark, Mark, str, str], None]


class GivenUpError(Exception):
    """What follows in the file cannot be made sense of; the reason has been reported."""


class _Open:
    """A list or mapping whose end has not been met. `key` is the key whose value comes next."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.is_mapping = isinstance(event, events.MappingStartEvent)
        self.items: list[Node] = []
        self.entries: dict[str, tuple[Node, Node]] = {}
        self.merged: list[Node] = []
        self.key: Node | None = None


class Builder:
    """Takes the events of one document and holds its root; `complete` unless values were dropped with a problem."""

    def __init__(self, rules: Rules, report: Report) -> None:
        self.root: Node | None = None
        self.complete = True
        self._rules = rules
        self._report = report
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._count = 0

    def take(self, event: Any) -> None:
        """One more event. Raises GivenUpError past a limit, the reason being reported."""
        if isinstance(event, events.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, events.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, events.CollectionEndEvent):
            self._end(event)
        elif isinstance(event, events.AliasEvent):
            self._alias(event)
        elif isinstance(event, events.DocumentStartEvent):
            self._begin(event)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing but comments."""
        return self.root is None or (self.root.plain and not self.root.written)

    def _begin(self, event: Any) -> None:
        if self.root is not None:
            self._give_up(event, "a second document begins here", "keep one document in the file")

    def _scalar(self, event: Any) -> None:
        self._counted(event, 1)
        self._anchor(event)
        written, plain = event.value, not event.style and event.tag is None
        if event.style == '"' and (refused := self._rules.refused_escaped.search(written)):
            self._drop(event, f"an escape stands for {in_words(refused[0])}", "leave it out")
        data = resolve(written) if plain else written
        self._finish(event, Node("scalar", data, event.start_mark, event.end_mark, written, plain))

    def _start(self, event: Any) -> None:
        self._counted(event, 1)
        if len(self._open) == self._rules.max_depth:
            self._give_up(event, f"nested more than {self._rules.max_depth} deep", "nothing here needs as many levels")
        self._anchor(event)
        self._open.append(_Open(event))

    def _end(self, event: Any) -> None:
        opened = self._open.pop()
        start = opened.event.start_mark
        if opened.is_mapping:
            node = mapping_node(_merged(opened.merged) | opened.entries, start, event.end_mark)
        else:
            node = list_node(opened.items, start, event.end_mark)
        self._finish(opened.event, node)

    def _finish(self, event: Any, node: Node) -> None:
        if event.tag is not None:
            node = self._tagged(event, node)
        if event.anchor:
            self._anchors[event.anchor] = node
        self._add(node)

    def _anchor(self, event: Any) -> None:
        """Known from here on, but without a value as long as its own is being read."""
        if not event.anchor:
            return
        self._anchors[event.anchor] = None
        if self._rules.strict:
            self._drop(event, f"anchors such as '&{event.anchor}' are not used here", "remove it, or quote the text")

    def _tagged(self, event: Any, node: Node) -> Node:
        if self._rules.strict:
            self._drop(
                event, f"tags such as {quote(tags.short(event.tag))} are not used here", "remove it, or quote the text"
            )
        elif not tags.is_known(event.tag):
            self._drop(
                event, f"unknown tag {quote(tags.short(event.tag))}", "CloudFormation's short forms begin with one '!'"
            )
        else:
            return tags.apply(event.tag, node)
        return node

    def _alias(self, event: Any) -> None:
        name, target = event.anchor, self._anchors.get(event.anchor)
        self._counted(event, target.size if target else 1)
        if self._rules.strict:
            self._drop(
                event, f"aliases such as '*{name}' are not used here", f'write the value, or quote it: "*{name}"'
            )
        elif name not in self._anchors:
            self._drop(event, f"there is no '&{name}' before this", f'if it is a text, quote it: "*{name}"')
        elif target is None:
            self._drop(event, f"'*{name}' stands inside what it repeats", "write the value out")
        else:
            self._repeat(event, target)
            return
        self._add(Node("scalar", None, event.start_mark, event.end_mark, f"*{name}"))

    def _repeat(self, event: Any, target: Node) -> None:
        if len(self._open) + target.height > self._rules.max_depth:
            self._give_up(event, f"aliases nest more than {self._rules.max_depth} deep", "write the values out")
        self._add(target.at(event.start_mark, event.end_mark))

    def _add(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.key is None:
            parent.key = node
            self._check_key(node)
        else:
            key, parent.key = parent.key, None
            self._enter(parent, key, node)

    def _check_key(self, key: Node) -> None:
        if key.kind != "scalar":
            self._drop(key, f"a key is text, not a {key.kind}", "quote a key that begins with a bracket or '?'")
        elif self._rules.strict and _is_merge(key):
            self._drop(key, "merge keys ('<<') are not used here", "write the keys out")
        elif self._rules.strict and not isinstance(key.data, str):
            self._report(
                key.start, key.end, f"a key is text, and {quote(key.written)} is none", f'quote it: "{key.written}"'
            )
        elif self._rules.strict and key.plain and key.written[:1].isspace():
            self._drop(key, f"the character {in_words(key.written[0])} cannot indent", "use spaces")

    def _enter(self, parent: _Open, key: Node, value: Node) -> None:
        if key.kind != "scalar":
            return
        if _is_merge(key):
            self._merge(parent, value)
            return
        word = key.data if isinstance(key.data, str) else key.written
        if word in parent.entries:
            first = parent.entries[word][0].start
            self._report(key.start, key.end, f"{quote(word)} is given twice", f"the first is on line {first.line + 1}")
        else:
            parent.entries[word] = (key, value)

    def _merge(self, parent: _Open, value: Node) -> None:
        if self._rules.strict:
            return
        sources = [value] if value.kind == "mapping" else list(value.children.values())
        if not sources or any(source.kind != "mapping" for source in sources):
            self._drop(value, "'<<' takes a mapping or a list of mappings", "name one with an alias")
            return
        parent.merged.extend(reversed(sources))

    def _counted(self, event: Any, values: int) -> None:
        self._count += values
        if self._count > self._rules.max_values:
            self._give_up(event, f"more than {self._rules.max_values:,} values", "check that it is the right file")

    def _drop(self, what: Any, message: str, hint: str) -> None:
        self.complete = False
        start, end = (what.start, what.end) if isinstance(what, Node) else (what.start_mark, what.end_mark)
        self._report(start, end, message, hint)

    def _give_up(self, event: Any, message: str, hint: str) -> None:
        self._drop(event, message, hint)
        raise GivenUpError


def _is_merge(key: Node) -> bool:
    """https://yaml.org/type/merge.html."""
    return key.plain and key.written == "<<"


def _merged(sources: list[Node]) -> dict[str, tuple[Node, Node]]:
    """The entries of merged mappings; those of a later one win."""
    return {str(key): (source.keys[key], value) for source in sources for key, value in source.children.items()}
