"""The key `build.buildspec`: a buildspec of the repository's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.document import PIPELINE_FILE, Path, attempt_text
from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.permissions.coverage import TYPES_VARIABLE
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.keys.build.compute import ANOTHER, is_on_lambda
from generator.pipeline_file.own_buildspec import OwnBuildspec
from generator.pipeline_file.schema_parts import Schema

_PATH = ("build", "buildspec")
SCHEMA: Schema = {
    "$ref": "#/$defs/path",
    "description": "A buildspec of the repository's own, run instead of Penstock's.",
    "examples": ["buildspec.yml"],
}


def read(settings: str, _file: File) -> Fields:
    """Its path; empty where the framework's runs."""
    return {"buildspec": settings or "", "own": bool(settings)}


def missing(settings: str, file: File) -> Iterator[Problem]:
    """The file, what the stages need of it, or what it asks of Lambda compute in vain."""
    if settings and not file.repository.has(settings):
        message = f"there is no {settings} in the repository"
        yield file.document.problem(_PATH, message, "write it, or leave it out")
    elif settings:
        yield from OwnBuildspec(settings, file).problems()
        if is_on_lambda(file):
            yield from _on_lambda(settings, file)


def remarks(settings: str, file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """A buildspec that does not compare the templates with what the deploy roles cover."""
    if not settings or not pipeline.deploy_rights or not file.repository.has(settings):
        return
    if TYPES_VARIABLE not in file.repository.text(settings):
        message = "your own buildspec does not compare the templates with what the deploy roles cover"
        hint = f"what they lack fails when it is deployed; docs/permissions.md shows how to compare ${TYPES_VARIABLE}"
        yield file.document.problem(_PATH, message, hint, level="info")


def _on_lambda(name: str, file: File) -> Iterator[Problem]:
    # https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html
    buildspec = attempt_text(file.repository.text(name), name, PIPELINE_FILE).document
    hint = f"leave it out, or {ANOTHER}"
    for path, key, value in _keys(buildspec.data, ()):
        if key == "run-as":
            message = f"Lambda compute runs as no other user: run-as {value}"
            yield buildspec.problem(path, message, hint, at="key")
        elif key == "on-failure":
            yield buildspec.problem(path, "Lambda compute has no on-failure", hint, at="key")


def _keys(data: Any, path: Path) -> Iterator[tuple[Path, str, Any]]:
    """The keys of a buildspec and of its phases."""
    if not isinstance(data, dict):
        return
    for key, value in data.items():
        yield (*path, key), key, value
        if not path and key == "phases" and isinstance(value, dict):
            for phase, inner in value.items():
                yield from _keys(inner, ("phases", phase))
