"""What a test run used: Python, and the installed version of everything that Penstock asks for."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib import metadata

_NAME = re.compile(r"[\w.-]+")


def versions() -> Iterator[str]:
    """A line for each, as `name version`; what is not installed says so."""
    yield f"Python {platform.python_version()} on {platform.platform()}"
    names = {match[0] for line in metadata.requires("penstock") or () if (match := _NAME.match(line))}
    for name in sorted(names, key=str.lower):
        yield f"{name} {_version(name)}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "is not installed"
