"""The outputs the pipeline reads: whether the application's and the tests' templates have them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.template import Template, is_written
from generator.checks.phrases import did_you_mean
from generator.document import Document, Path
from generator.errors import Problem
from generator.model.pipeline import Pipeline

_URL: Path = ("app", "url")


def check_outputs(
    pipeline: Pipeline, file: Document, app: Template | None, tests: Template | None
) -> Iterator[Problem]:
    """An expected output that is missing, with those there are; at the key that names it, else in the template."""
    if app and pipeline.app.url and not _may_have(app, pipeline.app.url):
        yield _missing(app, pipeline.app.url, file, _URL)
    if tests and pipeline.tests:
        for key, names in pipeline.tests.named_by.items():
            for index, name in enumerate(names):
                if not _may_have(tests, name):
                    yield _missing(tests, name, file, ("tests", key, index))


def _may_have(template: Template, name: str) -> bool:
    return name in template.outputs or "Outputs" in template.open


def _missing(template: Template, name: str, file: Document, stated: Path) -> Problem:
    message = f"{template.path} has no output '{name}'"
    hint = did_you_mean(name, template.outputs, "outputs")
    if stated[:2] == _URL:
        hint += "; `url: none` if the application has no URL"
    if is_written(file.data, stated[:2]):
        return file.problem(stated if is_written(file.data, stated) else stated[:2], message, hint)
    return template.problem(("Outputs",), message, hint, at="key")
