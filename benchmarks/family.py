"""A program and all the processes it starts: what they cost together in time, and how much memory they hold."""

from __future__ import annotations

import os
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from generator.rehearsal.emulator.guard import descendants

MEBIBYTE = 2**20
_PSS = re.compile(r"^Pss:\s+(\d+) kB$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a program's output, and the seconds from the program's start to its coming."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """A program that ended: seconds on the wall and of the processors (its whole family's), exit code, output."""

    wall: float
    cpu: float
    code: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """The greatest memory a family held at once, in MiB, and who held it: a word for a kind of process -> MiB.

    Of every process it is the proportional set size: a page that several processes share is counted once.
    https://docs.kernel.org/filesystems/proc.html
    """

    peak: float
    held: Mapping[str, float]


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Run a program to its end; what it writes to stderr is shown as it comes.

    The processors' time is that of every process that was waited for, which those are that end in order.
    """
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, env=dict(environment), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = tuple(Line(time.monotonic() - began, text.rstrip("\n")) for text in process.stdout)
    process.stdout.close()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(wall, used.ru_utime + used.ru_stime, process.returncode, lines)


class Watch:
    """Looks at the memory of everything this process has started, again and again, until it is left.

    `kind` names a process by its command line. Only Linux tells the memory a process holds in this way.
    """

    def __init__(self, kind: Callable[[str], str], every: float = 0.1) -> None:
        self._kind = kind
        self._every = every
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._most: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def memory(self) -> Memory:
        """The most that was seen at one look."""
        held = {kind: size / MEBIBYTE for kind, size in self._most.most_common()}
        return Memory(self._most.total() / MEBIBYTE, held)

    def _look(self) -> None:
        while not self._over.wait(self._every):
            seen: Counter[str] = Counter()
            for command, size in sizes(os.getpid()):
                seen[self._kind(command)] += size
            self._most = max(self._most, seen, key=Counter.total)


def sizes(ancestor: int) -> Iterator[tuple[str, int]]:
    """Command line and bytes of every process below `ancestor`."""
    for pid in descendants(ancestor):
        process = Path("/proc", str(pid))
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            match = _PSS.search((process / "smaps_rollup").read_text())
        except OSError:
            continue  # it has just ended
        if match:
            yield command, int(match[1]) * 1024
