"""The key `tests`: the integration tests that run against every stage, by the kinds in `test_kinds/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.errors import Problem
from generator.model.deployment import Deployment
from generator.model.tests import STACK, Tests
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields, merged
from generator.pipeline_file.keys import build, deploy_role
from generator.pipeline_file.keys.stages import stages
from generator.pipeline_file.schema_parts import Schema, mapping

OTHER_SPELLINGS = ("test",)
_DEFAULT = "function"
_TEMPLATE: Schema = {"$ref": "#/$defs/path", "description": "The template of the test stack."}
_KINDS = kinds.test_kinds()
SCHEMA: Schema = {
    "anyOf": [
        {"type": "string", "enum": ["none"]},
        {
            **mapping({"template": _TEMPLATE, **{word: kind.SCHEMA for word, kind in _KINDS.items()}}),
            "x-moved": {other: word for word, kind in _KINDS.items() for other in kind.OTHER_SPELLINGS},
        },
    ],
    "description": "The integration tests that run against every stage; none for a pipeline without.",
}


def read(_settings: str | Mapping[str, Any], file: File) -> Fields:
    """The tests; none where no stage is tested."""
    if not any(stage.tested for stage in stages(file)):
        return {"tests": None}
    written, versions = _written(file), build.versions(file)
    # Kinds that need the stack may stand beside each other, and share what runs them; another one stands alone.
    kind, *_ = written
    read_by = [_KINDS[word].read(settings, versions) for word, settings in written.items()]
    if not _KINDS[kind].NEEDS_STACK:
        return {"tests": None, "test_kind": kind, **read_by[0]}
    deployment = Deployment("Tests", STACK, deploy_role.existing(file))
    tests = Tests(file.tests.path, file.framework.PACKAGED_TESTS, deployment, **merged(read_by))
    return {"tests": tests, "test_kind": kind}


def problems(_settings: str | Mapping[str, Any], file: File) -> Iterator[Problem]:
    """Keys of the test stack beside a kind of tests that needs none."""
    settings = file.settings("tests")
    alone = [word for word in settings if word in _KINDS and not _KINDS[word].NEEDS_STACK]
    for key in settings if alone else ():
        if key not in alone:
            message = f"{alone[0]} need no test stack, which '{key}' belongs to"
            yield file.document.problem(("tests", key), message, "keep one of them", at="key")


def missing(_settings: str | Mapping[str, Any], file: File) -> Iterator[Problem]:
    """The template, where there is none, or none that can be read."""
    yield from file.tests.problems


def _written(file: File) -> Mapping[str, Any]:
    """The kinds that the file names with their settings; by default the function of the usual output."""
    settings = file.settings("tests")
    written = {word: settings[word] for word in _KINDS if word in settings}
    return written or {_DEFAULT: _KINDS[_DEFAULT].SCHEMA["default"]}
