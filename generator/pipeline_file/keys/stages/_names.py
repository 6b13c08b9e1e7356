"""Names of stages and stacks that would collide on AWS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.application.template import is_written
from generator.document import Path
from generator.errors import Problem
from generator.model.deployment import PIPELINE_STACK, Deployment
from generator.model.stage import RESERVED_STAGES, Stage
from generator.model.tests import STACK
from generator.model.text import resolved
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.file import File


def problems(file: File, entries: Sequence[Entry], stages: Sequence[Stage]) -> Iterator[Problem]:
    """What AWS would refuse, or what would make two things one."""
    pairs = list(zip(entries, stages, strict=True))
    yield from _same_names(file, pairs)
    yield from _approval_names(file, pairs)
    yield from _same_stacks(file, pairs)


def _same_names(file: File, pairs: Sequence[tuple[Entry, Stage]]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for entry, stage in pairs:
        if entry.word in RESERVED_STAGES:
            hint = "the pipeline has a stage or a stack of that name"
            yield file.document.problem(entry.path, f"a stage cannot be called '{entry.word}'", hint, at="key")
            continue
        other = owners.get(stage.logical_id.casefold())
        owners.setdefault(stage.logical_id.casefold(), entry.word)
        if other == entry.word:
            message = f"stage '{entry.word}' already exists"
            yield file.document.problem(entry.path, message, "each name once", at="key")
        elif other:
            message = f"stages '{other}' and '{entry.word}' collide: logical ids have letters and digits only"
            hint = "choose names that differ in more than hyphens"
            yield file.document.problem(entry.path, message, hint, at="key")


def _approval_names(file: File, pairs: Sequence[tuple[Entry, Stage]]) -> Iterator[Problem]:
    approvals = {stage.asking.casefold(): entry.word for entry, stage in pairs if stage.asks_apart}
    for entry, _ in pairs:
        if other := approvals.get(entry.word):
            message = f"a stage cannot be called '{entry.word}': the approval of '{other}' has a stage of that name"
            yield file.document.problem(entry.path, message, "give the stage another name", at="key")


def _same_stacks(file: File, pairs: Sequence[tuple[Entry, Stage]]) -> Iterator[Problem]:
    service = file.data["service"]
    owners = {resolved(PIPELINE_STACK, service): "the pipeline itself", resolved(STACK, service): "the tests"}
    for entry, stage in pairs:
        if entry.word in RESERVED_STAGES:
            continue
        for deployment in stage.deployments:
            of_service = f"service '{deployment.service}' in " if deployment.service else ""
            stack, mine = resolved(deployment.stack, service), f"{of_service}stage '{entry.word}'"
            owner = owners.setdefault(stack.casefold(), mine)
            if owner != mine:
                at = _stated(entry, deployment)
                hint = f"each {'service' if of_service else 'stage'} needs a stack of its own"
                yield file.document.problem(at, f"stack '{stack}' belongs to {owner}", hint)


def _stated(entry: Entry, deployment: Deployment) -> Path:
    """Where the file names a stack, or would."""
    if not deployment.service:
        return (*entry.path, "stack") if "stack" in entry.settings else entry.path
    path: Path = ("services", deployment.service, "stages", entry.word, "stack")
    return path if is_written(entry.file.data, path) else path[:2]
