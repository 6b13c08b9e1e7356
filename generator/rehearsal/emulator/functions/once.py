"""Folders of the user's cache that are made once per machine, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """The folder, filled by `make` when it is not there yet.

    Two processes may make it at once: each fills a folder of its own, and the first to finish gives it the name.
    One that fails or is killed leaves nothing under that name.
    """
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        make(building)
        building.chmod(0o755)
        _name(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _name(building: Path, folder: Path) -> None:
    try:
        building.rename(folder)
    except OSError:
        if not folder.exists():
            raise
