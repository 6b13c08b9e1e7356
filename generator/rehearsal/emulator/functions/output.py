"""What a function's process writes, taken from its pipe while it runs and told apart by invocation."""

from __future__ import annotations

import contextlib
import os
import select
import threading
from typing import IO


class Output:
    """Drains one pipe on a thread; `taken` returns what has come since it was last asked, to the last byte."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._chunks: list[bytes] = []
        self._lock = threading.Lock()
        self.closed = threading.Event()
        os.set_blocking(pipe.fileno(), False)
        threading.Thread(target=self._drain, daemon=True).start()

    def _drain(self) -> None:
        while not self.closed.is_set():
            with contextlib.suppress(ValueError):  # closed meanwhile by the other reader
                select.select([self._pipe], [], [])
            with self._lock:
                self._read()

    def _read(self) -> None:
        """Take everything that is in the pipe now; only one thread at a time may."""
        with contextlib.suppress(BlockingIOError):
            while not self.closed.is_set():
                chunk = os.read(self._pipe.fileno(), 65536)
                self._chunks.append(chunk)
                if not chunk:
                    self.closed.set()
                    self._pipe.close()

    def taken(self) -> str:
        """Everything written since the last call. What a process wrote before it posted a result is in it."""
        with self._lock:
            self._read()
            text = b"".join(self._chunks).decode("utf-8", "replace")
            self._chunks.clear()
        return text
