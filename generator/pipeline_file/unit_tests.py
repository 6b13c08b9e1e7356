"""The unit tests of a build: the file's command, none if it says so, else those of the application."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from generator.errors import Problem
from generator.frameworks import UnitTests
from generator.pipeline_file.file import File, Part

NONE = "none"


def unit_tests(stated: str, file: File) -> UnitTests:
    """The unit tests of the application, unless a command is stated."""
    if stated:
        return UnitTests("" if stated == NONE else stated, ())
    return file.framework.unit_tests(file.repository, file.app.template, file.tests.template)


def of_service(part: Part) -> UnitTests:
    """The unit tests of a service that lie in its folder; the command starts at the root of the repository."""
    folder, stated = shlex.quote(part.folder), part.written.get("test", "")
    app = part.framework.read(part.inside, part.app.path[len(part.folder) + 1 :]) if part.app.template else None
    own = part.framework.unit_tests(part.inside, app, None)
    command = own.command if not stated else "" if stated == NONE else stated
    left_out = () if stated else own.left_out
    return UnitTests(f"cd {folder} && {command}" if command else "", left_out)


def left_out(stated: str, file: File) -> Iterator[Problem]:
    """A remark on what looks like tests of the application and is not run as one of its unit tests."""
    parts = [part for part in file.parts if isinstance(part, Part)]
    names = [f"{part.folder}/{name}" for part in parts for name in of_service(part).left_out]
    if names := names or [*(() if parts else unit_tests(stated, file).left_out)]:
        hint = "tests of something deployed are not unit tests; name a command to run others: build: {test: ...}"
        message = f"not run as unit tests: {', '.join(names)}"
        yield file.document.problem(("build", "test"), message, hint, level="info")
