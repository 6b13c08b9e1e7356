"""Where CodeCommit's repositories lie on this machine."""

from __future__ import annotations

from pathlib import Path


def repository_folder(root: Path, name: str) -> Path:
    """Where the service whose folder is `root` keeps a repository's git directory."""
    return root / f"{name}.git"
