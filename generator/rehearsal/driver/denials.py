"""What IAM refused during a rehearsal, with the statement that would have allowed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Denial:
    """One refusal: `why` is AWS's sentence, naming principal, action, resource and the kind of policy.

    `behind` is the call on whose behalf it was asked, empty for a call of the principal's own. `nearly` are the
    statements that only a condition kept from allowing it, `unknown` what of the policies could not be judged.
    `remedy` is a statement that would allow it, as JSON; empty where a Deny refused. `in_pipeline_file` is what the
    pipeline file would say, where a role that deploys lacks the right.
    """

    principal: str
    action: str
    resource: str
    why: str
    behind: str = ""
    nearly: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    remedy: str = ""
    in_pipeline_file: str = ""


def denials(entries: Iterable[Mapping[str, Any]]) -> tuple[Denial, ...]:
    """The denials as the emulator's ledger tells them, in order."""
    return tuple(
        Denial(**{**entry, "nearly": tuple(entry["nearly"]), "unknown": tuple(entry["unknown"])}) for entry in entries
    )
