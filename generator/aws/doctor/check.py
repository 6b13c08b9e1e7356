"""A check of the doctor, and a finding of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door

Verdict = Literal["good", "wrong", "unseen", "later"]
"""`unseen` could not be looked at, which says nothing good; `later` is there only once something else happened."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, what was found, and what to do (empty: nothing)."""

    subject: str
    verdict: Verdict
    message: str
    advice: str = ""


class Look(Protocol):
    """Looks at one subject of a pipeline on AWS. Raises botocore's errors: then it could not be looked at."""

    def __call__(self, door: Door, requirements: Requirements, launched: Launched, /) -> Iterator[Finding]:
        """What was found, as soon as it was."""
