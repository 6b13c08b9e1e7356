"""Runs all checks in order; one that AWS refuses is reported, and never counts as good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.aws.doctor import (
    caller_permissions,
    name_conflicts,
    quotas,
    region,
    source,
    stuck_stack,
    subscriptions,
    trigger,
)
from generator.aws.doctor.check import Finding, Look
from generator.aws.doctor.identity import findings, identity
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door, refusals
from generator.errors import AwsRefusedError

LOOKS: Sequence[tuple[str, Look]] = (
    ("region", region.look),
    ("rights to launch", caller_permissions.look),
    ("quota of pipelines", quotas.pipelines),
    ("quota of builds", quotas.builds),
    ("names", name_conflicts.look),
    ("source", source.look),
    ("stack", stuck_stack.look),
    ("trigger", trigger.look),
    ("transitions", trigger.transitions),
    ("e-mail subscriptions", subscriptions.look),
)
"""What is looked at, and by what."""


def examine(
    door: Door, requirements: Requirements, launched: Launched, looks: Sequence[tuple[str, Look]] = LOOKS
) -> Iterator[Finding]:
    """Every finding, in the order of the looks. Raises botocore's errors when not even the identity is known."""
    yield from findings(door, identity(door))
    for subject, look in looks:
        yield from _guarded(door, subject, look(door, requirements, launched))


def _guarded(door: Door, subject: str, results: Iterator[Finding]) -> Iterator[Finding]:
    try:
        with refusals(region=door.region):
            yield from results
    except AwsRefusedError as refused:
        reason, _, advice = str(refused).partition("\n  hint: ")
        yield Finding(subject, "unseen", f"could not be looked at: {reason}", advice)
