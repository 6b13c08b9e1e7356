"""The files that ship with Penstock and are not Python modules of its own: blueprints, buildspecs, Lambda functions."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

Folder = Literal["blueprints", "buildspecs", "test_runner_lambda"]

_PACKAGE = Path(__file__).parents[1]


def folder(name: Folder) -> Path:
    """Where a folder lies: inside the installed package, or beside it in a checkout (so also an editable install)."""
    installed = _PACKAGE / name
    return installed if installed.is_dir() else _PACKAGE.parent / name


def text(name: Folder, file: str) -> str:
    """The text of one of these files."""
    return (folder(name) / file).read_text(encoding="utf-8")
