"""What starts a pipeline whose source is behind a connection: filters of pushes, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """Glob patterns of a trigger; an exclude wins over an include."""

    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Push:
    """A push that starts the pipeline: branches and file paths together, or tags."""

    branches: Filter | None = None
    paths: Filter | None = None
    tags: Filter | None = None
