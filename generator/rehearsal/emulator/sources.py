"""The git repositories of this machine that pipelines read, and what a push to one of them sets off."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from generator.rehearsal.codepipeline.triggers import Push
from generator.rehearsal.emulator.codecommit.bare_repository import Bare
from generator.rehearsal.emulator.codecommit.folders import repository_folder
from generator.rehearsal.emulator.codecommit.pushes import ZERO
from generator.rehearsal.emulator.codecommit.service import CodeCommit
from generator.rehearsal.service import Caller, Surroundings
from generator.repository.git import GitError

CONNECTED = "connected"
_FULL_ID = re.compile(r"[\w.-]+(?:/[\w.-]+)+")


@dataclass(frozen=True, slots=True)
class Revision:
    """What is pushed: a revision of a git directory, to become the head of `branch`."""

    source: Path
    revision: str
    branch: str


class PushError(ValueError):
    """A push that cannot be taken: no such repository, no such revision."""


@runtime_checkable
class HearsPushes(Protocol):
    """A CodePipeline that starts pipelines by itself when a source changes."""

    def source_changed(self, push: Push) -> list[str]:
        """Start what this push starts; execution ids."""


class Sources:
    """Repositories in the folder of the mounted CodeCommit, and beside them those behind connections."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._root = surroundings.folder
        self._variables = surroundings.variables
        self._caller = Caller(surroundings.account, surroundings.region)

    def codecommit(self, name: str) -> Path | None:
        """The git directory of a CodeCommit repository; None when there is none."""
        return _there(repository_folder(self._root, name))

    def connected(self, full_id: str) -> Path | None:
        """The git directory that stands for "owner/name" behind a connection; None when there is none."""
        return _there(self._behind(full_id))

    def _behind(self, full_id: str) -> Path:
        if not _FULL_ID.fullmatch(full_id) or ".." in full_id:
            raise PushError(f"{full_id!r} is not a repository id of the form owner/name")
        return self._root / CONNECTED / f"{full_id}.git"

    def push_codecommit(self, service: CodeCommit, name: str, revision: Revision) -> Push:
        """Take a revision as the head of a branch, and tell the event bus. Raises PushError."""
        folder = self.codecommit(name)
        if folder is None:
            raise PushError(f"there is no CodeCommit repository {name}")
        bare = Bare(folder, self._variables)
        before = bare.branches().get(revision.branch, ZERO)
        push = self._taken(bare, revision, Push(name, "", "CodeCommit", revision.branch))
        if push.commit != before:
            service.pushed(name, revision.branch, before, self._caller)
        return push

    def push_connected(self, full_id: str, revision: Revision) -> Push:
        """Take a revision for the repository behind a connection, which is made when it is new. Raises PushError."""
        bare = Bare(self._behind(full_id), self._variables)
        if not bare.folder.exists():
            bare.make()
        return self._taken(bare, revision, Push(full_id, "", branch=revision.branch))

    @staticmethod
    def _taken(bare: Bare, revision: Revision, push: Push) -> Push:
        before = bare.branches().get(revision.branch)
        try:
            commit = bare.fetch(revision.source, revision.revision, revision.branch)
            paths = bare.changed(before, commit)
        except GitError as refused:
            raise PushError(refused.reason) from refused
        return replace(push, commit=commit, paths=paths)


def _there(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None
