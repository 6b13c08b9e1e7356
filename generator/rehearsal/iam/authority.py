"""The one judge: asks the directory, decides, and keeps every question with its answer in order."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from generator.rehearsal.iam.evaluation import decide
from generator.rehearsal.iam.inputs import Inputs
from generator.rehearsal.iam.policies import Directory, PrincipalPolicies
from generator.rehearsal.iam.question import Answer, Place, Question, Value


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Entry:
    """One question, its answer, and what the answer rests on."""

    question: Question
    answer: Answer
    inputs: Inputs


class Authority:
    """Judges by what `directory` knows at the moment of each question. May be asked by several threads."""

    def __init__(self, directory: Directory, now: Callable[[], datetime] = _now) -> None:
        self._directory = directory
        self._now = now
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def ask(self, question: Question) -> Answer:
        """The answer, which is kept."""
        principal = self._directory.policies_of(question.principal)
        own = self._directory.resource_policy(question)
        inputs = Inputs(principal, own, self._context(question, principal))
        answer = decide(question, inputs)
        with self._lock:
            self._entries.append(Entry(question, answer, inputs))
        return answer

    def entries(self) -> tuple[Entry, ...]:
        """Everything asked so far, in order."""
        with self._lock:
            return tuple(self._entries)

    def _context(self, question: Question, principal: PrincipalPolicies) -> Mapping[str, Value | None]:
        """The question's own keys win over what is known of its principal, its resource and the time.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        now = self._now()
        general = {
            "aws:CurrentTime": now.isoformat(),
            "aws:EpochTime": str(int(now.timestamp())),
            # What runs here over plain HTTP reaches AWS over TLS: every SDK's default endpoint is https.
            "aws:SecureTransport": "true",
        }
        general_keys: dict[str, Value | None] = {**general, **self._directory.keys(question), **principal.keys}
        # Every entry is kept with its keys, of which there are few: each name is in memory once.
        return {sys.intern(key.lower()): value for key, value in [*general_keys.items(), *question.context.items()]}


def replay(entries: Iterable[Entry], without: Place) -> tuple[Answer, ...]:
    """The answers there would have been with one statement left out, in the entries' order."""
    return tuple(decide(entry.question, entry.inputs.without(without)) for entry in entries)
