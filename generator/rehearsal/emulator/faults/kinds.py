"""Which faults there are: what AWS does that a pipeline has to stand, and the words that name it in a reason."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault: its word, what happens, and what of it a red pipeline's reason would say."""

    word: str
    meaning: str
    named_by: tuple[str, ...]


DUPLICATE = Kind(
    "duplicate",
    "an event, a message or an asynchronous invocation is delivered twice, as at-least-once delivery may",
    ("Duplicate", "AlreadyExists", "already"),
)
LATE = Kind("late", "events arrive late, and an earlier one may arrive after a later one", ("Timeout", "timed out"))
THROTTLED = Kind(
    "throttled",
    "a call is throttled once, in the words of the service",
    ("Throttl", "TooManyRequests", "Rate exceeded", "Rate Exceeded", "SlowDown"),
)
SLOW = Kind("slow", "a function begins late (a cold start) or its answer takes its time", ("Timeout", "timed out"))
KILLED = Kind(
    "killed",
    "a function that runs a job is killed just as it answers, and on AWS its silence would last 20 minutes",
    ("failed to return a result",),
)
KINDS = {kind.word: kind for kind in (DUPLICATE, LATE, THROTTLED, SLOW, KILLED)}
"""All that are injected inside the emulator, by word."""


@dataclass(frozen=True, slots=True)
class Faults:
    """What is to go wrong in one emulator: the words of kinds, and the seed that says when each strikes."""

    seed: int
    kinds: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The form in which the settings have it."""
        return asdict(self)
