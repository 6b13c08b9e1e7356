"""Findings of security scanners that stand, declared beside what they are about: frozen values, with the reason."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """Rules of scanners that a resource of the template breaks on purpose, and why.

    `where` are patterns of logical ids; `PipelineRole/ValidateTemplates` is one statement of a role or policy, by its
    Sid. A module that makes such resources lists these in `ACCEPTED`; `python -m scanners` compares, and
    docs/security.md shows them.
    """

    where: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
