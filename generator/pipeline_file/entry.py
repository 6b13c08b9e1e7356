"""A stage as the pipeline file has it: what the keys of a stage know of it and of those before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from generator.document import Path
from generator.model.deployment import logical_id, namespace
from generator.model.stage import DEFAULT_STAGES
from generator.model.text import NOTHING
from generator.pipeline_file.file import File
from generator.pipeline_file.keys.variables import namespaces
from generator.pipeline_file.references import Namespaces


class Entry(NamedTuple):
    """A stage as it is written: its word, its settings, where both stand, and the stages before it."""

    word: str
    settings: Mapping[str, Any]
    path: Path
    file: File
    earlier: tuple[str, ...] = ()

    @property
    def by_commands(self) -> Mapping[str, Any]:
        """What it says of the commands that deploy it, if any do; else nothing."""
        written: Any = self.settings.get("deploy")
        return written if isinstance(written, dict) else NOTHING

    @property
    def namespaces(self) -> Namespaces:
        """What its texts may name: a later stage may use what an earlier one's stack has output."""
        services = [logical_id(part.word) for part in self.file.parts]
        earlier: dict[str, tuple[str, ...] | None] = {
            namespace(f"{service}{logical_id(entry.word)}"): entry.outputs
            for entry in entries(self.file)[: len(self.earlier)]
            for service in services
        }
        return {**namespaces(self.file), **earlier}

    @property
    def outputs(self) -> tuple[str, ...] | None:
        """The outputs that its commands export; None: those of a stack, which only its template knows."""
        return tuple(self.by_commands.get("outputs", ())) if self.by_commands else None


def entries(file: File) -> tuple[Entry, ...]:
    """The stages in the order of the file; beta, gamma and prod when it names none."""
    written = [_entry(item, ("stages", index)) for index, item in enumerate(file.data.get("stages", DEFAULT_STAGES))]
    words = tuple(word for word, _, _ in written)
    return tuple(
        Entry(word, settings, path, file, words[:index]) for index, (word, settings, path) in enumerate(written)
    )


def _entry(item: Any, path: Path) -> tuple[str, Mapping[str, Any], Path]:
    if isinstance(item, str):
        return item, {}, path
    ((word, settings),) = item.items()
    return word, settings or {}, (*path, word)
