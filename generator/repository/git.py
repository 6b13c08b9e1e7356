"""What git knows of a repository, and how a new one begins."""

from __future__ import annotations

import subprocess
from pathlib import Path

# Git only reads files here; one that waits for something (a password, a lock) must not make us wait.
_SECONDS = 20
BRANCH = "main"


class NoGitError(Exception):
    """Git did not do what it was asked; the text is its own words, or ours when there is no git."""


def top(folder: Path) -> Path | None:
    """The root of the repository a folder belongs to. Raises NoGitError when there is no git to ask."""
    found = _answer(folder, "rev-parse", "--show-toplevel")
    return Path(found) if found else None


def remote(folder: Path) -> str:
    """The address of `origin`, else of the first remote; empty when there is none."""
    names = _answer(folder, "remote").splitlines()
    name = "origin" if "origin" in names else next(iter(names), "")
    return _answer(folder, "remote", "get-url", name) if name else ""


def branch(folder: Path) -> str:
    """The branch that is delivered: the remote's own default, else main or master, else the one checked out.

    The last comes last, since a pipeline is often begun on a branch of its own. Empty when there is none.
    """
    default = _answer(folder, "symbolic-ref", "--short", "refs/remotes/origin/HEAD").removeprefix("origin/")
    if default:
        return default
    there = _answer(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/main", "refs/heads/master")
    return next(iter(there.splitlines()), "") or _answer(folder, "symbolic-ref", "--short", "HEAD")


def committed(folder: Path, path: str) -> str | None:
    """The text of a file in the last commit; None where there is none, or no commit, or no git to ask.

    `path` counts from the folder, which need not be the repository's root.
    """
    try:
        done = _run(folder, "show", f"HEAD:./{path}")
    except NoGitError:
        return None
    return done.stdout.removeprefix("\ufeff") if done.returncode == 0 else None


def start(folder: Path) -> None:
    """Make a folder a repository on the branch main, without a commit. Raises NoGitError when it did not become one."""
    done = _run(folder, "init", "--quiet", f"--initial-branch={BRANCH}")
    if done.returncode:
        raise NoGitError(done.stderr.strip())


def _answer(folder: Path, *arguments: str) -> str:
    """What git answers; empty when it has no answer (no repository, no remote, no branch)."""
    done = _run(folder, *arguments)
    return done.stdout.strip() if done.returncode == 0 else ""


def _run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(
            command,
            check=False,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
        )
    except FileNotFoundError:
        raise NoGitError("git is not installed") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoGitError(f"git did not answer: {error}") from None
