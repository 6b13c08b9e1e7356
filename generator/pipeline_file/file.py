"""A pipeline file and the repository it stands in: what every key knows of the others."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from generator.application.template import Template, is_written
from generator.document import Document, Path
from generator.errors import InvalidInputError, Problem
from generator.frameworks import Framework, UsualTemplates
from generator.model.stage import DEFAULT_STAGES
from generator.pipeline_file import compose, kinds
from generator.pipeline_file.compose import KEYS, Compose
from generator.repository.files import Repository

_NEEDED = {"app": "the application's template is needed", "tests": "the integration tests' template is needed"}


class Attempt(NamedTuple):
    """A template that was looked for: its path (empty: none is needed), what it says, and why it could not be read."""

    path: str = ""
    template: Template | None = None
    problems: tuple[Problem, ...] = ()


class File:
    """A pipeline file that its schema accepts, and the repository around it."""

    word = ""
    """The word of the service that is looked at; empty for a project as a whole."""

    def __init__(self, document: Document, repository: Repository) -> None:
        self.document = document
        self.repository = repository

    @property
    def has_services(self) -> bool:
        """Whether the project has several services, or one in a folder of its own."""
        return "services" in self.data

    @cached_property
    def parts(self) -> tuple[File, ...]:
        """The services of a project, each as if it were alone; the file itself where the project is one service."""
        return tuple(Part(self, word) for word in self.services) or (self,)

    @cached_property
    def compose(self) -> Compose | None:
        """The compose file that the services stand in, if they do not stand here."""
        named = self.data.get("services")
        return compose.read(self.document, self.repository, named) if isinstance(named, str) else None

    @property
    def services(self) -> Mapping[str, Mapping[str, Any]]:
        """The services by their words, with what is written of each."""
        return self.compose.services if self.compose else self.settings("services")

    @property
    def data(self) -> Mapping[str, Any]:
        """What the file says."""
        data: Mapping[str, Any] = self.document.data
        return data

    def settings(self, key: str) -> Mapping[str, Any]:
        """The settings of a key that is a mapping; none where it is left out or says something else."""
        written = self.data.get(key, {})
        return written if isinstance(written, dict) else {}

    @cached_property
    def framework_word(self) -> str:
        """What the application is written with."""
        usual = kinds.framework_of(self.repository) if self.has_stacks else kinds.framework_without_template()
        word: str = self.settings("build").get("framework") or usual
        return word

    @property
    def has_stacks(self) -> bool:
        """Whether stages deploy stacks, for which the application has a template: not where commands deploy."""
        settings = (next(iter(item.values())) for item in self._stages if isinstance(item, dict))
        return not any(isinstance((written or {}).get("deploy"), dict) for written in settings)

    @property
    def _stages(self) -> Sequence[Any]:
        stages: Sequence[Any] = self.data.get("stages", DEFAULT_STAGES)
        return stages

    @property
    def framework(self) -> Framework:
        """The kind that knows what the application is written with."""
        return kinds.frameworks()[self.framework_word]

    def packaged_apps(self) -> tuple[str, ...]:
        """The files of the build's artifact that stages deploy the application from."""
        if not self.has_stacks:
            return ()
        packaged = self.framework.PACKAGED_APP
        return tuple(dict.fromkeys(packaged.replace("{stage}", word) for word in self.stage_words()))

    def stage_words(self) -> tuple[str, ...]:
        """The stages in the order of the file."""
        return tuple(next(iter(item)) if isinstance(item, dict) else item for item in self._stages)

    @property
    def is_tested(self) -> bool:
        """Whether there are integration tests at all."""
        return self.data.get("tests") != "none"

    @cached_property
    def app(self) -> Attempt:
        """The application's template: the one the file names, else that of a usual name; only its path if a build makes
        it; nothing where commands deploy.
        """
        if not self.has_stacks:
            return Attempt()
        path = self.settings("app").get("template") or self._usual.app or self.framework.APP_NAMES[0]
        # What a build makes of nothing but commands is never in the repository; a framework's own file has to be.
        if self.framework.BY_STAGE and ("{stage}" in self.framework.APP_NAMES[0] or self.repository.has(path)):
            return Attempt(path)
        return self._attempt("app", path)

    @cached_property
    def tests(self) -> Attempt:
        """The template of the test stack; none where the tests need no stack."""
        without_stack = (word for word, kind in kinds.test_kinds().items() if not kind.NEEDS_STACK)
        if not self.is_tested or any(word in self.settings("tests") for word in without_stack):
            return Attempt()
        path = self.settings("tests").get("template") or self._usual.tests or self.framework.TESTS_NAMES[0]
        return self._attempt("tests", path)

    @property
    def templates(self) -> Iterator[Template]:
        """The templates that could be read, those of nested stacks too."""
        attempts = (*(part.app for part in self.parts), self.tests)
        return (each for attempt in attempts if attempt.template for each in attempt.template.family)

    @cached_property
    def _usual(self) -> UsualTemplates:
        return self.framework.usual_templates(self.repository)

    def _attempt(self, key: str, path: str) -> Attempt:
        if not self.repository.has(path):
            message = f"there is no {path} in the repository: {_NEEDED[key]}"
            return Attempt(path, None, (self._lacking(key, message),))
        try:
            return Attempt(path, self.framework.read(self.repository, path))
        except InvalidInputError as refused:
            return Attempt(path, None, refused.problems)

    def _lacking(self, key: str, message: str) -> Problem:
        """The problem of a template that is not there, where it is named or would be."""
        at: Path = (key, "template") if self.settings(key).get("template") else ()
        return self.document.problem(at, message, self._elsewhere(key))

    def _elsewhere(self, key: str) -> str:
        others = self.framework.other_templates(self.repository)
        seen = f"; seen: {', '.join(others)}" if others else ""
        without = ", or say that there are none: tests: none" if key == "tests" else ""
        return f"name it: {key}: {{template: <path>}}{without}{seen}"


