"""A part of a log: where its lines come from, and the lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one source, the oldest first."""

    title: str
    lines: tuple[str, ...]
