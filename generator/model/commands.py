"""What a stage runs around its deployment: shell commands and the rights they have, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model.iam import Statement

Moment = Literal["before", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "after")


class Commands(NamedTuple):
    """Commands in their order, what they may do, and the ARNs of managed policies they have besides."""

    commands: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    policies: tuple[str, ...] = ()


class CommandTests(NamedTuple):
    """Commands that are the integration tests, and the versions of the languages they run with."""

    commands: tuple[str, ...]
    runtimes: Mapping[str, str]
