"""Carries out `runtime-versions`: puts this machine's programs in front and says which version stands in."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from generator.rehearsal import waits
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.interpreters import Interpreter, nearest_python
from generator.rehearsal.codebuild.python_home import make_python_home, packages_of_image

_VARIABLE = re.compile(r"\$\{?(\w+)\}?$")

_OF_NODE = ("node", "npm", "npx", "corepack")
# Runtime -> how its program says its version. Python has a way of its own.
_PROGRAMS = {
    "nodejs": ("node", "--version"),
    "java": ("java", "-version"),
    "golang": ("go", "version"),
    "ruby": ("ruby", "--version"),
    "php": ("php", "--version"),
    "dotnet": ("dotnet", "--version"),
}

Say = Callable[[str], None]


def provide_runtimes(
    asked: Mapping[str, str], variables: Mapping[str, str], home: Path, *, user: Path, cache: Path, say: Say
) -> list[Path]:
    """Make sure of the runtimes a build asks for; the folders of their programs, to be put in front on PATH.

    `asked` maps runtimes to versions (or to a variable that holds one). There is always a Python, a virtual
    environment that is made in `home`; `user` is the HOME of the build. Raises PhaseFailedError for a runtime that
    AWS does not have or this machine lacks.
    """
    folders = []
    for runtime, version in asked.items():
        if runtime != "python":
            _check(runtime, _resolved(version, variables), variables, say)
            folders += _behind_shims(runtime, variables, home.parent / runtime)
    python = nearest_python(python_version := _resolved(asked.get("python", ""), variables), variables)
    if python is None:
        raise PhaseFailedError("CLIENT_ERROR", "no Python answers on this machine", not_rehearsed=True)
    if python_version:
        say(_stands_in("python", python_version, python))
    also = (_of_user(user, python), packages_of_image(cache, python))
    return [make_python_home(home, python, cache, variables, *also), *folders]


def _behind_shims(runtime: str, variables: Mapping[str, str], folder: Path) -> list[Path]:
    """A folder with the programs of a runtime alone: a version manager's shim would look for it in the build's HOME.

    The folder they are in may hold much else, which is not to come before what the user's PATH has in front.
    """
    if runtime != "nodejs":
        return []
    program = Path(_first_line(["node", "-p", "process.execPath"], variables))
    if not program.is_absolute():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    for name in _OF_NODE:
        if (program.parent / name).exists() and not (folder / name).exists():
            (folder / name).symlink_to(program.parent / name)
    return [folder]


def _of_user(user: Path, python: Interpreter) -> Path:
    """Where `pip install --user` installs to for the user whose home this is."""
    return user / ".local/lib" / f"python{python.minor}" / "site-packages"


def _resolved(version: str, variables: Mapping[str, str]) -> str:
    reference = _VARIABLE.match(version)
    return variables.get(reference[1], "") if reference else version


def _stands_in(runtime: str, version: str, python: Interpreter) -> str:
    if version in {"latest", "3.x", python.minor, python.version}:
        return f"Selecting '{runtime}' runtime version '{version}': this machine's {python.version}"
    return f"'{runtime}' runtime version '{version}' is not on this machine: {python.version} stands in"


def _check(runtime: str, version: str, variables: Mapping[str, str], say: Say) -> None:
    if runtime not in _PROGRAMS:
        names = ", ".join(sorted({*_PROGRAMS, "python"}))
        raise PhaseFailedError("YAML_FILE_ERROR", f"Unknown runtime named '{runtime}'. Runtimes: {names}")
    program, argument = _PROGRAMS[runtime]
    installed = _first_line([program, argument], variables)
    if not installed:
        words = f"runtime {runtime} {version}: no '{program}' answers on this machine; install one"
        raise PhaseFailedError("CLIENT_ERROR", words, not_rehearsed=True)
    same = re.search(rf"(?<![\d.]){re.escape(version.removesuffix('.x'))}(?![\d])", installed) or version == "latest"
    if same:
        say(f"Selecting '{runtime}' runtime version '{version}': this machine's {installed}")
    else:
        say(f"'{runtime}' runtime version '{version}' is not on this machine: {installed} stands in")


def _first_line(argv: list[str], variables: Mapping[str, str]) -> str:
    """The first line a program says; nothing when it does not answer."""
    if shutil.which(argv[0], path=variables.get("PATH")) is None:
        return ""
    try:
        answer = subprocess.run(
            argv,
            env=dict(variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=waits.RUNTIME.seconds,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout.strip().partition("\n")[0] if answer.returncode == 0 else ""
