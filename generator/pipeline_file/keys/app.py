"""The key `app`: the application's template, and the output that is its URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.model.pipeline import App, Pipeline
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema, mapping

OTHER_SPELLINGS = ("application",)
_TEMPLATES = " or ".join(kind.TEMPLATE for kind in kinds.frameworks().values())
SCHEMA: Schema = {
    **mapping(
        {
            "template": {
                "$ref": "#/$defs/path_by_stage",
                "description": f"The application's {_TEMPLATES}; {{stage}} stands for the stage that it is made for.",
            },
            "url": {
                "type": "string",
                "pattern": "^(none|[A-Za-z0-9]{1,255})$",
                "x-what": "the name of an output, or none",
                "description": "The output that is the application's URL; none for an application without one. "
                "Left out: the framework's own, ApiUrl for SAM.",
            },
        }
    ),
    "description": "The application.",
}


def read(settings: Mapping[str, str], file: File) -> Fields:
    """The application."""
    url = settings.get("url", file.framework.url(file.repository, file.app.path))
    return {"apps": (App(file.app.path, None if url == "none" else url, file.framework.PACKAGED_APP),)}


def missing(_settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """The template, where there is none, or none that can be read."""
    yield from file.app.problems


def remarks(_settings: Mapping[str, str], file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """What nobody can say here of a template that the build makes."""
    if file.framework.BY_STAGE and not pipeline.build.own:
        message = "the build makes the application's template: what it says is not looked at here"
        hint = "the build compares outputs, parameters, types and names with what the launched pipeline expects"
        yield file.document.problem(("app",), message, hint, level="info")
