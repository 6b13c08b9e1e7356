"""The key `build.framework`: what the application is written with, one of the kinds in `frameworks/`."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.model.pipeline import Pipeline
from generator.model.text import literal
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File
from generator.pipeline_file.key import Fields
from generator.pipeline_file.schema_parts import Schema

SCHEMA: Schema = {
    "enum": sorted(kinds.frameworks()),
    "description": "Found from the repository when left out.",
}


def read(_settings: str, file: File) -> Fields:
    """The framework's word, and what its build is told and may do beyond what every build is and may."""
    if file.has_services:
        return {"framework": file.framework_word}
    kind, at = file.framework, (file.repository, file.app.path)
    variables = {name: literal(text) for name, text in kind.environment(*at).items()}
    return {
        "framework": file.framework_word,
        "environment": variables,
        "statements": kind.statements(*at, file.stage_words()),
    }


def problems(_settings: str, file: File) -> Iterator[Problem]:
    """Keys that another framework takes, and what this one's build could not carry out."""
    if file.has_services:
        return
    framework = file.framework
    for word, kind in sorted(kinds.frameworks().items()):
        for key in set(kind.BUILD_KEYS).difference(framework.BUILD_KEYS).intersection(file.settings("build")):
            message = f"'{key}' belongs to framework: {word}, and this is {file.framework_word}"
            hint = f"build: {{framework: {word}}}, or leave it out"
            yield file.document.problem(("build", key), message, hint, at="key")
    if framework.NEEDS_TEMPLATE and not file.has_stacks:
        message = f"framework: {file.framework_word} builds a template, and commands deploy the stages"
        hint = "leave it out: what the stages deploy is built by build: {commands: [...]}"
        yield file.document.problem(("build", "framework"), message, hint, at="key")
        return
    yield from framework.problems(file.document, file.repository, file.app.path)


def remarks(_settings: str, file: File, _pipeline: Pipeline) -> Iterator[Problem]:
    """What the framework's own tool would do beside deploying."""
    return iter(()) if file.has_services else file.framework.remarks(file.document, file.repository, file.app.path)
