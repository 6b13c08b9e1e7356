"""A throw-away key of a stage: one more parameter of the application's template."""

from __future__ import annotations

from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {"type": "string", "description": "What the stage is called for people."}


def read(settings: str, entry: Entry) -> Fields:
    """The parameter: the label, or the stage's word."""
    return {"parameters": {"Label": settings or entry.word}}
