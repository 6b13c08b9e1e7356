"""The log of a build in CodeBuild's manner: the container's own lines carry a time, the commands' lines none."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from generator.rehearsal.codebuild.secret_mask import Masker

_CONTAINER = "[Container]"
_MOST_LINES = 100_000  # of a build that never stops writing only the end is kept


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line and when it was written, in milliseconds since 1970."""

    at: int
    text: str


Listener = Callable[[LogLine], None]


class BuildLog:
    """Takes the lines of a build, hands each to `listener` as it comes, and remembers them.

    `now` gives seconds since 1970. What `masker` knows is hidden. It may be written to from several threads.
    """

    def __init__(self, now: Callable[[], float], listener: Listener) -> None:
        self.masker = Masker()
        self._now = now
        self._listener = listener
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self._lock = threading.Lock()

    def say(self, words: str) -> None:
        """Write as the container: each line of `words` gets the time in front."""
        stamp = datetime.fromtimestamp(self._now(), UTC).strftime("%Y/%m/%d %H:%M:%S.%f")
        for line in words.splitlines() or [""]:
            self.write(f"{_CONTAINER} {stamp} {line}")

    def write(self, text: str) -> None:
        """Write one line as it is."""
        line = LogLine(int(self._now() * 1000), self.masker(text))
        with self._lock:
            self._lines.append(line.text)
            self._listener(line)

    def lines(self, last: int = _MOST_LINES) -> tuple[str, ...]:
        """The last lines, oldest first."""
        with self._lock:
            return tuple(self._lines)[-last:]

    def __len__(self) -> int:
        with self._lock:
            return len(self._lines)


def is_of_container(text: str) -> bool:
    """Whether a line is the container's own, not a command's."""
    return text.startswith(_CONTAINER)
