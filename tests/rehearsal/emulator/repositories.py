"""git as tests use it: a working folder, commits, blind to the user's configuration."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
for _who in ("AUTHOR", "COMMITTER"):
    GIT |= {f"GIT_{_who}_NAME": "Ada", f"GIT_{_who}_EMAIL": "ada@example.com", f"GIT_{_who}_DATE": "1700000000 +0100"}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **GIT}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, message: str, **files: str) -> str:
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")
