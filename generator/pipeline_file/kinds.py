"""The kinds there are: every module of a kind's room, found by its file's name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from generator.frameworks import Framework
from generator.model.action import Action
from generator.model.notification import Audience
from generator.model.pipeline import Delivery, Pipeline, PlannedStage
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.text import Json, Text
from generator.pipeline_file.discovery import modules
from generator.repository.files import Repository


class SourceKind(Protocol):
    """A module of `sources/`."""

    SCHEMA: Mapping[str, Json]
    source: Callable[[Mapping[str, Any], str], Source]


class StageKind(Protocol):
    """A module of `stages/`; one that has `BY_COMMANDS` deploys what has no stack, with the commands of a stage."""

    SUMMARY: str
    plan: Callable[[Stage, Delivery], tuple[PlannedStage, ...]]


class NotificationKind(Protocol):
    """A module of `notifications/`."""

    SCHEMA: Mapping[str, Json]
    audience: Callable[[Any], Audience]
    remarks: Callable[[Any], Iterator[tuple[str, str]]]


class TestKind(Protocol):
    """A module of `test_kinds/`."""

    SCHEMA: Mapping[str, Json]
    NEEDS_STACK: bool
    OTHER_SPELLINGS: tuple[str, ...]
    read: Callable[[Any, Mapping[str, str]], Mapping[str, Any]]
    runner: Callable[[Pipeline, Sequence[Text]], Any]
    action: Callable[[Pipeline, Stage, Delivery, Any], Action]


@cache
def sources() -> Mapping[str, SourceKind]:
    """The sources by their words."""
    return modules("sources")


def hosts() -> Mapping[str, tuple[str, str]]:
    """The hosts that git remotes name: the word of the source each belongs to, and its pattern of a repository."""
    return {
        host: (word, kind.SCHEMA["properties"]["repository"]["pattern"])
        for word, kind in sources().items()
        for host in getattr(kind, "HOSTS", ())
    }


@cache
def frameworks() -> Mapping[str, Framework]:
    """The frameworks by their words."""
    return {word: module.FRAMEWORK for word, module in modules("frameworks").items()}


def framework_of(repository: Repository) -> str:
    """The word of the framework that recognises a repository, else of the one that stands in."""
    recognising = (word for word, kind in frameworks().items() if kind.recognises(repository))
    return next(recognising, next(word for word, kind in frameworks().items() if kind.IS_DEFAULT))


def framework_without_template() -> str:
    """The word of the framework that builds what has no template."""
    return next(word for word, kind in frameworks().items() if not kind.NEEDS_TEMPLATE)


@cache
def stages() -> Mapping[str, StageKind]:
    """The stage kinds by their words."""
    return modules("stages")


@cache
def notifications() -> Mapping[str, NotificationKind]:
    """The kinds of notification by their words."""
    return modules("notifications")


@cache
def test_kinds() -> Mapping[str, TestKind]:
    """The kinds of tests by their words."""
    return modules("test_kinds")


test_kinds.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for a test
