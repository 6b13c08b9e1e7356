"""A throw-away key of the build: one more variable."""

from __future__ import annotations

from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {"type": "boolean", "default": False, "description": "Whether warnings fail the build."}


def read(settings: bool, _file: File) -> Fields:
    """The variable."""
    return {"environment": {"STRICT": "1"} if settings else {}}
