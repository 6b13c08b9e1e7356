"""git for the driver: the user's repository is only read, ours is blind to the user's configuration."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from generator.errors import RefusedError

# Without the rest: a hook's GIT_DIR would point at the wrong repository, and credentials are no affair of git's here.
_PASSED = ("PATH", "HOME", "XDG_CONFIG_HOME", "TMPDIR", "SYSTEMROOT")
# The user's own ignore file counts when the user's repository is read; looking at it must not refresh its index.
_READING = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_OWN = {
    **_READING,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Penstock",
    "GIT_AUTHOR_EMAIL": "rehearsal@localhost",
    "GIT_COMMITTER_NAME": "Penstock",
    "GIT_COMMITTER_EMAIL": "rehearsal@localhost",
}


class GitRefusedError(RefusedError):
    """Git did not do what it was asked; the text is its own."""


@dataclass(frozen=True, slots=True)
class Git:
    """git pointed at one repository by `options`; `variables` are its whole environment."""

    options: tuple[str, ...]
    variables: Mapping[str, str]

    @classmethod
    def reading(cls, folder: Path, environ: Mapping[str, str]) -> Self:
        """Git in a folder of the user's; `environ` is the user's environment."""
        return cls(("-C", str(folder)), _passed(environ) | _READING)

    @classmethod
    def make(cls, directory: Path, environ: Mapping[str, str]) -> Self:
        """Git for a new bare repository of ours in this directory."""
        ours = cls((f"--git-dir={directory}",), _passed(environ) | _OWN)
        ours("init", "--bare", "--quiet", "--template=")
        return ours

    def __call__(self, *arguments: str, told: str = "") -> str:
        """Run a command that is told `told` on stdin; its output without the final line break.

        Names of files that are not UTF-8 come and go as Python writes them. Raises GitRefusedError when git ends with
        an error, and RefusedError when there is no git.
        """
        command = ["git", "-c", "safe.directory=*", *self.options, *arguments]
        try:
            done = subprocess.run(
                command, env=self.variables, input=os.fsencode(told), capture_output=True, check=False
            )
        except FileNotFoundError:
            raise RefusedError("git is not installed: a rehearsal takes its commit from git") from None
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip() or f"it ended with {done.returncode}"
            raise GitRefusedError(f"git: {said}")
        return os.fsdecode(done.stdout).rstrip("\n")


def _passed(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in _PASSED if name in environ}
