"""A problem before it has its place: the path it belongs to and the words for it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from generator.document import Document, Path
from generator.pipeline_file.validation.failures import Schema


class Context(NamedTuple):
    """What a failure belongs to."""

    document: Document
    schema: Schema


class Finding(NamedTuple):
    """What is wrong at a path, and what to try; `about` is the path of the key that is missing or was meant."""

    path: Path
    message: str
    hint: str = ""
    at: Literal["value", "key"] = "value"
    about: Path = ()
