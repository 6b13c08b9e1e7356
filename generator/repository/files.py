"""The user's repository as files: what is there, never what it means."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

# Folders that hold other people's code or a tool's output; looking for the user's files there misleads.
_FOREIGN = frozenset({
    ".git", ".aws-sam", ".serverless", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", "dist", "build",
    "site-packages", ".mypy_cache", ".pytest_cache", ".ruff_cache", "cdk.out", ".terraform", ".next", ".yarn",
})  # fmt: skip
_DEPTH = 6
# More than the largest monorepo's own files near its root; a folder of data beside them must not cost minutes.
MOST_ENTRIES = 50_000
_SUBMODULE = re.compile(r"^\s*path\s*=\s*(.+?)\s*$", re.MULTILINE)


class Repository(NamedTuple):
    """A folder that is (or will be) the root of a source repository; at most `most` entries of it are looked at."""

    root: Path
    most: int = MOST_ENTRIES

    def has(self, path: str) -> bool:
        """Whether a file of that path exists, spelt exactly so (some file systems ignore case, CodeBuild does not)."""
        target = self.root / path
        try:
            return (
                target.is_file()
                and self.holds(path)
                and target.name in {entry.name for entry in target.parent.iterdir()}
            )
        except OSError:
            return False

    def holds(self, path: str) -> bool:
        """Whether a path stays inside, wherever links lead: what is outside may be anybody's, or the user's keys."""
        try:
            return (self.root / path).resolve().is_relative_to(self.root.resolve())
        except (OSError, RuntimeError, ValueError):
            return False

    def first(self, *paths: str) -> str | None:
        """The first of these files that exists."""
        return next((path for path in paths if self.has(path)), None)

    def has_folder(self, path: str) -> bool:
        """Whether a folder of that path exists inside the repository."""
        try:
            return (self.root / path).is_dir()
        except OSError:
            # A name that is too long for this file system.
            return False

    def names(self, folder: str) -> tuple[str, ...]:
        """The names of the files right in a folder, sorted."""
        return tuple(entry.name for entry in _entries(str(self.root / folder)) if _is_file(entry))

    def files(self, *patterns: str, under: str = ".") -> tuple[str, ...]:
        """Files below a folder whose name matches a glob, as sorted paths from the root, foreign code left out."""
        entries = (entry for entry in self._walk(self.root / under) if _is_file(entry))
        named = (entry.path for entry in entries if any(fnmatchcase(entry.name, pattern) for pattern in patterns))
        return tuple(sorted(Path(path).relative_to(self.root).as_posix() for path in named))

    def is_vast(self) -> bool:
        """Whether it has more entries than are looked at."""
        return sum(1 for _ in self._walk(self.root)) >= self.most

    def text(self, path: str) -> str:
        """A small file's text; what is not UTF-8 is replaced, since it is only looked at. Empty for one outside."""
        return "" if not self.holds(path) else (self.root / path).read_text(encoding="utf-8", errors="replace")

    def head(self, path: str, length: int) -> str:
        """The first characters of a file of any size; none of one outside."""
        if not self.holds(path):
            return ""
        with (self.root / path).open(encoding="utf-8", errors="replace") as file:
            return file.read(length)

    def size(self, path: str) -> int:
        """Bytes of a folder's files, or of what a zip archive unpacks to; 0 for what is not there or no archive.

        What tools have put out (`_FOREIGN`) is left out, and so is all beyond `most` entries.
        """
        target = self.root / path
        if not target.is_dir():
            return _unpacked(target)
        return sum(_bytes(entry) for entry in self._walk(target))

    def submodules(self) -> tuple[str, ...]:
        """The folders that are repositories of their own: git commits where they lie, never what is in them."""
        try:
            declared = self.text(".gitmodules") if self.has(".gitmodules") else ""
        except OSError:
            return ()
        return tuple(sorted(_SUBMODULE.findall(declared)))

    def _walk(self, folder: Path) -> Iterator[os.DirEntry[str]]:
        """What is in a folder and below, the nearest first; no link to a folder is followed."""
        level, seen = [str(folder)], 0
        for _ in range(_DEPTH + 1):
            below: list[str] = []
            for entry in (entry for path in level for entry in _entries(path)):
                yield entry
                seen += 1
                if seen >= self.most:
                    return
                if entry.is_dir(follow_symlinks=False) and entry.name not in _FOREIGN and not _is_repository(entry):
                    below.append(entry.path)
            level = below


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:
        return False  # A link that leads back to itself.


def _bytes(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_size if entry.is_file() else 0
    except OSError:
        return 0


def _unpacked(archive: Path) -> int:
    import zipfile  # noqa: PLC0415 -- few repositories have archives, and it is slow to import

    try:
        with zipfile.ZipFile(archive) as opened:
            return sum(entry.file_size for entry in opened.infolist())
    except (OSError, zipfile.BadZipFile):
        return 0


def _is_repository(folder: os.DirEntry[str]) -> bool:
    # A submodule has a file of that name, a repository that merely lies here a folder.
    return os.path.lexists(os.path.join(folder.path, ".git"))  # noqa: PTH118 -- a Path for each folder is slow
