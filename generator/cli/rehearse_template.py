"""`penstock rehearse --template`: a template that is not ours, read before anything starts, then rehearsed."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.errors import InvalidInputError, Problem
from generator.rehearsal.codepipeline.stubs import ENDINGS
from generator.rehearsal.driver import users_template
from generator.rehearsal.driver.parameter_values import read_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from generator.cli.rehearse_options import Asked
    from generator.rehearsal.driver.delivery import ActionSources
    from generator.rehearsal.driver.execution_watch import Wishes
    from generator.rehearsal.driver.outcome import Outcome
    from generator.rehearsal.driver.steps import Hear
    from generator.rehearsal.driver.users_template import PipelineInFile, UsersTemplate
    from generator.rehearsal.emulator.handle import Emulator

_STACK_NAME_LENGTH = 20  # Templates make names of buckets with it.


@dataclass(frozen=True, slots=True)
class Plan:
    """A template, the pipeline of it that is rehearsed, the folders of its source actions, and how stubs end."""

    file: Path
    template: UsersTemplate
    pipeline: PipelineInFile
    folders: Mapping[str, Path]
    stubs: Mapping[str, str]

    @property
    def users_folders(self) -> tuple[Path, ...]:
        """The folders that hold what is the user's own."""
        folders = {folder.resolve() for folder in (self.file.parent, *self.folders_of_sources.values())}
        return tuple(sorted(folder for folder in folders if not folders & set(folder.parents)))

    @property
    def folders_of_sources(self) -> dict[str, Path]:
        """The folder of each source action; the one that the command runs in where none was named."""
        return {action.name: self.folders.get(action.name, Path()) for action in self.pipeline.sources}


def plan(asked: Asked) -> Plan:
    """What is rehearsed. Raises InvalidInputError with everything that is wrong with the template and the options."""
    template = _template(asked)
    words = (*_folder_problems(asked.sources), *_stub_problems(asked.stubs))
    problems = [*template.missing_values(), *template.problems(), *words]
    if problems:
        raise InvalidInputError(problems)
    pipeline = users_template.chosen(template, template.pipelines(), asked.logical_id)
    names = [action.name for action in pipeline.sources]
    folders = dict(word.split("=", 1) for word in asked.sources)
    problems += [
        Problem(f"--source: no source action is called '{action}'", hint=f"source actions: {', '.join(names)}")
        for action in folders
        if action not in names
    ]
    stubs = dict(word.split("=", 1) for word in asked.stubs)
    problems += _unused_stubs(stubs, pipeline)
    if problems:
        raise InvalidInputError(problems)
    paths = {name: Path(path) for name, path in folders.items()}
    return Plan(asked.template or Path(), template, pipeline, paths, stubs)


def _unused_stubs(stubs: Mapping[str, str], pipeline: PipelineInFile) -> Iterator[Problem]:
    providers = dict.fromkeys(action.provider for action in pipeline.actions)
    for provider in stubs:
        if provider not in providers:
            yield Problem(f"--stub: no action has the provider '{provider}'", hint=f"providers: {', '.join(providers)}")


def _stub_problems(words: Sequence[str]) -> Iterator[Problem]:
    for word in words:
        provider, _, ending = word.partition("=")
        if not provider or ending not in ENDINGS:
            yield Problem(f"--stub: '{word}' is not PROVIDER=succeed or PROVIDER=fail", hint="--stub ECS=succeed")


def _template(asked: Asked) -> UsersTemplate:
    return users_template.read(asked.template or Path(), read_values(asked.parameters, asked.parameter_files))


def _folder_problems(words: Sequence[str]) -> Iterator[Problem]:
    for word in words:
        action, mark, folder = word.partition("=")
        if not mark or not action:
            yield Problem(f"--source: '{word}' is not ACTION=DIR", hint="--source Source=../my-application")
        elif not Path(folder).is_dir():
            yield Problem(f"--source: there is no folder '{folder}'")


def rehearse(planned: Plan, asked: Asked, emulator: Emulator, hear: Hear, wishes: Wishes) -> Outcome:
    """Launch the template and take the sources through its pipeline."""
    from generator.rehearsal.driver import existing_values  # noqa: PLC0415 - whoever lists needs none of these
    from generator.rehearsal.driver.launch import Stack  # noqa: PLC0415
    from generator.rehearsal.driver.rehearsal import Rehearsal  # noqa: PLC0415

    sources = _sources(planned, asked, emulator, hear)
    existing_values.make(emulator, existing_values.read(asked.existing))
    template = planned.template
    stack = Stack(stack_name(planned.file), template.text, parameters=template.values, places=template.places)
    return Rehearsal(emulator, hear, wishes).run_stacks((stack,), sources, planned.pipeline.logical_id)


def stack_name(file: Path) -> str:
    """The name of the stack: the file's, as far as it is legal in lower case."""
    legal = re.sub(r"[^a-z0-9]+", "-", file.name.partition(".")[0].lower())[:_STACK_NAME_LENGTH].strip("-")
    return legal if legal[:1].isalpha() else f"stack-{legal}".strip("-")


def _sources(planned: Plan, asked: Asked, emulator: Emulator, hear: Hear) -> ActionSources:
    """The source of every action: its folder, or the one that the command runs in."""
    from generator.rehearsal.driver.delivery import ActionSources  # noqa: PLC0415 - see rehearse
    from generator.rehearsal.driver.source import SourceChoice, take  # noqa: PLC0415
    from generator.rehearsal.driver.steps import Begun  # noqa: PLC0415

    choice = SourceChoice(asked.revision, asked.worktree)
    folders = planned.folders_of_sources
    taken = {
        folder: take(folder, choice, emulator.settings.folder / f"source-{number}", os.environ)
        for number, folder in enumerate(dict.fromkeys(folders.values()))
    }
    for source in taken.values():
        hear(Begun(f"{planned.file}: {source.description}", source.commit))
        if source.left_out:
            click.echo(f"note: {source.left_out}", err=True)
    of_action = {name: taken[folder] for name, folder in folders.items()}
    return ActionSources(next(iter(taken.values())), of_action)


def show(asked: Asked) -> None:
    """Print what is in the template, what of it runs, and what it must be given."""
    from generator.cli.views import template_contents  # noqa: PLC0415 - only a list needs it

    template = _template(asked)
    problems = (*template.problems(), *_folder_problems(asked.sources), *_stub_problems(asked.stubs))
    if problems:
        raise InvalidInputError(problems)
    if asked.logical_id:
        users_template.chosen(template, template.pipelines(), asked.logical_id)
    if asked.output == "json":
        click.echo(json.dumps(template_contents.as_data(template), indent=2))
    else:
        click.echo("\n".join(template_contents.lines(template)))
