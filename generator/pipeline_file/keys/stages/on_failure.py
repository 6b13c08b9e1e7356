"""The key `on_failure` of a stage: what it does by itself when it has failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.stages.approval import beside
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "enum": ["retry", "rollback"],
    "description": "What the stage does by itself when it has failed: try once more, or go back to the last "
    "execution that succeeded in it. Left out: it stays failed.",
}
# Why an approval cannot stand in the same pipeline stage.
_REASONS: Mapping[str, str] = {
    "retry": "a rejected approval fails its stage, and a retry would ask again",
    "rollback": "a rejected approval fails its stage, and would roll it back; the rollback itself would ask, too",
}


def read(settings: str, _entry: Entry) -> Fields:
    """CodePipeline's word for it; None: it stays failed."""
    return {"on_failure": settings.upper() if settings else None}


def problems(settings: str, entry: Entry) -> Iterator[Problem]:
    """An approval in the same pipeline stage."""
    if settings:
        yield from beside(entry, "on_failure", _REASONS[settings])
