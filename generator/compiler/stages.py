"""The stages of a pipeline file: their values, their defaults, and names that would collide on AWS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generator.aws_rules import limits
from generator.compiler import deploy_roles, stage_commands, stage_conditions, variables
from generator.compiler.durations import minutes
from generator.compiler.variables import Known
from generator.document import Document, Path
from generator.errors import Problem
from generator.model.source import Source
from generator.model.stage import DEFAULT_STAGES, GUARDED_STAGE, RESERVED_STAGES, Approval, Stage
from generator.model.text import Text, literal, resolved


@dataclass(frozen=True, slots=True)
class Entry:
    """A stage as it is written: its word, its settings, and where both stand."""

    word: str
    settings: Mapping[str, Any]
    path: Path


def entries(document: Document) -> tuple[Entry, ...]:
    """The stages in the order of the file; beta, gamma and prod when it names none."""
    written = document.data.get("stages", DEFAULT_STAGES)
    return tuple(_entry(item, ("stages", index)) for index, item in enumerate(written))


def _entry(item: Any, path: Path) -> Entry:
    if isinstance(item, str):
        return Entry(item, {}, path)
    word, settings = next(iter(item.items()))
    return Entry(word, settings or {}, (*path, word))


def stage(entry: Entry, document: Document, *, declares_stage: bool, tested: bool) -> Stage:
    """The stage's value. `declares_stage`: the application's template has a parameter `Stage`."""
    approval, tests = _approval(entry), entry.settings.get("tests", True)
    given = {"Stage": entry.word} if declares_stage else {}
    own = {name: _parameter(document, entry, name) for name in entry.settings.get("parameters", {})}
    made = Stage(
        word=entry.word,
        name=entry.word[0].upper() + entry.word[1:],
        stack=entry.settings.get("stack", f"${{ServiceName}}-{entry.word}"),
        deploy=entry.settings.get("deploy", "changeset" if approval else "direct"),
        tested=tests is not False and tested,
        subset=tests if isinstance(tests, str) else "",
        parameters=given | own,
        approval=approval,
        on_failure=stage_conditions.on_failure(entry.settings),
        alarms=stage_conditions.alarms(entry.settings),
        window=stage_conditions.window(entry.settings),
        before=stage_commands.commands(entry.settings, "before"),
        after=stage_commands.commands(entry.settings, "after"),
    )
    return made._replace(role=deploy_roles.role_of(document.data, f"{made.logical_id}DeployRole"))


def _parameter(document: Document, entry: Entry, name: str) -> Text:
    value = entry.settings["parameters"][name]
    # As it is written: 3.10 stays 3.10, and true does not become True.
    return literal(value if isinstance(value, str) else document.written((*entry.path, "parameters", name)))


def _approval(entry: Entry) -> Approval | None:
    settings = entry.settings.get("approval", entry.word == GUARDED_STAGE)
    if settings is False:
        return None
    settings = {} if settings is True else settings
    return Approval(
        addresses=tuple(settings.get("notify", ())),
        topic=settings.get("topic", ""),
        message=literal(settings.get("message", "")),
        timeout_minutes=minutes(settings["timeout"]) if "timeout" in settings else 0,
        separate=settings.get("separate", False),
        approvers_policy=settings.get("approvers_policy", False),
    )


def problems(
    document: Document, written: Sequence[Entry], stages: Sequence[Stage], source: Source
) -> Iterator[Problem]:
    """What AWS would refuse, or what would make two things one."""
    yield from _same_names(document, written, stages)
    yield from _same_stacks(document, written, stages)
    known = variables.known_at_first(document.data, source)
    for entry, value in zip(written, stages, strict=True):
        if value.approval:
            yield from _approval_problems(document, entry, value.approval, known)
        yield from stage_conditions.problems(document, entry.settings, value, entry.path)
        yield from _tests_problems(document, entry)
        for name, text in value.parameters.items():
            path = (*entry.path, "parameters", name)
            yield from variables.unknown(document, path, text, known)
            yield from variables.free_text(document, path, text)
        # A later stage may use what this one's stack has put out.
        known[f"{value.logical_id}Deploy"] = None


def _same_names(document: Document, written: Sequence[Entry], stages: Sequence[Stage]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for entry, value in zip(written, stages, strict=True):
        if entry.word in RESERVED_STAGES:
            hint = "the pipeline has a stage or a stack of that name"
            yield document.problem(entry.path, f"a stage cannot be called '{entry.word}'", hint, at="key")
            continue
        other = seen.get(value.logical_id.casefold())
        seen.setdefault(value.logical_id.casefold(), entry.word)
        if other == entry.word:
            yield document.problem(entry.path, f"stage '{entry.word}' is there already", "each name once", at="key")
        elif other:
            message = f"stages '{other}' and '{entry.word}' collide: logical ids know letters and digits only"
            yield document.problem(entry.path, message, "choose names that differ in more than hyphens", at="key")
    asking = {value.asking.casefold(): entry.word for entry, value in zip(written, stages, strict=True)}
    for entry in written:
        if (other := asking.get(entry.word, entry.word)) != entry.word:
            message = f"a stage cannot be called '{entry.word}': the approval of '{other}' has a stage of that name"
            yield document.problem(entry.path, message, "give the stage another name", at="key")


def _same_stacks(document: Document, written: Sequence[Entry], stages: Sequence[Stage]) -> Iterator[Problem]:
    service = document.data["service"]
    owners = {f"{service}-pipeline": "the pipeline itself", f"{service}-tests": "the tests"}
    named = [(entry, value) for entry, value in zip(written, stages, strict=True) if entry.word not in RESERVED_STAGES]
    for entry, value in named:
        stack = resolved(value.stack, service)
        owner = owners.setdefault(stack.casefold(), f"stage '{entry.word}'")
        if owner != f"stage '{entry.word}'":
            at = (*entry.path, "stack") if "stack" in entry.settings else entry.path
            yield document.problem(at, f"stack '{stack}' belongs to {owner}", "each stage needs a stack of its own")


def _tests_problems(document: Document, entry: Entry) -> Iterator[Problem]:
    if document.data.get("tests") == "none" and entry.settings.get("tests", False) is not False:
        hint = "leave it out here, or say at the top what the tests are"
        yield document.problem((*entry.path, "tests"), "there are no tests to run: tests: none", hint)


def _approval_problems(document: Document, entry: Entry, approval: Approval, known: Known) -> Iterator[Problem]:
    path = (*entry.path, "approval")
    if approval.timeout_minutes not in (0, *limits.APPROVAL_MINUTES):
        yield document.problem((*path, "timeout"), "an approval waits 5 minutes to 60 days", "for example: 7 days")
    yield from variables.unknown(document, (*path, "message"), approval.message, known)
