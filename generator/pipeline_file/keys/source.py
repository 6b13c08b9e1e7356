"""The key `source`: where commits come from, one of the kinds in `sources/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.model.source import Source
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema, mapping

REQUIRED = True
SCHEMA: Schema = {
    **mapping({word: kind.SCHEMA for word, kind in kinds.sources().items()}, least=1),
    "maxProperties": 1,
    "description": "Exactly one source.",
    "x-noun": "source",
    "examples": [{"codecommit": {"repository": "time-service"}}],
}


def read(settings: Mapping[str, Any], file: File) -> Fields:
    """The source that its kind makes of the settings, with the schema's defaults filled in."""
    ((word, written),) = settings.items()
    kind = kinds.sources()[word]
    defaults = {"branch": "main"} | {
        name: schema["default"] for name, schema in kind.SCHEMA["properties"].items() if "default" in schema
    }
    return {"source": kind.source(defaults | written, file.data["service"])}


def source(file: File) -> Source:
    """The source of a file."""
    value: Source = read(file.data["source"], file)["source"]
    return value
