"""The key `build.test`: the command of the unit tests."""

from __future__ import annotations

from generator.model.text import literal
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build.runtime import languages
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1000,
    "description": "The unit tests' command; a red test stops the pipeline. Found when left out.",
    "examples": ["pytest -q"],
}


def read(settings: str, file: File) -> Fields:
    """The variable that tells the buildspec: the file's command, else the one the repository shows, else none."""
    command = settings or file.framework.unit_test_command(languages(file).first, file.repository)
    return {"environment": {"UNIT_TEST_COMMAND": literal(command)} if command else {}}
