"""What a pipeline file is called, and files of its name that are something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.document import TEMPLATE, attempt
from generator.errors import InvalidInputError, Place, Problem

USUAL = "pipeline.yaml"
# Where the usual name is taken: many repositories keep a CloudFormation template of that name.
OTHER = "penstock.yaml"


def default(folder: Path) -> Path:
    """The pipeline file of a folder: the usual name, unless it is missing or another tool's and the other there."""
    usual, other = folder / USUAL, folder / OTHER
    return other if other.is_file() and (not usual.exists() or other_kind(usual)) else usual


def free(folder: Path) -> Path:
    """What a new pipeline file of a folder is called: the usual name, unless a file of another kind has it."""
    return folder / (OTHER if other_kind(folder / USUAL) else USUAL)


def remarks(path: Path) -> Iterator[Problem]:
    """Why a new pipeline file has not the usual name."""
    if kind := other_kind(path.parent / USUAL):
        yield Problem(f"{USUAL} is {kind}: the pipeline file is {path.name}", level="info")


def mistaken(path: Path, name: str) -> Problem | None:
    """The problem with a file, called `name` in messages, that is certainly no pipeline file; else None."""
    kind = other_kind(path)
    if not kind:
        return None
    written = Path(name).parent
    present = [each for each in (USUAL, OTHER) if (path.parent / each).is_file() and not other_kind(path.parent / each)]
    if present:
        hint = f"name the pipeline file: penstock check {written / present[0]}"
    else:
        new, where = written / free(path.parent).name, "" if written == Path() else f" {written}"
        writes = f"penstock init{where} writes a pipeline file, {new}, and leaves this one alone"
        hint = f"{writes}; then: penstock check {new}"
    return Problem(f"this is {kind}, not a pipeline file", Place(name, 1, 1), hint)


def other_kind(path: Path) -> str:
    """What a file is in words, where it is certainly no pipeline file; else empty."""
    try:
        data = attempt(path, path.name, TEMPLATE).document.data if path.is_file() else None
    except InvalidInputError:
        return ""
    if not isinstance(data, Mapping):
        return ""
    if "AWSTemplateFormatVersion" in data or _has_types(data.get("Resources")):
        return "a CloudFormation template"
    return "a Kubernetes manifest" if {"apiVersion", "kind"} <= data.keys() else ""


def _has_types(resources: Any) -> bool:
    entries: Iterable[Any] = resources.values() if isinstance(resources, Mapping) else ()
    return any(isinstance(entry, Mapping) and "::" in str(entry.get("Type")) for entry in entries)
