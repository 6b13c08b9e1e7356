"""The one judge: asks the directory, decides, and counts what rests on each statement."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from generator.rehearsal.iam.evaluation import decide
from generator.rehearsal.iam.inputs import Inputs
from generator.rehearsal.iam.needed_statements import Entry, StatementUse, Tally
from generator.rehearsal.iam.policies import Directory, PrincipalPolicies
from generator.rehearsal.iam.policy import Policy
from generator.rehearsal.iam.question import Answer, Question, Value

_UNCOUNTED = 2000
"""Questions that are kept as they are. Counting one asks it again, and most rehearsals never look at the counts."""


def _now() -> datetime:
    return datetime.now(UTC)


class Authority:
    """Judges by what `directory` knows at the moment of each question. May be asked by several threads."""

    def __init__(self, directory: Directory, now: Callable[[], datetime] = _now) -> None:
        self._directory = directory
        self._now = now
        self._uncounted: deque[Entry] = deque()
        self._tally = Tally()
        self._lock = threading.Lock()

    def ask(self, question: Question) -> Answer:
        """The answer, which is counted."""
        principal = self._directory.policies_of(question.principal)
        own = self._directory.resource_policy(question)
        inputs = Inputs(principal, own, self._context(question, principal))
        answer = decide(question, inputs)
        with self._lock:
            self._uncounted.append(Entry(question, answer, inputs))
            self._count(_UNCOUNTED)
        return answer

    def uses(self, held: Iterable[Policy]) -> tuple[StatementUse, ...]:
        """What rests on each statement of these policies, by everything asked so far."""
        with self._lock:
            self._count(0)
            return self._tally.uses(held)

    def _count(self, most: int) -> None:
        while len(self._uncounted) > most:
            self._tally.add(self._uncounted.popleft())

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
