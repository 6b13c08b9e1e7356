"""The output of a build's processes, line by line, while they run."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from generator.rehearsal.codebuild.secret_mask import Masker

_CHUNK = 65536
_LONGEST_LINE = 200_000  # bytes; CloudWatch Logs takes no event much longer than this


class OutputPipe:
    """A pipe whose `write_end` every process of a build writes to; `on_line` gets each line.

    Output stays in order with what happens: `drain` returns when everything written before it was handed on,
    whether or not a process in the background still holds the pipe. A line too long for a log comes in
    pieces; `masker` sees it before it is cut.
    """

    def __init__(self, on_line: Callable[[str], None], masker: Masker) -> None:
        self._read, self.write_end = os.pipe()
        self._mark = f"\0{os.urandom(16).hex()}\0".encode()
        self._on_line = on_line
        self._masker = masker
        self._drained = threading.Semaphore(0)
        self._open = True
        self._broken: Exception | None = None
        self._thread = threading.Thread(target=self._pump, name="build-output", daemon=True)
        self._thread.start()

    def drain(self) -> None:
        """Wait until all that was written so far was handed on; raises what `on_line` raised, if it did."""
        os.write(self.write_end, self._mark)
        self._drained.acquire()
        if self._broken:
            raise self._broken

    def close(self) -> None:
        """Hand on the rest and close the pipe."""
        self._open = False
        try:
            self.drain()
        finally:
            self._thread.join()
            os.close(self.write_end)
            os.close(self._read)

    def _pump(self) -> None:
        pending = b""
        while chunk := os.read(self._read, _CHUNK):
            pending += chunk
            while self._mark in pending:
                before, _, pending = pending.partition(self._mark)
                self._hand_on_rest(self._hand_on_lines(before))
                open_ = self._open
                self._drained.release()
                if not open_:
                    return
            pending = self._shorten(self._hand_on_lines(pending))

    def _hand_on_lines(self, data: bytes) -> bytes:
        *lines, rest = data.split(b"\n")
        for line in lines:
            self._hand_on(line)
        return rest

    def _hand_on_rest(self, rest: bytes) -> None:
        if rest:
            self._hand_on(rest)

    def _shorten(self, rest: bytes) -> bytes:
        """Hand on most of an overlong line; what stays could be the beginning of a secret or of a mark."""
        if len(rest) <= _LONGEST_LINE:
            return rest
        stays = max(self._masker.longest * 4, len(self._mark))  # four bytes at most to a character
        masked = self._masker(rest.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        self._hand_on(masked[:-stays])
        return masked[-stays:]

    def _hand_on(self, line: bytes) -> None:
        # A progress bar rewrites its line; the last state is what a reader would see.
        text = line.decode("utf-8", "replace").rstrip("\r").rpartition("\r")[2]
        try:
            self._on_line(text)
        except Exception as error:  # noqa: BLE001 - kept for `drain`: a pump that dies would hang the build
            self._broken = self._broken or error
