"""Values out of YAML with their places: every mistake is collected, so that all are shown at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

import yaml

from generator.errors import InvalidInputError, Place, Problem

_FLAGS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


class Nodes:
    """The nodes of one YAML text, and the problems met while values were taken from them.

    `refused` are problems of another kind: keys AWS knows and a rehearsal does not carry out.
    """

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = text.splitlines()
        self.problems: list[Problem] = []
        self.refused: list[Problem] = []
        self.root = self._compose(text)

    def _compose(self, text: str) -> yaml.Node | None:
        try:
            # Not the C loader: it dies on deep nesting, where this one raises.
            return yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            problem = self._problem(error.problem_mark, f"this is not YAML: {error.problem or error}")
        except yaml.YAMLError as error:
            problem = self._problem(None, f"this is not YAML: {error}")
        except RecursionError:
            problem = self._problem(None, "this YAML is nested too deeply")
        raise InvalidInputError([problem])

    def _problem(self, mark: yaml.Mark | None, message: str, hint: str = "", width: int = 1) -> Problem:
        line, column = (mark.line, mark.column) if mark else (0, 0)
        excerpt = self.lines[line] if line < len(self.lines) else ""
        place = Place(self.file, line + 1, column + 1)
        return Problem(message, place, hint=hint, excerpt=excerpt, width=width)

    def wrong(self, node: yaml.Node | None, message: str, hint: str = "") -> None:
        """Note that what stands at `node` is wrong."""
        self.problems.append(self._at(node, message, hint))

    def refuse(self, node: yaml.Node, message: str, hint: str = "") -> None:
        """Note that what stands at `node` is right, and is not rehearsed."""
        self.refused.append(self._at(node, message, hint))

    def _at(self, node: yaml.Node | None, message: str, hint: str) -> Problem:
        width = len(node.value) if isinstance(node, yaml.ScalarNode) else 1
        return self._problem(node.start_mark if node else None, message, hint, width)

    def entries(self, node: yaml.Node | None, what: str) -> Iterator[tuple[yaml.Node, str, yaml.Node]]:
        """The pairs of a mapping as key node, key and value node; a key given twice is wrong."""
        if node is None or is_empty(node):
            return
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what} must be a mapping of keys to values")
            return
        seen: set[str] = set()
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            if not key:
                self.wrong(key_node, f"{what}: a key must be a plain word")
            elif key in seen:
                self.wrong(key_node, f"{what}: '{key}' is given twice")
            else:
                seen.add(key)
                yield key_node, key, value

    def section(self, node: yaml.Node | None, what: str, known: Iterable[str]) -> dict[str, yaml.Node]:
        """The values of a mapping with a fixed set of keys; an unknown key is wrong."""
        words = tuple(known)
        found: dict[str, yaml.Node] = {}
        for key_node, key, value in self.entries(node, what):
            if key in words:
                found[key] = value
            else:
                near = difflib.get_close_matches(key, words, n=1)
                hint = f"did you mean '{near[0]}'? " if near else ""
                self.wrong(key_node, f"unknown key '{key}' in {what}", f"{hint}keys: {', '.join(words)}")
        return found

    def table(self, node: yaml.Node | None, what: str) -> dict[str, str]:
        """A mapping of free names to texts."""
        return {key: self.text(value, f"{what}.{key}") for _, key, value in self.entries(node, what)}

    def text(self, node: yaml.Node | None, what: str) -> str:
        """One text, as it was written: `3.10` stays "3.10", `true` stays "true"."""
        if node is None:
            return ""
        if isinstance(node, yaml.ScalarNode):
            return "" if is_empty(node) else str(node.value)
        self.wrong(node, f"{what} must be text: found subkeys instead", "put quotes around the whole of it")
        return ""

    def texts(self, node: yaml.Node | None, what: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        if node is None or is_empty(node):
            return ()
        if isinstance(node, yaml.ScalarNode):
            return (self.text(node, what),)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.text(item, f"{what}[{i}]") for i, item in enumerate(node.value))
        self.wrong(node, f"{what} must be a list of texts")
        return ()

    def flag(self, node: yaml.Node | None, what: str) -> bool:
        """`yes` or `no`, in any of YAML's spellings; left out, it is no."""
        word = self.text(node, what).lower()
        if word and word not in _FLAGS:
            self.wrong(node, f"{what} must be yes or no, not '{word}'")
        return _FLAGS.get(word, False)


def is_empty(node: yaml.Node) -> bool:
    """Whether the node is YAML's null: a key with nothing after it."""
    return isinstance(node, yaml.ScalarNode) and str(node.tag).endswith(":null")
