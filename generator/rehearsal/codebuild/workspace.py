"""The folders of one attempt at a build, made fresh and removed whatever the build did to them."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workspace:
    """Below one root: the sources, HOME, TMPDIR, the shell's state."""

    root: Path

    @property
    def source(self) -> Path:
        """CODEBUILD_SRC_DIR."""
        return self.root / "src"

    @property
    def home(self) -> Path:
        """HOME."""
        return self.root / "home"

    @property
    def temporary(self) -> Path:
        """TMPDIR."""
        return self.root / "tmp"

    @property
    def state(self) -> Path:
        """Where the shell keeps its variables from command to command."""
        return self.root / "state"

    @property
    def python(self) -> Path:
        """The virtual environment; it is made by whoever fills it."""
        return self.root / "python"

    @property
    def tools(self) -> Path:
        """The stand-ins of tools, beside what the build may write to; it is made by whoever fills it."""
        return self.root.with_name(f"{self.root.name}-tools")

    def secondary(self, name: str) -> Path:
        """CODEBUILD_SRC_DIR_name."""
        return self.root / "sources" / name

    def make(self) -> None:
        """Make the folders; others must not be able to look inside, for the shell's state has secrets."""
        self.root.mkdir(parents=True, mode=0o700)
        for folder in (self.source, self.home, self.temporary, self.state):
            folder.mkdir()

    def remove(self) -> None:
        """Remove everything, folders that were made read-only too."""
        shutil.rmtree(self.root, ignore_errors=True)
        if self.root.exists():
            self.root.chmod(stat.S_IRWXU)
            # From the top, for what is in a locked folder shows only when it is open.
            for place, folders, _ in os.walk(self.root):
                for folder in (Path(place, name) for name in folders):
                    if not folder.is_symlink():
                        folder.chmod(stat.S_IRWXU)
            shutil.rmtree(self.root, ignore_errors=True)
