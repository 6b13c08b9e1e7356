"""Caches of a test's own, in which what takes long to make lies already."""

from __future__ import annotations

import os
from pathlib import Path

from generator.repository.cache.folder import cache_folder

# Packages for the Python of builds and of functions, and pip.
_MADE_ONCE = ("codebuild-*", "lambda-*", "pip")


def own_cache(caches: Path) -> Path:
    """A new folder for XDG_CACHE_HOME: tools, answers and notes are its own, what all rehearsals need is the user's."""
    own = caches / "penstock"
    own.mkdir(parents=True)
    for pattern in _MADE_ONCE:
        for entry in cache_folder(os.environ).glob(pattern):
            (own / entry.name).symlink_to(entry)
    return caches
