"""The key `tests` of a stage: whether the integration tests run there, and which of them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

_SUBSET: Schema = {
    "type": "string",
    # Whoever writes none or off wants no tests, and would get those of a subset of that name.
    "pattern": "^(?!(all|none|no|yes|on|off|true|false)$)[a-z][a-z0-9_-]{0,39}$",
    "x-what": "true, false or the name of a subset such as smoke",
}
SCHEMA: Schema = {
    "anyOf": [{"type": "boolean"}, _SUBSET],
    "default": True,
    "description": "Whether the integration tests run here; a word is the subset that does: the tests are told.",
    "examples": ["smoke"],
}


def read(settings: bool | str, entry: Entry) -> Fields:
    """Whether it is tested, and the subset; empty for all of them."""
    return {
        "tested": settings is not False and entry.file.is_tested,
        "subset": settings if isinstance(settings, str) else "",
    }


def problems(_settings: bool | str, entry: Entry) -> Iterator[Problem]:
    """Tests of a stage where there are none to run."""
    if not entry.file.is_tested and entry.settings.get("tests", False) is not False:
        message = "there are no tests to run: tests: none"
        hint = "leave it out here, or say at the top what the tests are"
        yield entry.file.document.problem((*entry.path, "tests"), message, hint)
