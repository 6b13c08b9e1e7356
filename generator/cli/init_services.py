"""What `penstock init` takes for the services of a repository, before there is a pipeline file and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.document import PIPELINE_FILE, parse
from generator.errors import Problem
from generator.init import services
from generator.init.services import Proposal, Service
from generator.init.templates import Templates, languages_of
from generator.pipeline_file import kinds
from generator.pipeline_file.file import File, Part
from generator.pipeline_file.services import needs
from generator.pipeline_file.unit_tests import of_service
from generator.repository.files import Repository


class Several(NamedTuple):
    """The folders of a project's services, the lines of a pipeline file that name them, and remarks.

    `outputs` and `languages` are those of all of them, `url` is the output that is the address of all, else `none`.
    """

    folders: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    outputs: tuple[str, ...] = ()
    url: str = "none"
    languages: tuple[str, ...] = ()

    def tested(self, templates: Templates) -> Templates:
        """What the first tests are of: all services, where there are several."""
        if not self.folders:
            return templates
        return templates._replace(outputs=self.outputs, url=self.url, languages=self.languages)


def propose(repository: Repository) -> Several:
    """The services of a repository; nothing where it is one application. A compose file has to be readable."""
    proposal = services.find(repository, kinds.frameworks())
    file, problems = _file(proposal, repository), proposal.problems
    if file.compose and file.compose.problems:
        problems = tuple(problem._replace(level="warning") for problem in file.compose.problems)
        proposal = services.find(repository, kinds.frameworks(), without_compose=True)
        file = _file(proposal, repository)
    if not proposal:
        return Several(problems=problems)
    parts = [part for part in file.parts if isinstance(part, Part)]
    own = {part.word: part.framework.url(part.repository, part.app.path) for part in parts if part.framework.BY_STAGE}
    urls = services.urls((part.word, part.app.template, own.get(part.word)) for part in parts)
    lines = (*proposal.lines, *services.url_lines(urls))
    url = next(iter(urls.values())) if len(urls) == 1 else "none"
    outputs, languages = tuple(_outputs(parts, own)), tuple(_languages(parts))
    return Several(tuple(part.folder for part in parts), lines, problems, outputs, url, languages)


def _outputs(parts: Sequence[Part], own: Mapping[str, str | None]) -> Iterator[str]:
    """What the templates put out, and the addresses that come with a tool."""
    for part in parts:
        names = part.app.template.outputs if part.app.template else filter(None, [own.get(part.word)])
        yield from (f"{part.word}.{name}" for name in names)


def _languages(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.app.template:
            yield from languages_of(part.app.template)
        else:
            versions = part.framework.languages(part.repository, part.app.path)
            yield from (f"{language} {version}" for language, version in versions.items())


def of_file(file: File) -> tuple[Service, ...]:
    """The services of a pipeline file, each with what it is deployed after."""
    after = needs(file)
    return tuple(
        Service(part.word, part.folder, part.framework_word, after[part.word], of_service(part).command)
        for part in file.parts
        if isinstance(part, Part)
    )


def _file(proposal: Proposal, repository: Repository) -> File:
    text = "".join(f"{line}\n" for line in proposal.lines) or "{}\n"
    return File(parse(text, "pipeline.yaml", PIPELINE_FILE), repository)
