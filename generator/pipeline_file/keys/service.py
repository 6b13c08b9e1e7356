"""The key `service`: the name that everything in the pipeline is called by."""

from __future__ import annotations

from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

REQUIRED = True
OTHER_SPELLINGS = ("name",)
SCHEMA: Schema = {
    "type": "string",
    "description": "The service's name; stacks, functions and roles are named after it.",
    "pattern": f"^{SERVICE_PATTERN}$",
    "maxLength": SERVICE_LENGTH,
    "x-what": "a service name (lower-case letters, digits and '-', beginning with a letter)",
    "examples": ["time-service"],
}


def read(settings: str, _file: File) -> Fields:
    """The name."""
    return {"service": settings}
