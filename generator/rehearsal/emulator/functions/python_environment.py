"""The packages a Python function finds beside its own: boto3 and awslambdaric, copied once into the user's cache."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from generator.rehearsal.emulator.functions.once import made_once

PACKAGES = ("boto3", "awslambdaric")
"""Lambda's Python runtimes carry these two and what they need (and nothing of ours)."""

_STAND_IN = Path(__file__).with_name("bootstrap") / "runtime_client.py"


def python_environment(cache: Path) -> Path:
    """The folder for this interpreter and these versions, made when it is not there yet."""
    distributions = closure(PACKAGES)
    versions = sorted(f"{dist.metadata['Name']}=={dist.version}" for dist in distributions)
    digest = hashlib.sha256("\n".join(versions).encode() + _STAND_IN.read_bytes()).hexdigest()[:12]
    name = f"lambda-{sys.implementation.name}-{'.'.join(map(str, sys.version_info[:3]))}-{digest}"
    return made_once(cache / name, lambda folder: _fill(folder, distributions))


def interpreter() -> str:
    """The interpreter without the virtual environment around it."""
    return getattr(sys, "_base_executable", "") or sys.executable


def closure(names: tuple[str, ...]) -> list[metadata.Distribution]:
    """The installed distributions of these names and of all they need."""
    found: dict[str, metadata.Distribution] = {}
    wanted = list(names)
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        # What is not installed is not needed here: another Python's backport.
        if name not in found and (distribution := _installed(name)):
            found[name] = distribution
            wanted += [needed for line in distribution.requires or [] if (needed := _needed(line))]
    return [found[name] for name in sorted(found)]


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


def _fill(folder: Path, distributions: list[metadata.Distribution]) -> None:
    for distribution in distributions:
        _copy(distribution, folder)
    if not has_compiled_client(folder):
        shutil.copy(_STAND_IN, folder)


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


def has_compiled_client(folder: Path) -> bool:
    """Whether awslambdaric's compiled part is there and loads on this machine."""
    program = f"import sys; sys.path.insert(0, {str(folder)!r}); import runtime_client"
    tried = subprocess.run([interpreter(), "-S", "-I", "-c", program], capture_output=True, check=False)
    return tried.returncode == 0
