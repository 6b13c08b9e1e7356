"""What is known of a build: its phases while it runs, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from generator.rehearsal.assumptions import Assumption
from generator.rehearsal.codebuild.reports import TestCounts

Status = Literal["SUCCEEDED", "FAILED", "FAULT", "TIMED_OUT", "IN_PROGRESS", "STOPPED"]


@dataclass(frozen=True, slots=True)
class PhaseRecord:
    """One phase that ran or runs. Times are seconds since 1970; `end` is None while it runs."""

    name: str
    start: float
    end: float | None = None
    status: Status = "IN_PROGRESS"
    code: str = ""
    message: str = ""

    @property
    def seconds(self) -> float:
        """How long it took."""
        return 0.0 if self.end is None else self.end - self.start


@dataclass(frozen=True, slots=True)
class Failure:
    """Where and how a build failed; `command` and `exit_code` are there when a command did, `tail` is the log's end."""

    phase: str
    message: str
    code: str = ""
    command: str = ""
    exit_code: int | None = None
    tail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """How a build ended. `artifacts` are the zips it made: "" for the primary one, else by identifier.

    `not_rehearsed` says that the reason is in this machine, not in the build; `assumptions` are what
    the outcome rests on although AWS does not document it.
    """

    status: Status
    phases: tuple[PhaseRecord, ...]
    exported: Mapping[str, str] = field(default_factory=dict)
    artifacts: Mapping[str, Path] = field(default_factory=dict)
    artifact_names: Mapping[str, str] = field(default_factory=dict)
    reports: tuple[TestCounts, ...] = ()
    failure: Failure | None = None
    log: tuple[str, ...] = ()
    not_rehearsed: bool = False
    assumptions: tuple[Assumption, ...] = ()
