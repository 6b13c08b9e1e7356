"""Who asks AWS, and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.aws.doctor.check import Finding
from generator.aws.door import Door


@dataclass(frozen=True, slots=True)
class Identity:
    """The caller's ARN and account."""

    arn: str
    account: str


def identity(door: Door) -> Identity:
    """Who asks. Raises botocore's errors: nothing else can be looked at without an answer to this."""
    answer = door.client("sts").get_caller_identity()
    return Identity(answer["Arn"], answer["Account"])


def findings(door: Door, who: Identity) -> Iterator[Finding]:
    """That there are credentials and a region, and which."""
    yield Finding("credentials", "good", f"{who.arn} in {door.region}")
