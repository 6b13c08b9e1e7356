"""The services of a project: their deployments in a stage, and the outputs that they pass to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.document import Path
from generator.model.deployment import Deployment, logical_id, stack_of
from generator.model.text import Text, literal
from generator.pipeline_file.compose import in_stage
from generator.pipeline_file.entry import Entry
from generator.pipeline_file.environments import of_stage
from generator.pipeline_file.file import File, Part
from generator.pipeline_file.keys import deploy_role

_REFERENCE = re.compile(r"\$\{([a-z](?:[a-z0-9-]*[a-z0-9])?)\.([A-Za-z0-9]{1,255})\}")
# A reference gone wrong, or a variable of the Serverless Framework's: both have a word, and a dot or one colon.
_NO_REFERENCE = re.compile(r"\$\{(?![a-z][a-z0-9-]*\.[A-Za-z0-9]{1,255}\})[\w-]+(?:\.|:(?!:))[^}]*\}?")
_STAGE = "Stage"
FORCE = "Force"
"""The variable of the pipeline that has every service built, whether anything of it has changed or not."""


class Reference(NamedTuple):
    """An output of a service in a value, and where that stands."""

    service: str
    output: str
    path: Path


class Value(NamedTuple):
    """A parameter of a service as it is written, and where; `stage` is the only one it is for, empty: all.

    In a compose file, not `of_pipeline_file`, the stage is a variable.
    """

    name: str
    written: str
    path: Path
    stage: str = ""
    of_pipeline_file: bool = True

    @property
    def references(self) -> Iterator[Reference]:
        """The outputs in it."""
        for service, output in _REFERENCE.findall(self.written):
            yield Reference(service, output, self.path)

    @property
    def no_references(self) -> tuple[str, ...]:
        """What looks like an output of a service and is none; in a compose file that is looked at when it is read."""
        return tuple(_NO_REFERENCE.findall(self.written)) if self.of_pipeline_file else ()

    def text(self, stage: str) -> Text:
        """It as a text, with the variables that hold the outputs in this stage."""
        parts = _REFERENCE.split(self.written if self.of_pipeline_file else in_stage(self.written, stage))
        texts = [literal(part) for part in parts]
        for at in range(1, len(parts), 3):
            texts[at] = f"#{{{_name(parts[at], stage)}Deploy."
            texts[at + 1] += "}"
        return "".join(texts)


def url(written: str) -> tuple[str, str]:
    """The service and the output of `${service.Output}`; no service where it is a mere output."""
    match = _REFERENCE.fullmatch(written)
    return (match[1], match[2]) if match else ("", written)


def values(part: Part) -> tuple[Value, ...]:
    """All that a service's template is given, those of single stages last."""
    of_stages = (
        value
        for stage, settings in part.written.get("stages", {}).items()
        for value in _values(part, ("stages", stage, "parameters"), settings or {}, stage)
    )
    return (*_values(part, ("parameters",), part.written), *of_stages)


def deployments(entry: Entry) -> tuple[Deployment, ...]:
    """The deployments of a stage, one a service, in the file's order."""
    return tuple(_deployment(part, entry) for part in entry.file.parts if isinstance(part, Part))


def needs(file: File) -> Mapping[str, tuple[str, ...]]:
    """The services that each one is deployed after, in whichever stage."""
    return {part.word: _after(part, values(part)) for part in file.parts if isinstance(part, Part)}


def circle(needed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Services that need each other, the first one last again; empty where none do."""
    waiting = {word: {each for each in after if each in needed} - {word} for word, after in needed.items()}
    while free := {word for word, after in waiting.items() if not after & waiting.keys()}:
        waiting = {word: after for word, after in waiting.items() if word not in free}
    if not waiting:
        return ()
    way = [min(waiting)]
    while way[-1] not in way[:-1]:
        way.append(min(waiting[way[-1]] & waiting.keys()))
    return tuple(way[way.index(way[-1]) :])


def _deployment(part: Part, entry: Entry) -> Deployment:
    here = tuple(value for value in values(part) if value.stage in {"", entry.word})
    template = part.app.template
    declared = template.parameters if template is not None else {}
    environment = of_stage(entry)
    there = {name: text for name, text in environment.parameters.items() if name in declared} if environment else {}
    stage = ({_STAGE: entry.word} if _STAGE in declared else {}) | there
    return Deployment(
        _name(part.word, entry.word),
        stated_stack(part, entry.word) or stack_of(part.word, entry.word),
        existing_role=deploy_role.existing(entry.file),
        parameters=stage | {value.name: value.text(entry.word) for value in here},
        service=part.word,
        reads=_read(here),
        after=_after(part, here),
    )


def stated_stack(part: Part, stage: str) -> Text:
    """The name of a stack that the file gives, or the framework's own tool; empty where neither does."""
    written: str = (part.written.get("stages", {}).get(stage) or {}).get("stack", "")
    return written or literal(part.framework.stack(part.repository, part.app.path, stage))


def _read(values: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple(sorted({reference.service for value in values for reference in value.references}))


def _after(part: Part, values: tuple[Value, ...]) -> tuple[str, ...]:
    return tuple(sorted({*part.written.get("after", ()), *_read(values)}))


def _values(part: Part, at: tuple[str, ...], settings: Mapping[str, Any], stage: str = "") -> Iterator[Value]:
    for name, value in settings.get("parameters", {}).items():
        path = part.place(*at, name)
        # As it is written: 3.10 stays 3.10, and true does not become True.
        text = value if isinstance(value, str) else part.origin.written(path)
        yield Value(name, text, path, stage, of_pipeline_file=part.whole.compose is None)


def _name(service: str, stage: str) -> str:
    return f"{logical_id(service)}{logical_id(stage)}"
