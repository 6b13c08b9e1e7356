"""A throw-away key of a stage with a field of its own: how long the throw-away kind pauses."""

from __future__ import annotations

from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {"type": "integer", "minimum": 1, "default": 1, "description": "Minutes to wait."}


def read(settings: int, _entry: Entry) -> Fields:
    """The minutes."""
    return {"patience": settings}
