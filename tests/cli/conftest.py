"""What the tests of `init` share: a repository of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.repositories import Folder, in_git


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a repository of files by path, with a remote when one is given."""

    def make(files: dict[str, str] | None = None, *, remote: str = "", name: str = "time-service") -> Path:
        root = tmp_path / name
        for path, text in (files or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        root.mkdir(exist_ok=True)
        in_git(root, "init", "--initial-branch=main")
        if remote:
            in_git(root, "remote", "add", "origin", remote)
        return root

    return make
