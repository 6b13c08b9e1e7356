"""The key `variables`: the pipeline's own variables, which a start may give other values."""

from __future__ import annotations

from collections.abc import Mapping

from generator.aws_rules import limits
from generator.model.text import literal
from generator.model.trigger import Variable
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.source import source
from generator.pipeline_file.references import OWN, Namespaces
from generator.pipeline_file.schema_parts import Schema, mapping

_DEFAULT: Schema = {
    "type": "string",
    # It becomes part of JSON that nobody escapes.
    "pattern": r'^[^"\\\x00-\x1f]+$',
    "maxLength": limits.VARIABLE_VALUE_LENGTH,
    "x-what": "a variable's value (no \", no \\, one line)",
    "description": "Its value, unless whoever starts the pipeline gives another one. A push gives none.",
}
_DESCRIPTION: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": limits.VARIABLE_DESCRIPTION_LENGTH,
    "description": "What it is for.",
}
SCHEMA: Schema = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": limits.VARIABLES,
    "propertyNames": {
        "pattern": "^[A-Za-z0-9@_-]{1,128}$",
        "x-what": "a variable's name (letters, digits, @, _ and -)",
    },
    "additionalProperties": mapping({"default": _DEFAULT, "description": _DESCRIPTION}, required=["default"]),
    "x-noun": "variable",
    "description": "Variables of the pipeline, which a start may give other values: #{variables.NAME} in a stage's "
    "parameters, an approval's message, the build's environment.",
    "examples": [{"LOG_LEVEL": {"default": "info"}}],
}


def read(settings: Mapping[str, Mapping[str, str]], _file: File) -> Fields:
    """The variables by name."""
    return {
        "variables": tuple(
            Variable(name, literal(variable["default"]), literal(variable.get("description", "")))
            for name, variable in sorted(settings.items())
        )
    }


def namespaces(file: File) -> Namespaces:
    """What every action after the source may name."""
    origin = source(file)
    own: Namespaces = {OWN: tuple(sorted(file.data[OWN]))} if OWN in file.data else {}
    return {"codepipeline": ("PipelineExecutionId",), origin.action.namespace: origin.variables, **own}
