"""Where rehearsals lie and are noted below the user's cache folder, at which every command looks."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NOTES = "runs"
"""The folder of the notes."""


def folder_of_rehearsals(variables: Mapping[str, str], cache: Path) -> Path:
    """Where rehearsals have their folders: not in /tmp by itself, since every rehearsed program may write there."""
    chosen = variables.get("TMPDIR")
    return Path(chosen).absolute() if chosen else cache / "rehearsals"


def notes(cache: Path) -> list[Path]:
    """The notes of rehearsals that are running or were killed."""
    with suppress(OSError):
        return sorted(note for note in (cache / NOTES).iterdir() if not note.name.startswith("."))
    return []
