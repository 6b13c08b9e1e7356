"""Lambda functions as any file describes them: their runtime, their handler, and where it says so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from generator.application.template import Template, printable
from generator.document import Document, Path
from generator.errors import Level, Problem


class Stated(NamedTuple):
    """A text, and the place of a file that states it; empty where only a build or a launch can tell."""

    text: str
    document: Document
    path: Path

    def problem(self, message: str, hint: str = "", *, level: Level = "error") -> Problem:
        """A problem at this place, without what a terminal would act on."""
        return self.document.problem(self.path, printable(message), printable(hint), level=level)


class Function(NamedTuple):
    """A function. `folder` is where its code lies, None where only a build knows.

    `is_complete`: nothing but this folder brings its files; `may_lack`: something may bring more, so that a file that
    is not there is no more than a warning. `is_compiled`: TypeScript is code that runs.
    """

    name: str
    runtime: Stated
    handler: Stated
    folder: str | None
    is_complete: bool = True
    may_lack: bool = False
    is_compiled: bool = False


def runtimes_of(template: Template) -> Iterator[tuple[str, Stated]]:
    """The names of a template's functions with their runtimes, as far as these are known before launch."""
    for logical_id, runtime in template.runtimes().items():
        yield logical_id, Stated(runtime, template.document, template.place_of(logical_id, "Runtime"))
