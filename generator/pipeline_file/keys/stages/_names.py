"""Names of stages and stacks that would collide on AWS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.errors import Problem
from generator.model.deployment import PIPELINE_STACK
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
        stack = resolved(stage.deployment.stack, service)
        owner = owners.setdefault(stack.casefold(), f"stage '{entry.word}'")
        if owner != f"stage '{entry.word}'":
            at = (*entry.path, "stack") if "stack" in entry.settings else entry.path
            hint = "each stage needs a stack of its own"
            yield file.document.problem(at, f"stack '{stack}' belongs to {owner}", hint)
