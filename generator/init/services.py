"""Several services in a repository: a compose file that names them, or folders that each hold a template."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.application.template import Template
from generator.errors import InvalidInputError, Problem, RefusedError
from generator.frameworks import Framework
from generator.init import application_template
from generator.init.first_pipeline_file import scalar
from generator.init.names import service_name
from generator.init.templates import URL, url_of
from generator.repository.files import Repository

COMPOSE = ("serverless-compose.yml", "serverless-compose.yaml", "serverless-compose.json")
_PROGRAMS = tuple(f"serverless-compose.{ending}" for ending in ("js", "cjs", "mjs", "ts", "cts", "mts"))
# More than these are hardly the services of a project.
_MOST = 30


class Service(NamedTuple):
    """A service of a project: its word, its folder, its framework's word, what it needs, and its unit tests."""

    word: str
    folder: str
    framework: str
    after: tuple[str, ...] = ()
    unit_tests: str = ""

    @property
    def summary(self) -> str:
        """It in one line, as `api (sam, backend/api, after database)`."""
        after = f", after {' and '.join(self.after)}" if self.after else ""
        return f"{self.word} ({self.framework}, {self.folder}{after})"


class Proposal(NamedTuple):
    """What a pipeline file would say of services: a compose file, or folders by the services' words; and remarks."""

    compose: str = ""
    folders: Mapping[str, str] = {}
    problems: tuple[Problem, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.compose or self.folders)

    @property
    def lines(self) -> Iterator[str]:
        """The key `services` of a pipeline file."""
        if self.compose:
            yield f"services: {self.compose}"
        elif self.folders:
            yield "services:"
            for word, folder in self.folders.items():
                yield f"  {scalar(word)}: {{path: {scalar(folder)}}}"


def find(repository: Repository, frameworks: Mapping[str, Framework], *, without_compose: bool = False) -> Proposal:
    """The services of a repository that has no template at its root; nothing where it is one application.

    `without_compose`: its compose file cannot be taken as it is.
    """
    compose = repository.first(*COMPOSE)
    if compose and not without_compose:
        return Proposal(compose)
    if any(framework.recognises(repository) for framework in frameworks.values()):
        return Proposal()
    problems: tuple[Problem, ...] = ()
    if program := repository.first(*_PROGRAMS):
        hint = "write it as serverless-compose.yml, or keep to the services of the pipeline file"
        message = f"{program} is a program: what it says is known only when it runs"
        problems = (Problem(message, hint=hint, level="warning"),)
    folders = _folders(repository, frameworks)
    return Proposal("", _words(folders), problems) if 1 < len(folders) <= _MOST else Proposal(problems=problems)


def urls(apps: Iterable[tuple[str, Template | None, str | None]]) -> Mapping[str, str]:
    """The outputs that are addresses, by the services' words: each comes with its template, or its tool's output."""
    named = ((word, (url_of(template) or URL) if template else own) for word, template, own in apps)
    return {word: output for word, output in named if output and output != "none"}


def url_lines(urls: Mapping[str, str]) -> Iterator[str]:
    """What a pipeline file says of the project's address, by the outputs that are the services' addresses."""
    references = [f"${{{word}.{output}}}" for word, output in urls.items()]
    if len(references) == 1:
        yield "app:"
        yield f"  url: {scalar(references[0])}"
    elif references:
        yield f"# The integration tests get one address as api_url: {', '.join(references)}. To name one:"
        yield f"# app: {{url: {scalar(references[0])}}}"


def _folders(repository: Repository, frameworks: Mapping[str, Framework]) -> list[str]:
    """The folders in which a framework recognises an application, but none within another one."""
    paths = {path for kind in frameworks.values() for path in _of(repository, kind)}
    folders: list[str] = []
    for folder in sorted({posixpath.dirname(path) for path in paths}):
        if folder and not any(f"{folder}/".startswith(f"{outer}/") for outer in folders):
            folders.append(folder)
    return folders


def _of(repository: Repository, framework: Framework) -> Sequence[str]:
    try:
        choice = application_template.choose(repository, framework)
    except (InvalidInputError, RefusedError):
        return ()
    several = choice.several or ((choice.app,) if choice.app else ())
    usual = [path for path in several if posixpath.basename(path) in framework.APP_NAMES]
    return [path for path in usual if framework.recognises(Repository(repository.root / posixpath.dirname(path)))]


def _words(folders: Sequence[str]) -> Mapping[str, str]:
    """A word for each folder: its own name, with those above it where two are alike."""
    names = [service_name(posixpath.basename(folder)) for folder in folders]
    words = [
        name if name and names.count(name) == 1 else service_name(folder.replace("/", "-"))
        for name, folder in zip(names, folders, strict=True)
    ]
    if "" in words or len(set(words)) < len(words):
        words = [f"service-{number}" for number in range(1, len(folders) + 1)]
    return dict(zip(words, folders, strict=True))