class Part(File):
    """A service of a project that has several, as if it were the only one; its templates are those of its folder."""

    def __init__(self, whole: File, word: str) -> None:
        super().__init__(whole.document, whole.repository)
        self.whole = whole
        self.word = word
        self.at: Path = ("services", word)
        self.origin = (whole.compose and whole.compose.document) or whole.document
        """The document in which it stands."""
        self.written: Mapping[str, Any] = whole.services[word]
        self.folder = posixpath.normpath(self.written["path"])

    def place(self, key: str, *inner: str | int) -> Path:
        """Where the file has a key of this service; the service, where it has none."""
        words = KEYS if self.whole.compose else {}
        path: Path = (*self.at, words.get(key, key), *inner)
        return next(each for each in (path, path[:3], self.at) if is_written(self.origin.data, each))

    @property
    def inside(self) -> Repository:
        """Its folder, as if that were the repository."""
        return Repository(self.repository.root / self.folder)

    @cached_property
    def framework_word(self) -> str:
        """What it is written with."""
        word: str = self.written.get("framework") or kinds.framework_of(self.inside)
        return word

    @cached_property
    def app(self) -> Attempt:
        """Its template."""
        name = self.written.get("template") or self._usual.app or self.framework.APP_NAMES[0]
        path = posixpath.join(self.folder, name)
        of_commands = "{stage}" in self.framework.APP_NAMES[0]
        is_made = self.framework.BY_STAGE and (of_commands or self.repository.has(path))
        return Attempt(path) if is_made else self._attempt("app", path)

    def _lacking(self, _key: str, message: str) -> Problem:
        return self.origin.problem(self.place("template"), message, self._elsewhere(_key))

    def _elsewhere(self, _key: str) -> str:
        others = self.framework.other_templates(self.inside)
        seen = f"; seen in its folder: {', '.join(others)}" if others else ""
        return f"name it, from the service's folder: template: <path>{seen}"

    @cached_property
    def _usual(self) -> UsualTemplates:
        return self.framework.usual_templates(self.inside)
