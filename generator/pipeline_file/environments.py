"""The environments of a pipeline file, and which one a stage lives in."""

from __future__ import annotations

from generator.model.environment import Environment
from generator.model.text import Text, literal
from generator.pipeline_file.entry import Entry, entries
from generator.pipeline_file.file import File

KEY = "environments"


def of_stage(entry: Entry) -> Environment | None:
    """The environment that a stage names; None where it names none, or one that is not there."""
    return of(entry.file, entry.settings.get("environment", ""))


def used(file: File) -> tuple[Environment, ...]:
    """The environments that stages live in, in the order of the stages."""
    words = dict.fromkeys(entry.settings.get("environment", "") for entry in entries(file))
    return tuple(environment for word in words if (environment := of(file, word)))


def of(file: File, word: str) -> Environment | None:
    """An environment by its word; None where there is no such."""
    if word not in file.settings(KEY):
        return None
    written = file.settings(KEY)[word] or {}
    return Environment(
        word,
        written.get("account", ""),
        {name: parameter(file, word, name) for name in written.get("parameters", {})},
        {**file.settings("tags"), **written.get("tags", {})},
        written.get("permissions_boundary", file.data.get("permissions_boundary", "")),
    )


def parameter(file: File, word: str, name: str) -> Text:
    """A parameter of an environment as a text, as it is written: 3.10 stays 3.10, and true does not become True."""
    value = file.settings(KEY)[word]["parameters"][name]
    return literal(value if isinstance(value, str) else file.document.written((KEY, word, "parameters", name)))
