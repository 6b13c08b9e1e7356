"""What git says about a repository, and how a new one is started; the one place that runs git."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Self

from generator.errors import RefusedError

# Git only reads files here; a command that waits for something (a password, a lock) must not make us wait.
_SECONDS = 20
_TRUST = re.compile(r"git config .*safe\.directory|dubious ownership")
BRANCH = "main"
# What a repository is configured to run (https://git-scm.com/docs/git-config) may be anybody's choice: none of it runs.
# Without a transport no missing object is fetched either, by a command that the repository names.
_TRANSPORTS = ("ext", "file", "ftp", "git", "http", "https", "ssh")
_NO_TRANSPORT = {"protocol.allow": "never", **{f"protocol.{name}.allow": "never" for name in _TRANSPORTS}}
_RUN_NOTHING = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "log.showSignature": "false",
    **_NO_TRANSPORT,
}
# Without the rest: a hook's GIT_DIR would point at the wrong repository, and credentials are no affair of git's here.
_PASSED = ("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "SYSTEMROOT")
# The user's own ignore file counts when the user's repository is read; looking at it must not refresh its index.
_READING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_OURS = {
    **_READING,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Penstock",
    "GIT_AUTHOR_EMAIL": "rehearsal@localhost",
    "GIT_COMMITTER_NAME": "Penstock",
    "GIT_COMMITTER_EMAIL": "rehearsal@localhost",
}


class GitError(RefusedError):
    """Git refused a command; `reason` is its own message."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"git: {reason}")
        self.reason = reason


class NoGitError(RefusedError):
    """Git could not do what it was asked; the text is git's own message, or ours when git is missing or hangs."""


class ForeignRepositoryError(RefusedError):
    """The repository belongs to another user of the machine, and git does not trust it."""

    def __init__(self, reason: str) -> None:
        trust = next(
            filter(_TRUST.search, reversed(reason.splitlines())), "git config --global --add safe.directory PATH"
        )
        super().__init__(
            "the repository belongs to another user of this machine, and git reads it only when it is trusted\n"
            f"hint: {trust.strip()}"
        )


class Answer(NamedTuple):
    """How a git command ended, and what it wrote."""

    status: int
    output: bytes
    error: bytes

    @property
    def text(self) -> str:
        """The output without its last line breaks; bytes that are not UTF-8 as Python writes file names."""
        return os.fsdecode(self.output).rstrip("\n")

    @property
    def reason(self) -> str:
        """Why git refused: its own message, or its status."""
        return self.error.decode("utf-8", "replace").strip() or f"git ended with {self.status}"


@dataclass(frozen=True, slots=True)
class Git:
    """Git for one repository.

    `environ` is the whole environment of the command (None: the caller's own), `seconds` how long it may take (None:
    as long as it wants). Programs that the repository's configuration names are not run.
    """

    place: tuple[str, ...]
    environ: Mapping[str, str] | None = None
    seconds: float | None = None

    @classmethod
    def folder(cls, folder: Path, environ: Mapping[str, str] | None = None, seconds: float | None = None) -> Self:
        """Git in a working folder."""
        return cls(("-C", str(folder)), environ, seconds)

    @classmethod
    def bare(cls, directory: Path, environ: Mapping[str, str] | None = None, seconds: float | None = None) -> Self:
        """Git on a repository without a working folder."""
        return cls((f"--git-dir={directory}",), environ, seconds)

    def __call__(self, *arguments: str, stdin: bytes = b"") -> Answer:
        """Run a command, whatever its status.

        Raises NoGitError when git is not installed or does not answer, ForeignRepositoryError when git does not trust
        the repository.
        """
        settings = (word for name, value in _RUN_NOTHING.items() for word in ("-c", f"{name}={value}"))
        command = ["git", *settings, *self.place, *arguments]
        try:
            done = subprocess.run(
                command, check=False, capture_output=True, env=self.environ, input=stdin, timeout=self.seconds
            )
        except FileNotFoundError:
            raise NoGitError("git is not installed") from None
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NoGitError(f"git did not answer: {error}") from None
        answer = Answer(done.returncode, done.stdout, done.stderr)
        if answer.status and _TRUST.search(answer.reason):
            raise ForeignRepositoryError(answer.reason)
        return answer

    def text(self, *arguments: str, stdin: str = "") -> str:
        """What a command writes, without its last line breaks. Raises GitError when git refuses, and NoGitError."""
        answer = self(*arguments, stdin=os.fsencode(stdin))
        if answer.status:
            raise GitError(answer.reason)
        return answer.text


