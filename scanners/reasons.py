"""The reasons for findings that stand, read from `accepted.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from scanners.findings import Finding

FILE = Path(__file__).with_name("accepted.yaml")


class Accepted(NamedTuple):
    """Checks that a resource of the template fails on purpose, and why.

    `where` are patterns of logical ids; `PipelineRole/ValidateTemplates` is one statement of a role or policy, by its
    Sid.
    """

    where: tuple[str, ...]
    checks: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding) -> bool:
        """Whether this reason is about this finding."""
        return finding.rule in self.checks and any(fnmatchcase(finding.where, pattern) for pattern in self.where)


def accepted() -> tuple[Accepted, ...]:
    """Every reason, in the file's order. Raises ValueError for an entry with a missing, unknown or empty key."""
    return tuple(map(_entry, yaml.safe_load(FILE.read_text(encoding="utf-8"))))


def _entry(entry: dict[str, Any]) -> Accepted:
    if set(entry) != set(Accepted._fields) or not all(entry.values()):
        raise ValueError(f"{FILE.name}: {entry} needs where, checks and reason, and nothing else")
    return Accepted(tuple(entry["where"]), tuple(entry["checks"]), entry["reason"])


def unexplained(findings: Collection[Finding], reasons: Collection[Accepted]) -> tuple[Finding, ...]:
    """Findings without a reason."""
    return tuple(finding for finding in sorted(findings) if not any(reason.covers(finding) for reason in reasons))


def outlived(findings: Collection[Finding], reasons: Iterable[Accepted]) -> tuple[tuple[str, Accepted], ...]:
    """Checks with a reason that nothing fails any more."""
    return tuple(
        (check, reason)
        for reason in reasons
        for check in reason.checks
        if not any(finding.rule == check and reason.covers(finding) for finding in findings)
    )
