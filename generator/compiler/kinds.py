"""The kinds there are: every module of a kind's room, found by its file's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

from generator.model.notification import Audience
from generator.model.pipeline import Delivery, PlannedStage
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.text import Json
from generator.repository.files import Repository

_PACKAGE = Path(__file__).parent.parent


class SourceKind(Protocol):
    """A module of `sources/`."""

    SCHEMA: Mapping[str, Json]
    source: Callable[[Mapping[str, Any], str], Source]


class FrameworkKind(Protocol):
    """A module of `frameworks/`."""

    LANGUAGES: Mapping[str, str]
    RUNTIMES: Mapping[str, tuple[str, ...]]
    IMAGE: str
    unit_test_command: Callable[[str, Repository], str]


class StageKind(Protocol):
    """A module of `stages/`."""

    SUMMARY: str
    plan: Callable[[Stage, Delivery], tuple[PlannedStage, ...]]


class NotificationKind(Protocol):
    """A module of `notifications/`."""

    SCHEMA: Mapping[str, Json]
    audience: Callable[[Any], Audience]


@cache
def sources() -> Mapping[str, SourceKind]:
    """The sources by their words."""
    return _modules("sources")


def hosts() -> Mapping[str, tuple[str, str]]:
    """The hosts that git remotes name: the word of the source each belongs to, and its pattern of a repository."""
    return {
        host: (word, kind.SCHEMA["properties"]["repository"]["pattern"])
        for word, kind in sources().items()
        for host in getattr(kind, "HOSTS", ())
    }


@cache
def frameworks() -> Mapping[str, FrameworkKind]:
    """The frameworks by their words."""
    return _modules("frameworks")


@cache
def stages() -> Mapping[str, StageKind]:
    """The stage kinds by their words."""
    return _modules("stages")


@cache
def notifications() -> Mapping[str, NotificationKind]:
    """The kinds of notification by their words."""
    return _modules("notifications")


def _modules(room: str) -> Mapping[str, Any]:
    words = sorted(path.stem for path in (_PACKAGE / room).glob("*.py") if not path.stem.startswith("_"))
    return {word: import_module(f"generator.{room}.{word}") for word in words}
