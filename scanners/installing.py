"""Scanners at fixed versions, in a folder of their own, from the registries of Python and Node.js packages."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


class ScannerError(Exception):
    """A scanner could not be installed or did not answer: its name and what it said."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A scanner's packages: the first one's version is the scanner's."""

    name: str
    registry: Literal["python", "node"]
    packages: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version that is run."""
        return self.packages[0].rpartition("@" if self.registry == "node" else "==")[2]


def installed(tool: Tool, cache: Path) -> Path:
    """The folder in which it lies, after it was installed there if it was not."""
    folder = cache / f"{tool.name}-{tool.version}"
    done = folder / "installed"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _python(tool, folder) if tool.registry == "python" else _node(tool, folder)
        done.touch()
    return folder


def answer(tool: Tool, *command: str | Path, accepted: tuple[int, ...] = (0,)) -> str:
    """What a command wrote to stdout. Raises ScannerError when it ends otherwise than accepted."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode not in accepted:
        raise ScannerError(f"{tool.name} ended with {ended.returncode}: {ended.stderr[-2000:] or ended.stdout[-2000:]}")
    return ended.stdout


def _python(tool: Tool, folder: Path) -> None:
    answer(tool, sys.executable, "-m", "venv", "--clear", folder / "venv")
    answer(tool, folder / "venv/bin/python", "-m", "pip", "install", "-q", *tool.packages)


def _node(tool: Tool, folder: Path) -> None:
    answer(tool, "npm", "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", *tool.packages)
