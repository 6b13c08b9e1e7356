"""What one template changes against another, by path, and the template that comes of it.

A text is read as a tree of its indentation, so a change has a path of keys and names in place of line numbers:

    change Resources / Pipeline / Properties / ExecutionMode
    remove Resources / GammaDeployRole
    add Resources / NotificationTopic, after ArtifactBucketPolicy

Under `change` stand the lines of the block, `-` for those that go, `+` for those that come. What is removed is only
named: its lines stand in the other template.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

_ITEM = re.compile(r"- \{?(?:[\w']+: )?(.*?)(?:[,}]|$)")
_KEY = re.compile(r"'?([\w:.-]+)'?:(?: |$)")
_START, _HEAD, _EVERYTHING = "the start", "(its first lines)", "(everything)"
_AFTER, _STEP = ", after ", " / "
Path = tuple[str, ...]


@dataclass
class Block:
    """A line with the comments above it, and the blocks indented below it."""

    depth: int
    lines: list[str] = field(default_factory=list)
    children: list[Block] = field(default_factory=list)

    @cached_property
    def name(self) -> str:
        """The key of a mapping or what names an item of a list; empty where the line has neither."""
        line = self.lines[-1].strip() if self.lines else ""
        name = (_ITEM if line.startswith("- ") else _KEY).match(line)
        return name[1] if name else ""

    def text(self) -> list[str]:
        """Every line, in order."""
        return self.lines + [line for child in self.children for line in child.text()]

    def index(self, name: str) -> int:
        """Where the child of this name stands. Raises ValueError where there is none."""
        return [child.name for child in self.children].index(name)


def changes(default: str, other: str) -> str:
    """What makes the other text of the default, for people and for `changed`."""
    return "\n".join(_differences(_tree(default), _tree(other), ()))


def changed(default: str, changes: str) -> str:
    """The text that the changes make of the default. Raises ValueError where they do not fit it."""
    root = _tree(default)
    for heading, body in _sections(changes):
        operation, _, place = heading.partition(" ")
        _OPERATIONS[operation](root, place, body)
    return "".join(root.text())


def _tree(text: str) -> Block:
    root = Block(-1)
    open_blocks, above = [root], list[str]()
    for line in io.StringIO(text, newline="\n"):
        above.append(line)
        content = line.lstrip(" ")
        if content.rstrip("\n") and not content.startswith("#"):
            # An item may be as far left as the key of its list, and is still below it.
            block = Block(2 * (len(line) - len(content)) + content.startswith("- "), above)
            while open_blocks[-1].depth >= block.depth:
                open_blocks.pop()
            open_blocks[-1].children.append(block)
            open_blocks.append(block)
            above = []
    root.children += [Block(0, above)] if above else []
    return root


def _differences(default: Block, other: Block, path: Path) -> Iterator[str]:
    if default.text() == other.text():
        return
    if not _comparable(default, other):
        yield _change(path, default.text(), other.text())
        return
    if default.lines != other.lines:
        yield _change((*path, _HEAD), default.lines, other.lines)
    before = {child.name: child for child in default.children}
    after = {child.name: child for child in other.children}
    stays = _in_both(list(before), list(after))
    if removed := [name for name in before if name not in stays]:
        yield "".join(f"remove {_place((*path, name))}\n" for name in removed)
    for neighbour, name in pairwise([_START, *after]):
        if name in stays:
            yield from _differences(before[name], after[name], (*path, name))
        else:
            lines = "".join(f"+{line}" for line in after[name].text())
            yield f"add {_place((*path, name))}{_AFTER}{neighbour}\n{lines}"


def _comparable(default: Block, other: Block) -> bool:
    """Whether the blocks in each have names, all different."""
    every = [[child.name for child in block.children] for block in (default, other)]
    return all(names and all(names) and len(set(names)) == len(names) for names in every)


def _in_both(before: list[str], after: list[str]) -> set[str]:
    """The names that stand in both, in the same order: one that has moved is removed and added."""
    matches = difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_matching_blocks()
    return {name for match in matches for name in before[match.a : match.a + match.size]}


def _change(path: Path, before: list[str], after: list[str]) -> str:
    steps = difflib.SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes()
    body = "".join(
        "".join(f" {line}" for line in before[i:j])
        if kind == "equal"
        else "".join([*(f"-{line}" for line in before[i:j]), *(f"+{line}" for line in after[k:m])])
        for kind, i, j, k, m in steps
    )
    return f"change {_place(path)}\n{body}"


def _place(path: Path) -> str:
    return _STEP.join(path) or _EVERYTHING


def _path(place: str) -> list[str]:
    return [] if place == _EVERYTHING else place.split(_STEP)


def _sections(changes: str) -> Iterator[tuple[str, list[str]]]:
    lines = [line for line in io.StringIO(changes, newline="\n") if line != "\n"]
    starts = [number for number, line in enumerate(lines) if line[0] not in " +-"]
    for start, end in pairwise([*starts, len(lines)]):
        yield lines[start].rstrip("\n"), lines[start + 1 : end]


def _apply_change(root: Block, place: str, body: list[str]) -> None:
    path = _path(place)
    head_only = path[-1:] == [_HEAD]
    block = _block(root, path[:-1] if head_only else path)
    lines = block.lines if head_only else block.text()
    if lines != [line[1:] for line in body if line[0] != "+"]:
        raise ValueError(f"{place} is not what it was")
    block.lines = [line[1:] for line in body if line[0] != "-"]
    block.children = block.children if head_only else []


def _apply_remove(root: Block, place: str, _body: list[str]) -> None:
    *path, last = _path(place)
    parent = _block(root, path)
    del parent.children[parent.index(last)]


def _apply_add(root: Block, place: str, body: list[str]) -> None:
    path, _, neighbour = place.rpartition(_AFTER)
    parent = _block(root, _path(path)[:-1])
    position = 0 if neighbour == _START else parent.index(neighbour) + 1
    parent.children.insert(position, _tree("".join(line[1:] for line in body)).children[0])


_OPERATIONS = {"change": _apply_change, "remove": _apply_remove, "add": _apply_add}


def _block(root: Block, path: list[str]) -> Block:
    for name in path:
        root = root.children[root.index(name)]
    return root
