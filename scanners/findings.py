"""What a scanner says, in one form for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from generator.model.accepted import Accepted

WHOLE = "(template)"
"""Where a finding stands that is about what the template has not."""


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """A rule that is broken somewhere: a logical id, for a policy's statement with its Sid behind a stroke."""

    tool: str
    rule: str
    where: str
    says: str = ""


def covers(accepted: Accepted, finding: Finding) -> bool:
    """Whether this reason is about this finding."""
    return finding.rule in accepted.rules and any(fnmatchcase(finding.where, one) for one in accepted.where)
