"""A program and all the processes it starts: what they cost together in time, and how much memory they hold."""

from __future__ import annotations

import ctypes
import os
import platform
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
_PARENT = re.compile(r"^PPid:\s+(\d+)$", re.MULTILINE)
_KCMP, _KCMP_VM = {"x86_64": 312, "aarch64": 272}, 1


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
    """Command line and bytes of every process below `ancestor`; what is about to run a program is its parent still."""
    for pid in descendants(ancestor):
        process = Path("/proc", str(pid))
        try:
            parent = _PARENT.search((process / "status").read_text())
            if parent and share_memory(pid, int(parent[1])):
                continue
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            match = _PSS.search((process / "smaps_rollup").read_text())
        except OSError:
            continue  # it has just ended
        if match:
            yield command, int(match[1]) * 1024


def share_memory(process: int, other: int) -> bool:
    """Whether two processes have the same memory: a vforked child has its parent's, of which both show the whole.

    https://man7.org/linux/man-pages/man2/kcmp.2.html
    """
    call = _KCMP.get(platform.machine())
    return call is not None and ctypes.CDLL(None).syscall(call, process, other, _KCMP_VM, 0, 0) == 0
