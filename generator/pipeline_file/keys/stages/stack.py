"""The key `stack` of a stage: what its stack is called."""

from __future__ import annotations

from generator.model.deployment import stack_of
from generator.model.text import literal
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
    """The name: the file's, else what the framework's own tool calls it, else the service's and the stage's."""
    file = entry.file
    of_tool = file.framework.stack(file.repository, file.app.path, entry.word)
    return {"deployment": {"stack": settings or literal(of_tool) or stack_of(entry.word)}}
