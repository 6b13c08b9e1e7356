"""The key `stack` of a stage: what its stack is called."""

from __future__ import annotations

from generator.model.deployment import stack_of
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "type": "string",
    "pattern": "^[A-Za-z][A-Za-z0-9-]{0,127}$",
    "x-what": "a stack name (letters, digits and '-', beginning with a letter, at most 128)",
    "description": "The stack's name; <service>-<stage> when left out. An existing stack is adopted.",
}


def read(settings: str, entry: Entry) -> Fields:
    """The name: the file's, else the service's and the stage's."""
    return {"deployment": {"stack": settings or stack_of(entry.word)}}
