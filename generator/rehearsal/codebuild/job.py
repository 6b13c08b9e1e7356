"""What is to be built, and on what: the values one build is run with."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.rehearsal.assumptions import AS_THEY_ARE, Chosen
from generator.rehearsal.codebuild.environment import Identity
from generator.rehearsal.codebuild.sources import Source
from generator.rehearsal.codebuild.variables import Variable

PRIMARY = ""
"""The identifier of the primary artifact, where secondary ones have names."""

Deliver = Callable[[str, Path, str], None]


def _keep_there(_identifier: str, _archive: Path, _name: str) -> None:
    """Deliver nothing: the zip stays where it was made."""


def _anywhere(_group: str) -> None:
    """Let tests be reported to any group."""


def _nothing() -> None:
    """Provide nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """One build.

    `folder` is made for it, and removed afterwards unless `keep`. `buildspec` is the text of one, a path in
    the source, the ARN of an object in S3, or "" for buildspec.yml. `outputs` are the identifiers of the
    artifacts to make, zips in `artifact_folder`; each goes through `deliver` (identifier, zip, name).
    `report` gets the group of each test report.
    `variables` are the project's, `overrides` those of StartBuild. `provision` is done before anything else.
    All of these may raise PhaseFailedError. `stand_ins` says what of the machine this machine stands in for.
    """

    identity: Identity
    folder: Path
    artifact_folder: Path
    primary: Source
    secondary: Mapping[str, Source] = field(default_factory=dict)
    buildspec: str = ""
    variables: tuple[Variable, ...] = ()
    overrides: tuple[Variable, ...] = ()
    outputs: tuple[str, ...] = ()
    deliver: Deliver = _keep_there
    report: Callable[[str], None] = _anywhere
    provision: Callable[[], None] = _nothing
    timeout_minutes: float = 60
    lambda_compute: bool = False
    stand_ins: tuple[str, ...] = ()
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Clocks:
    """`now` gives seconds since 1970; `steady` seconds of a clock that is never set."""

    now: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True)
class Host:
    """The machine a build runs on.

    `variables` are those of a child program, as the emulator gives them; `keys` gets the build role's
    credentials as variables, `client` a client with that role's rights: both may raise PhaseFailedError.
    `cache` is Penstock's folder in the user's cache, `assumptions` say which of the named ones the user flipped.
    """

    variables: Mapping[str, str]
    keys: Callable[[], Mapping[str, str]]
    client: Callable[[str], Any]
    cache: Path
    clocks: Clocks = Clocks()
    assumptions: Chosen = field(default_factory=lambda: AS_THEY_ARE)
