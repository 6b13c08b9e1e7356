"""Integration tests that are commands: what they run on, and what they cannot stand beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import Document
from generator.errors import Problem
from generator.model.commands import TestCommands

_OTHERS = ("template", "function", "state_machine")


def test_commands(data: Mapping[str, Any], runtimes: Mapping[str, str]) -> TestCommands | None:
    """The commands of `tests`, on a machine with these versions; None for tests that are functions, or none at all."""
    written = _settings(data).get("commands")
    return TestCommands(tuple(written), dict(runtimes)) if written else None


def problems(document: Document) -> Iterator[Problem]:
    """Keys of the test stack beside commands, which need none."""
    settings = _settings(document.data)
    for key in _OTHERS if "commands" in settings else ():
        if key in settings:
            message = f"commands need no test stack, which '{key}' belongs to"
            yield document.problem(("tests", key), message, "keep one of them", at="key")


def _settings(data: Mapping[str, Any]) -> Mapping[str, Any]:
    tests = data.get("tests", {})
    return tests if isinstance(tests, dict) else {}
