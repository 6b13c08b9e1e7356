"""What the driver itself has to tell while a rehearsal goes on, beside the events of `generator.execution`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.execution import Event
from generator.rehearsal.driver.permissions import Statement


@dataclass(frozen=True, slots=True)
class Begun:
    """What is rehearsed, in words, its commit, and what of the user's files is not in it."""

    source: str
    commit: str
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Launched:
    """The pipeline's stack stands: its name, the pipeline's, and the pipeline's stages with their actions."""

    stack: str
    pipeline: str
    stages: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Remarked:
    """Something worth a quiet line."""

    message: str


@dataclass(frozen=True, slots=True)
class Logged:
    """Lines of a log that tell why an action failed, oldest first; `log` names it."""

    stage: str
    action: str
    log: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Injected:
    """What went wrong on purpose: a kind of fault, whom it struck (a call, a delivery), how often."""

    kind: str
    subject: str
    times: int


@dataclass(frozen=True, slots=True)
class Tried:
    """A rehearsal with faults is over: how it ended and where, and what struck.

    `finding` says what is not as it should be; empty when it ended as without faults, or red with a fault as reason.
    """

    kinds: tuple[str, ...]
    status: str
    stage: str
    action: str
    reason: str
    injected: tuple[Injected, ...]
    finding: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PermissionsShown:
    """Every statement of the pipeline's roles with what rests on it, and what the scenario had to leave out."""

    statements: tuple[Statement, ...]
    left_out: tuple[str, ...]


Step = Begun | Launched | Remarked | Logged | Tried | PermissionsShown | Event
Hear = Callable[[Step], None]
"""Whoever shows the rehearsal; it is called on the driver's own thread and may take its time."""
