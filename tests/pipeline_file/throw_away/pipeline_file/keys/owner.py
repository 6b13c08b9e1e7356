"""A throw-away key: who owns the pipeline, as one more tag."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

OTHER_SPELLINGS = ("boss",)
SCHEMA: Schema = {"type": "string", "description": "Who owns the pipeline."}


def read(settings: str, _file: File) -> Fields:
    """One more tag."""
    return {"tags": {"owner": settings}} if settings else {}


def problems(settings: str, file: File) -> Iterator[Problem]:
    """Nobody is no owner."""
    if settings == "nobody":
        yield file.document.problem(("owner",), "nobody owns this pipeline", "name somebody")


def missing(settings: str, file: File) -> Iterator[Problem]:
    """A file that names the owner."""
    if settings and not file.repository.has("OWNERS"):
        yield file.document.problem(("owner",), "there is no OWNERS in the repository", "write it")


def remarks(settings: str, file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """Who is asked about the service."""
    if settings:
        message = f"{settings} is asked about {pipeline.service}"
        yield file.document.problem(("owner",), message, "tell them", level="info")
