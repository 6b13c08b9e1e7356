"""Modules that are found by their file's name: the kinds of a room, the keys of the pipeline file."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).parent.parent


def modules(room: str, *, packages: bool = False) -> Mapping[str, Any]:
    """The modules of a room by their names, sorted, perhaps its packages too; those that begin with _ are its own.

    `room` is a dotted name inside the package, such as `sources` or `pipeline_file.keys`.
    """
    folder = _PACKAGE.joinpath(*room.split("."))
    names = {path.stem for path in folder.glob("*.py")}
    if packages:
        names |= {path.parent.name for path in folder.glob("*/__init__.py")}
    return {name: import_module(f"{_PACKAGE.name}.{room}.{name}") for name in sorted(names) if not name.startswith("_")}
