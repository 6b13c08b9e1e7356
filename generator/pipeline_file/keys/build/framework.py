"""The key `build.framework`: what the application is written with, one of the kinds in `frameworks/`."""

from __future__ import annotations

from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "enum": sorted(kinds.frameworks()),
    "description": "Found from the repository when left out.",
}


def read(_settings: str, file: File) -> Fields:
    """The framework's word."""
    return {"framework": file.framework_word}
