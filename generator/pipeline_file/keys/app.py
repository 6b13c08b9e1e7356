"""The key `app`: the application's template, and the output that is its URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.errors import Problem
from generator.model.pipeline import SERVICE_PATTERN, App, Pipeline
from generator.pipeline_file import kinds, services
from generator.pipeline_file.entry import entries
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
                "pattern": rf"^(none|[A-Za-z0-9]{{1,255}}|\$\{{{SERVICE_PATTERN}\.[A-Za-z0-9]{{1,255}}\}})$",
                "x-what": "the name of an output, or none",
                "description": "The output that is the application's URL; none for an application without one. "
                "Left out: the framework's own, ApiUrl for SAM. Of several services ${service.Output}, or none.",
            },
        }
    ),
    "description": "The application.",
}


def read(settings: Mapping[str, str], file: File) -> Fields:
    """The application: each of its services, one of which has the URL."""
    usual = "none" if file.has_services else file.framework.url(file.repository, file.app.path)
    if not file.has_stacks and usual not in {name for entry in entries(file) for name in entry.outputs or ()}:
        usual = "none"
    service, output = services.url(settings.get("url") or usual or "none")
    return {"apps": tuple(_app(part, output if part.word == service else "none") for part in file.parts)}


def _app(part: File, url: str) -> App:
    packaged, configuration = part.framework.PACKAGED_APP, part.framework.PACKAGED_CONFIGURATION
    if part.word:
        packaged, configuration = f"{part.word}/{packaged}", configuration and f"{part.word}/{configuration}"
    return App(part.app.path, None if url == "none" else url, packaged, part.word, configuration)


def problems(settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """A URL of a service that there is not, or of none in particular where there are several; a template of nothing."""
    if "template" in settings and not file.has_stacks:
        message = "there is no template to deploy: commands deploy the stages"
        yield file.document.problem(("app", "template"), message, "leave it out", at="key")
    if settings.get("url", "none") == "none":
        return
    words = [part.word for part in file.parts]
    service, output = services.url(settings["url"])
    if service not in words:
        message = f"there is no service '{service}'" if service else "which service has this output?"
        hint = f"name one: ${{{words[0]}.{output}}}" if words[0] else f"the project is one service: url: {output}"
        yield file.document.problem(("app", "url"), message, hint)


def missing(_settings: Mapping[str, str], file: File) -> Iterator[Problem]:
    """The template, where there is none, or none that can be read."""
    for part in file.parts:
        yield from part.app.problems


def remarks(_settings: Mapping[str, str], file: File, pipeline: Pipeline) -> Iterator[Problem]:
    """What nobody can say here of a template that the build makes."""
    if file.framework.BY_STAGE and file.has_stacks and not file.has_services and not pipeline.build.own:
        message = "the build makes the application's template: what it says is not looked at here"
        hint = "the build compares outputs, parameters, types and names with what the launched pipeline expects"
        yield file.document.problem(("app",), message, hint, level="info")
