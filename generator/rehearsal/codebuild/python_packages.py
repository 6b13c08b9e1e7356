"""Packages of Penstock's own Python, copied once into the cache for an interpreter that is to have them, too."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from generator.rehearsal.codebuild.cache import make_once
from generator.rehearsal.codebuild.interpreters import Interpreter


def copied_packages(
    cache: Path,
    purpose: str,
    names: tuple[str, ...],
    interpreter: Interpreter,
    complete: Callable[[Path, Interpreter], None] = lambda _folder, _interpreter: None,
) -> Path:
    """A folder with these packages and all they need, compiled for an interpreter; made when it is not there yet.

    `complete` adds to a new folder what else belongs there.
    """
    distributions = closure(names)
    versions = "\n".join(sorted(f"{each.metadata['Name']}=={each.version}" for each in distributions))
    digest = hashlib.sha256(versions.encode()).hexdigest()[:12]

    def fill(folder: Path) -> None:
        for distribution in distributions:
            _copy(distribution, folder)
        complete(folder, interpreter)
        compile_all(folder, interpreter)

    return make_once(cache / f"{purpose}-python-{interpreter.version}-{digest}", fill)


def compile_all(folder: Path, interpreter: Interpreter) -> None:
    """Compile what is in a folder of the cache, which programs may not write to: each would compile it again."""
    compiling = [interpreter.program, "-Im", "compileall", "-q", str(folder)]
    subprocess.run(compiling, capture_output=True, check=False)


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
