"""The key `build.commands`: commands that leave the application's template, or what other commands deploy."""

from __future__ import annotations

from collections.abc import Sequence

from generator.model.text import literal
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "type": "array",
    "minItems": 1,
    "maxItems": 50,
    "items": {"type": "string", "minLength": 1, "maxLength": 1000},
    "description": "Commands that leave app.template, run once for each stage, which $STAGE names. Where commands "
    "deploy the stages, they run once, and what they leave in $ARTIFACT is there for those.",
    "examples": [["npx cdk synth --quiet --context stage=$STAGE"]],
}


def read(settings: Sequence[str], _file: File) -> Fields:
    """The variable that tells the buildspec."""
    return {"environment": {"TEMPLATE_COMMANDS": literal("\n".join(settings))} if settings else {}}
