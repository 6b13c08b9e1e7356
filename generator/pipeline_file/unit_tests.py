"""The unit tests of a build: the file's command, none if it says so, else those of the application."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem
from generator.frameworks import UnitTests
from generator.pipeline_file.file import File

NONE = "none"


def unit_tests(stated: str, file: File) -> UnitTests:
    """The unit tests of the application, unless a command is stated."""
    if stated:
        return UnitTests("" if stated == NONE else stated, ())
    return file.framework.unit_tests(file.repository, file.app.template, file.tests.template)


def left_out(stated: str, file: File) -> Iterator[Problem]:
    """A remark on what looks like tests of the application and is not run as one of its unit tests."""
    if names := unit_tests(stated, file).left_out:
        hint = "tests of something deployed are not unit tests; name a command to run others: build: {test: ...}"
        message = f"not run as unit tests: {', '.join(names)}"
        yield file.document.problem(("build", "test"), message, hint, level="info")
