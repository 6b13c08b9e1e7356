"""When a fault strikes: decided by a seed, the kind, its subject and how often that was seen, never by the time."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import Counter
from collections.abc import Callable

FIRST, LATER = 0.5, 0.1
"""The share of subjects that are struck the first time they are seen, and of all times after."""
MOST = 10
"""After so many times a subject is left alone: what is asked again and again depends on the machine's speed."""


_GENERATED = re.compile(r"-[0-9A-Za-z]{12,13}(?![0-9A-Za-z])")


def steady(subject: str) -> str:
    """A subject without what CloudFormation made up for a name, which is another one in every run."""
    return _GENERATED.sub(lambda match: "" if re.search(r"\d", match[0]) else match[0], subject)


class Chance:
    """Strikes the same subjects in every run with the same seed, in any order; `note` is called at each strike."""

    def __init__(self, seed: int, note: Callable[[str, str], None]) -> None:
        self._seed = seed
        self._note = note
        self._seen: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def strikes(self, kind: str, subject: str) -> bool:
        """Whether the subject is struck this time; every call is one time more."""
        lasting = steady(subject)
        with self._lock:
            self._seen[kind, lasting] += 1
            times = self._seen[kind, lasting]
        struck = times <= MOST and self.part(kind, lasting, str(times)) < (FIRST if times == 1 else LATER)
        if struck:
            self._note(kind, lasting)
        return struck

    def part(self, *of: str) -> float:
        """A number from 0 to 1 that belongs to these words."""
        encoded = "\0".join((str(self._seed), *map(steady, of))).encode()
        return int.from_bytes(hashlib.sha256(encoded).digest()[:4]) / 2**32