def users_repository(folder: Path, environ: Mapping[str, str]) -> Git:
    """Git that only reads a repository of the user's, under the user's own settings; `environ` is the user's.

    Raises NoGitError.
    """
    reading = Git.folder(folder, _passed(environ) | _READING)
    return replace(reading, environ=_passed(environ) | _READING | _without(_filters(reading)))


def _filters(repository: Git) -> list[str]:
    """The filter settings of the repository's own configuration: commands that `git status` would run."""
    listed = repository("config", "--list", "--show-scope", "--name-only", "-z").text.split("\0")
    return [name for scope, name in zip(listed[::2], listed[1::2], strict=False) if _is_filter(scope, name)]


def _is_filter(scope: str, name: str) -> bool:
    return scope in {"local", "worktree"} and name.startswith("filter.")


def _without(settings: list[str]) -> dict[str, str]:
    """Variables that empty these settings; a word on git's command line cannot name them all."""
    numbered = enumerate(dict.fromkeys(settings))
    pairs = [
        (f"GIT_CONFIG_{kind}_{number}", value)
        for number, name in numbered
        for kind, value in (("KEY", name), ("VALUE", "false" if name.endswith(".required") else ""))
    ]
    return dict(pairs) | ({"GIT_CONFIG_COUNT": str(len(pairs) // 2)} if pairs else {})


def our_repository(directory: Path, environ: Mapping[str, str]) -> Git:
    """Git on a bare repository of ours, blind to the user's settings; `environ` is the user's."""
    return Git.bare(directory, _passed(environ) | _OURS)


def _passed(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in _PASSED if name in environ}


def make(repository: Git) -> Git:
    """Make a bare repository, empty, on the branch main. Raises GitError."""
    repository.text("init", "--bare", "--quiet", "--template=", f"--initial-branch={BRANCH}")
    return repository


def top(folder: Path) -> Path | None:
    """The root of the repository a folder belongs to. Raises NoGitError when there is no git to ask."""
    root = _answer(folder, "rev-parse", "--show-toplevel")
    return Path(root) if root else None


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
    usual = _answer(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/main", "refs/heads/master")
    return next(iter(usual.splitlines()), "") or _answer(folder, "symbolic-ref", "--short", "HEAD")


def committed(folder: Path, path: str) -> str | None:
    """The text of a file in the last commit; None where there is none, or no commit, or no git to ask.

    `path` counts from the folder, which need not be the repository's root.
    """
    try:
        answer = _run(folder, "show", f"HEAD:./{path}")
    except NoGitError:
        return None
    return answer.output.decode("utf-8", "replace").removeprefix("\ufeff") if answer.status == 0 else None


def start(folder: Path) -> None:
    """Make a folder a repository on the branch main, without a commit. Raises NoGitError when it did not become one."""
    answer = _run(folder, "init", "--quiet", f"--initial-branch={BRANCH}")
    if answer.status:
        raise NoGitError(answer.reason)


def _answer(folder: Path, *arguments: str) -> str:
    """What git answers; empty when it has no answer (no repository, no remote, no branch)."""
    answer = _run(folder, *arguments)
    return answer.text.strip() if answer.status == 0 else ""


def _run(folder: Path, *arguments: str) -> Answer:
    return Git.folder(folder, seconds=_SECONDS)(*arguments)
