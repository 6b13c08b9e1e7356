"""The key `build.test`: the command of the unit tests."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.text import literal
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema
from generator.pipeline_file.unit_tests import NONE, left_out, unit_tests

SCHEMA: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": 1000,
    "description": "The unit tests' command, or none; a red test stops the pipeline. Found when left out.",
    "examples": ["pytest -q", NONE],
}


def read(settings: str, file: File) -> Fields:
    """The variable that tells the buildspec: the file's command, else the one the repository shows, else none."""
    command = "" if file.has_services else unit_tests(settings, file).command
    return {"environment": {"UNIT_TEST_COMMAND": literal(command)} if command else {}}


def remarks(settings: str, file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """Tests that are there and are not run."""
    return left_out(settings, file)
