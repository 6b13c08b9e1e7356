"""A bare git repository as CodeCommit shows it: branches, commits, and what a push changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.repository.git import GitError, make, our_repository, users_repository


@dataclass(frozen=True, slots=True)
class Person:
    """Author or committer; `date` is git's raw form: seconds since the epoch and an offset."""

    name: str
    email: str
    date: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit as CodeCommit tells it."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str


_FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%ad%x00%cn%x00%ce%x00%cd%x00%B"


@dataclass(frozen=True, slots=True)
class Bare:
    """A bare repository in a folder."""

    folder: Path
    environ: Mapping[str, str]

    def git(self, *arguments: str) -> str:
        """Run a git command in it. Raises GitError."""
        return our_repository(self.folder, self.environ).text(*arguments)

    def make(self) -> None:
        """Make it, empty."""
        self.folder.mkdir(parents=True)
        make(our_repository(self.folder, self.environ))

    def branches(self) -> dict[str, str]:
        """Branch name -> commit id, by name."""
        listed = self.git("for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
        return dict(sorted(line.split(" ") for line in listed.splitlines()))

    def head(self) -> str:
        """The branch HEAD names, whether or not it has a commit yet."""
        return self.git("symbolic-ref", "--short", "HEAD")

    def set_head(self, branch: str) -> None:
        """Make a branch the default one."""
        self.git("symbolic-ref", "HEAD", f"refs/heads/{branch}")

    def commit(self, revision: str) -> Commit:
        """The commit of a full id. Raises GitError when there is none."""
        shown = self.git("show", "--no-patch", "--date=raw", f"--format={_FORMAT}", f"{revision}^{{commit}}", "--")
        shown = os.fsencode(shown).decode("utf-8", "replace")
        commit_id, tree, parents, an, ae, ad, cn, ce, cd, message = shown.split("\0")
        return Commit(
            commit_id, tree, tuple(parents.split()), Person(an, ae, ad), Person(cn, ce, cd), message.rstrip("\n") + "\n"
        )

    def fetch(self, source: Path, revision: str, branch: str) -> str:
        """Take a revision of another repository as the head of a branch; its commit id. Raises GitError."""
        try:
            commit = users_repository(source, self.environ).text("rev-parse", "--verify", f"{revision}^{{commit}}")
        except GitError as missing:
            raise GitError(f"{revision} names no commit in {source}: {missing.reason}") from missing
        self.git(
            "-c",
            "protocol.file.allow=always",
            "fetch",
            "--quiet",
            "--no-tags",
            "--force",
            "--update-shallow",
            str(source.resolve()),
            f"{commit}:refs/heads/{branch}",
        )
        return commit

    def changed(self, before: str | None, after: str) -> tuple[str, ...]:
        """The files that differ between two commits; every file when there was none before."""
        span = [before, after] if before else ["--root", after]
        listed = self.git("diff-tree", "-r", "--no-commit-id", "--name-only", "-z", *span)
        return tuple(filter(None, listed.split("\0")))
