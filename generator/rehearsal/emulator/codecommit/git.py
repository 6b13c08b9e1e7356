"""git, run against one bare repository, blind to the user's own configuration."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_BLIND = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class GitError(Exception):
    """What git said when it refused."""


def git(repository: Path, *arguments: str, environ: Mapping[str, str]) -> str:
    """Run one git command; its output without the final line break. Raises GitError."""
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "-C", str(repository), *arguments],
        env={**_without_git(environ), **_BLIND},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise GitError(done.stderr.decode("utf-8", "replace").strip() or f"git ended with {done.returncode}")
    return done.stdout.decode("utf-8", "replace").rstrip("\n")


def _without_git(environ: Mapping[str, str]) -> dict[str, str]:
    """A hook's GIT_DIR and its like would point every command at the wrong repository."""
    return {name: value for name, value in environ.items() if not name.startswith("GIT_")}


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
        return git(self.folder, *arguments, environ=self.environ)

    def make(self) -> None:
        """Make it, empty."""
        self.folder.mkdir(parents=True)
        self.git("init", "--bare", "--quiet", "--template=", "--initial-branch=main")

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
        found, tree, parents, an, ae, ad, cn, ce, cd, message = shown.split("\0")
        return Commit(
            found, tree, tuple(parents.split()), Person(an, ae, ad), Person(cn, ce, cd), message.rstrip("\n") + "\n"
        )

    def fetch(self, source: Path, revision: str, branch: str) -> str:
        """Take a revision of another repository as the head of a branch; its commit id. Raises GitError."""
        try:
            wanted = git(source, "rev-parse", "--verify", f"{revision}^{{commit}}", environ=self.environ)
        except GitError as missing:
            raise GitError(f"{revision} names no commit in {source}: {missing}") from missing
        self.git(
            "fetch",
            "--quiet",
            "--no-tags",
            "--force",
            "--update-shallow",
            str(source.resolve()),
            f"{wanted}:refs/heads/{branch}",
        )
        return wanted

    def changed(self, before: str | None, after: str) -> tuple[str, ...]:
        """The files that differ between two commits; every file when there was none before."""
        span = [before, after] if before else ["--root", after]
        listed = self.git("diff-tree", "-r", "--no-commit-id", "--name-only", "-z", *span)
        return tuple(filter(None, listed.split("\0")))
