"""The command as a person runs it: in a process of its own, with what it prints and its exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

SOURCES = Path(__file__).parent.parent.parent
APPLICATION = SOURCES / "tests" / "golden" / "application"


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """The problems and warnings on stderr; a remark is none."""
        return [line for line in self.err.splitlines() if not line.startswith(" ") and ": info: " not in line]


def penstock(*arguments: str | Path, cwd: Path) -> Ran:
    """Run `penstock` in a folder, with nothing in its environment but what finds the package."""
    done = subprocess.run(
        [sys.executable, "-m", "generator.cli", *map(str, arguments)],
        cwd=cwd,
        env={"PYTHONPATH": str(SOURCES), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return Ran(done.returncode, done.stdout, done.stderr)
