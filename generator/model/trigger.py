"""What an execution starts with: filters of what starts one, and the pipeline's variables; frozen values."""

from __future__ import annotations

from typing import NamedTuple


class Filter(NamedTuple):
    """Glob patterns of a trigger, as texts; an exclude wins over an include."""

    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


class Push(NamedTuple):
    """A push that starts the pipeline: branches and file paths together, or tags."""

    branches: Filter | None = None
    paths: Filter | None = None
    tags: Filter | None = None


class PullRequest(NamedTuple):
    """A pull request that is built: the branches it wants to be merged into, and the files it touches."""

    branches: Filter
    paths: Filter | None = None


class Variable(NamedTuple):
    """A variable of the pipeline; whoever starts an execution may give another value. Values are texts."""

    name: str
    default: str
    description: str = ""
