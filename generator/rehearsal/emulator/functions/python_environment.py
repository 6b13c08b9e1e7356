"""What runs a Python function: an interpreter of this machine, and boto3 and awslambdaric copied once into a cache."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.interpreters import Interpreter, nearest_python

PACKAGES = ("boto3", "awslambdaric")
"""Lambda's Python runtimes carry these two and what they need (and nothing of ours)."""

_AT_LEAST = re.compile(r">=\s*3\.(\d+)")
_STAND_IN = Path(__file__).with_name("bootstrap") / "runtime_client.py"


def interpreter_for(runtime: str, variables: Mapping[str, str]) -> Interpreter:
    """The Python of this machine nearest to a Lambda runtime ("python3.13"); this one when none answers.

    One that is too old for the packages a runtime carries would start no function.
    """
    own = Interpreter(getattr(sys, "_base_executable", "") or sys.executable, platform.python_version())
    return nearest_python(runtime.removeprefix("python"), variables, _oldest()) or own


@functools.cache
def _oldest() -> int:
    """The oldest Python 3.x that takes the installed `PACKAGES` and what they need."""
    demands = (demand for each in closure(PACKAGES) for demand in each.metadata.get_all("Requires-Python") or ())
    return max(int(minor) for demand in demands for minor in _AT_LEAST.findall(demand))


def python_environment(cache: Path, interpreter: Interpreter) -> Path:
    """The folder for an interpreter and these versions, made when it is not there yet."""
    distributions = closure(PACKAGES)
    versions = sorted(f"{dist.metadata['Name']}=={dist.version}" for dist in distributions)
    digest = hashlib.sha256("\n".join(versions).encode() + _STAND_IN.read_bytes()).hexdigest()[:12]
    name = f"lambda-python-{interpreter.version}-{digest}"
    return make_once(cache / name, lambda folder: _fill(folder, distributions, interpreter))


def closure(names: tuple[str, ...]) -> list[metadata.Distribution]:
    """The installed distributions of these names and of all they need."""
    closed: dict[str, metadata.Distribution] = {}
    open_names = list(names)
    while open_names:
        name = re.sub(r"[-_.]+", "-", open_names.pop()).lower()
        # What is not installed is not needed here: another Python's backport.
        if name not in closed and (distribution := _installed(name)):
            closed[name] = distribution
            open_names += [needed for line in distribution.requires or [] if (needed := _needed(line))]
    return [closed[name] for name in sorted(closed)]


def _installed(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _needed(requirement: str) -> str:
    """The name in a requirement line; nothing for one that only an extra asks for."""
    name, _, marker = requirement.partition(";")
    match = re.match(r"[A-Za-z0-9._-]+", name.strip())
    return match.group() if match and "extra" not in marker else ""


def _fill(folder: Path, distributions: list[metadata.Distribution], interpreter: Interpreter) -> None:
    for distribution in distributions:
        _copy(distribution, folder)
    if not has_compiled_client(folder, interpreter):
        shutil.copy(_STAND_IN, folder)
    # Functions write nothing into their runtime: without this each of them would compile boto3 again.
    compiling = [interpreter.program, "-Im", "compileall", "-q", str(folder)]
    subprocess.run(compiling, capture_output=True, check=False)


def _copy(distribution: metadata.Distribution, folder: Path) -> None:
    """Copy the importable files: no scripts outside the packages, no compiled caches."""
    for file in distribution.files or []:
        source = Path(str(file.locate()))
        if ".." in file.parts or "__pycache__" in file.parts or not source.is_file():
            continue
        target = folder / Path(*file.parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        _link_or_copy(source, target)


def _link_or_copy(source: Path, target: Path) -> None:
    """A hard link costs nothing where both lie on one file system."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def has_compiled_client(folder: Path, interpreter: Interpreter) -> bool:
    """Whether awslambdaric's compiled part is there and loads in this interpreter."""
    program = f"import sys; sys.path.insert(0, {str(folder)!r}); import runtime_client"
    tried = subprocess.run([interpreter.program, "-S", "-I", "-c", program], capture_output=True, check=False)
    return tried.returncode == 0
