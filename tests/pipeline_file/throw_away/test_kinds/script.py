"""A throw-away test kind: one shell script, run as commands are."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.commands import CommandTests
from generator.model.text import Json
from generator.test_kinds.commands import action, runner

__all__ = ["NEEDS_STACK", "OTHER_SPELLINGS", "SCHEMA", "action", "read", "runner"]

NEEDS_STACK = False
OTHER_SPELLINGS: tuple[str, ...] = ("shell",)
SCHEMA: Mapping[str, Json] = {"$ref": "#/$defs/path", "description": "A script that is the tests."}


def read(settings: str, versions: Mapping[str, str]) -> Mapping[str, Json]:
    """The one command."""
    return {"test_commands": CommandTests((f"bash {settings}",), versions)}
