"""The key `after` of a stage: commands that run right after its deployment, before its tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.stages import _commands
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = _commands.schema("right after its deployment, before its tests")


def read(settings: Sequence[str] | Mapping[str, Any], _entry: Entry) -> Fields:
    """The commands, if there are any."""
    return {"after": _commands.commands(settings)}
