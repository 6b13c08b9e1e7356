"""The key `parameters` of a stage: what the application's template is given there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.model.text import Text, literal
from generator.pipeline_file import references
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.environments import of_stage
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

_STAGE = "Stage"
SCHEMA: Schema = {
    "type": "object",
    "propertyNames": {"pattern": "^[A-Za-z0-9]{1,255}$", "x-what": "a parameter name"},
    "additionalProperties": {"type": ["string", "number", "boolean"]},
    "description": "Parameters of the application's template; Stage is given when it declares it.",
}


def read(settings: Mapping[str, object], entry: Entry) -> Fields:
    """The parameters as texts; the stage's word is one where the application's template has a parameter for it."""
    (first, *_) = entry.file.parts
    template = first.app.template
    declares_stage = template is not None and _STAGE in template.parameters
    environment = of_stage(entry)
    there = dict(environment.parameters) if environment else {}
    own = {name: _text(entry, name, value) for name, value in settings.items()}
    return {"parameters": ({_STAGE: entry.word} if declares_stage else {}) | there | own}


def problems(settings: Mapping[str, object], entry: Entry) -> Iterator[Problem]:
    """Variables that do not exist, or may not stand in JSON."""
    for name, value in settings.items():
        path, text = (*entry.path, "parameters", name), _text(entry, name, value)
        yield from references.unknown(entry.file.document, path, text, entry.namespaces)
        yield from references.free_text(entry.file.document, path, text)


def _text(entry: Entry, name: str, value: object) -> Text:
    # As it is written: 3.10 stays 3.10, and true does not become True.
    written = value if isinstance(value, str) else entry.file.document.written((*entry.path, "parameters", name))
    return literal(written)
