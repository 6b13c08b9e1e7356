"""What a stage runs around its deployment: shell commands and the rights they have, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from generator.rights import Statement

Moment = Literal["before", "after"]
MOMENTS: tuple[Moment, ...] = ("before", "after")


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands in their order, what they may do, and the ARNs of managed policies they have besides."""

    commands: tuple[str, ...]
    statements: tuple[Statement, ...] = ()
    policies: tuple[str, ...] = ()
