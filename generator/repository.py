"""The user's repository as files: what is there, never what it means."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

# Folders that hold other people's code or a tool's output; looking for the user's files there misleads.
_FOREIGN = frozenset({
    ".git", ".aws-sam", ".serverless", ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", "dist", "build",
    "site-packages", ".mypy_cache", ".pytest_cache", ".ruff_cache", "cdk.out",
})  # fmt: skip
_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Repository:
    """A folder that is (or will be) the root of a source repository."""

    root: Path

    def has(self, path: str) -> bool:
        """Whether a file of that path exists, spelt exactly so (some file systems ignore case, CodeBuild does not)."""
        target = self.root / path
        try:
            return target.is_file() and target.name in {entry.name for entry in target.parent.iterdir()}
        except OSError:
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

    def files(self, pattern: str, *, under: str = ".") -> tuple[str, ...]:
        """Files below a folder whose name matches a glob, as sorted paths from the root, foreign code left out."""
        found = (p.relative_to(self.root) for p in self._walk(self.root / under, _DEPTH) if p.match(pattern))
        return tuple(sorted(p.as_posix() for p in found))

    def text(self, path: str) -> str:
        """A small file's text; what is not UTF-8 is replaced, since it is only looked at."""
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def _walk(self, folder: Path, depth: int) -> list[Path]:
        try:
            entries = sorted(folder.iterdir())
        except OSError:
            return []
        found = [entry for entry in entries if entry.is_file()]
        for entry in entries:
            if depth and entry.is_dir() and not entry.is_symlink() and entry.name not in _FOREIGN:
                found += self._walk(entry, depth - 1)
        return found
