"""What a scanner says, in one form for all of them."""

from __future__ import annotations

from dataclasses import dataclass

WHOLE = "(template)"
"""Where a finding stands that is about what the template has not."""


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """A rule that is broken somewhere: a logical id, for a policy's statement with its Sid behind a stroke."""

    tool: str
    rule: str
    where: str
    says: str = ""
