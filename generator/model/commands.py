"""What a stage runs around its deployment, or as its deployment: shell commands and their rights, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model.build import Secret
from generator.model.iam import Statement
from generator.model.text import NOTHING

Moment = Literal["before", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "after")


class Commands(NamedTuple):
    """Commands in their order, what they may do, and the ARNs of managed policies they have besides."""

    commands: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    policies: tuple[str, ...] = ()


class DeployCommands(NamedTuple):
    """Commands that deploy a stage, which then has no stack.

    `outputs` are the variables they export, as the outputs of a stack; `secrets` are fetched for them, `runtimes` are
    the versions of the languages they run with.
    """

    commands: Commands
    outputs: tuple[str, ...] = ()
    secrets: tuple[Secret, ...] = ()
    runtimes: Mapping[str, str] = NOTHING


class CommandTests(NamedTuple):
    """Commands that are the integration tests, and the versions of the languages they run with."""

    commands: tuple[str, ...]
    runtimes: Mapping[str, str]
