"""A list without a name in any folder: only processes that inherit it from the command read it and write to it."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import tempfile
import weakref
from collections.abc import Mapping
from typing import Any

_BLOCK = 1 << 20  # bytes


class Record:
    """JSON objects in the order they were written, by several processes at once.

    What decides whether a rehearsal is green stands in one: a file that has a name could be emptied, or added to, by
    a program that is being rehearsed.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self.descriptor = _nameless() if descriptor is None else descriptor
        # A process that was told the number has inherited it, and must not hand it on.
        os.set_inheritable(self.descriptor, False)
        weakref.finalize(self, os.close, self.descriptor)

    def append(self, entry: Mapping[str, object]) -> None:
        """Write an entry. Raises OSError where there is no room."""
        os.write(self.descriptor, json.dumps(entry).encode() + b"\n")

    def read(self, since: int = 0) -> tuple[list[dict[str, Any]], int]:
        """The entries after a position, 0 or one returned before, and the position after them."""
        blocks, at = [], since
        while block := os.pread(self.descriptor, _BLOCK, at):
            blocks.append(block)
            at += len(block)
        # One that is just being written counts when it is whole.
        whole, _, _ = b"".join(blocks).rpartition(b"\n")
        return [json.loads(line) for line in whole.splitlines()], since + len(whole) + bool(whole)


def _nameless() -> int:
    """A file without a name; on Linux in memory, so that a full disk silences nobody."""
    if sys.platform == "linux":
        descriptor = os.memfd_create("record")
    else:
        with tempfile.TemporaryFile(buffering=0) as file:
            descriptor = os.dup(file.fileno())
    fcntl.fcntl(descriptor, fcntl.F_SETFL, fcntl.fcntl(descriptor, fcntl.F_GETFL) | os.O_APPEND)
    return descriptor
