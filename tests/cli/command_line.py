"""The command as a person runs it: what it prints, and its exit code."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from click.testing import CliRunner

from generator.cli.main import run

SOURCES = Path(__file__).parent.parent.parent
APPLICATION = SOURCES / "tests" / "golden" / "application"
NOTHING_SET = {"PATH": "/usr/bin:/bin"}


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """The problems and warnings on stderr; a remark is none."""
        return [line for line in self.err.splitlines() if not line.startswith(" ") and ": info: " not in line]


def penstock(*arguments: str | Path, cwd: Path, environ: Mapping[str, str] = NOTHING_SET, stdin: str = "") -> Ran:
    """Run `penstock` in a folder, with nothing else in its environment; its stdin is no terminal.

    In this process: a new one would import everything again, for each command. Where the process itself is the
    subject, tests start `python -m generator.cli`.
    """
    variables = {**dict.fromkeys(os.environ), **environ}
    with contextlib.chdir(cwd), CliRunner().isolation(stdin, variables) as (out, err, _):
        code = run([str(argument) for argument in arguments])
    return Ran(code, out.getvalue().decode(), err.getvalue().decode())
