"""Finds the Python of this machine that is nearest to the one a build asks for."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal import waits

_NEWEST_MINOR = 20
_OLDEST_MINOR = 9
_WHO = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.base_prefix)"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that answered: its program and its whole version ("3.13.1")."""

    program: str
    version: str

    @property
    def minor(self) -> str:
        """Its version without the last part: "3.13"."""
        return self.version.rpartition(".")[0]


def nearest_python(asked: str, variables: Mapping[str, str], oldest: int = _OLDEST_MINOR) -> Interpreter | None:
    """The interpreter that stands in for Python `asked` ("3.13", "3.x", "latest", "" for any).

    Found on PATH and in the folders of pyenv and uv; a name on PATH counts only if it answers. Without the
    asked minor version it is the one whose minor version is nearest, the newer of two; whoever does not
    care gets `python3`. None of them is older than Python 3.`oldest`.
    """
    asked_minor = _minor(asked)
    if asked_minor is not None:
        near = sorted(range(oldest, _NEWEST_MINOR), key=lambda minor: (abs(minor - asked_minor), -minor))
        for minor in near:
            interpreter = _first(_named(minor, variables), variables, f"3.{minor}")
            if interpreter:
                return interpreter
    interpreter = _first([shutil.which("python3", path=variables.get("PATH"))], variables, "3")
    return interpreter if interpreter and (_minor(interpreter.version) or 0) >= oldest else None


def _minor(asked: str) -> int | None:
    match = re.match(r"3\.(\d+)", asked)
    return int(match[1]) if match else None


def _named(minor: int, variables: Mapping[str, str]) -> Iterator[str | None]:
    """Where a Python 3.`minor` could be."""
    name = f"python3.{minor}"
    yield shutil.which(name, path=variables.get("PATH"))
    home = Path(variables.get("HOME") or "/")
    pyenv = Path(variables.get("PYENV_ROOT") or home / ".pyenv") / "versions"
    uv = Path(variables.get("XDG_DATA_HOME") or home / ".local/share") / "uv" / "python"
    for folder in (*pyenv.glob(f"3.{minor}.*"), *uv.glob(f"cpython-3.{minor}.*")):
        yield str(folder / "bin" / name)


def _first(programs: Iterable[str | None], variables: Mapping[str, str], version: str) -> Interpreter | None:
    answers = (_ask(program, variables) for program in programs if program)
    return next(
        (interpreter for interpreter in answers if interpreter and f"{interpreter.version}.".startswith(f"{version}.")),
        None,
    )


def _ask(program: str, variables: Mapping[str, str]) -> Interpreter | None:
    """Who answers under this name; None for a shim with nothing behind it."""
    deciding = {name: value for name, value in variables.items() if name == "PATH" or name.startswith("PYENV_")}
    return _answer(program, frozenset(deciding.items()))


@functools.lru_cache(maxsize=64)  # shims take their time, and give every build of a rehearsal the same answer
def _answer(program: str, variables: frozenset[tuple[str, str]]) -> Interpreter | None:
    try:
        answer = subprocess.run(
            [program, "-Ic", _WHO],
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=waits.INTERPRETER.seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if answer.returncode != 0:
        return None
    version, prefix = answer.stdout.split("\n")[:2]
    # The program of a virtual environment or a shim stands for the installation behind it.
    real = Path(prefix) / "bin" / f"python{version.rpartition('.')[0]}"
    return Interpreter(str(real) if real.exists() else program, version)
