"""Where rehearsals lie and are noted: in the user's cache folder, at which every command looks."""

from __future__ import annotations

import os
import pwd
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

NOTES = "runs"
"""The folder of the notes."""


def cache_folder(variables: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Penstock's folder in the cache of the user whose variables these are.

    Without HOME it is in the home that the system knows, never in a folder that others could have filled before; a
    relative path counts as none, as https://specifications.freedesktop.org/basedir-spec/latest/ asks.
    """
    home, caches = (Path(variables.get(name, "")) for name in ("HOME", "XDG_CACHE_HOME"))
    if not home.is_absolute():
        home = Path(pwd.getpwuid(os.getuid()).pw_dir)
    if caches.is_absolute():
        return caches / "penstock"
    if platform == "darwin":
        return home / "Library" / "Caches" / "penstock"
    return home / ".cache" / "penstock"


def folder_of_rehearsals(variables: Mapping[str, str], cache: Path) -> Path:
    """Where rehearsals have their folders: not in /tmp by itself, since every rehearsed program may write there."""
    chosen = variables.get("TMPDIR")
    return Path(chosen).absolute() if chosen else cache / "rehearsals"


def notes(cache: Path) -> list[Path]:
    """The notes of rehearsals that are running or were killed."""
    with suppress(OSError):
        return sorted(note for note in (cache / NOTES).iterdir() if not note.name.startswith("."))
    return []
