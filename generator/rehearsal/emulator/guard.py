"""The process that outlives all others: it ends everything the emulator started, and removes its folder."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from generator.rehearsal import waits
from generator.rehearsal.sandbox.launcher import Inside

KEEP = b"keep"
_SET_CHILD_SUBREAPER = 36  # prctl(2)


Work = Callable[[int, Inside], None]
Fork = Callable[[Callable[[Inside], None]], int]


def guard(folder: Path, work: Work, fork: Fork) -> int:
    """Run `work` in a child process until it ends, stdin closes or a signal comes; then leave nothing behind.

    `work` is given a file descriptor that reads end-of-file when this process is gone (whoever survives cleans
    up), and what `fork`, which makes the child, tells it of its sandbox. Returns the child's exit code, 0 when
    it was asked to end.
    """
    adopt_orphans()
    wake = _signals()
    alive, hold = os.pipe()

    def be_child(inside: Inside) -> None:
        os.close(hold)
        _child(lambda: work(alive, inside))

    child = fork(be_child)
    os.close(alive)
    ended = _wait(child, wake)
    if ended is None:
        ended = _end(child)
    kill_family(os.getpid())
    remove(folder)
    return ended


def _child(work: Callable[[], None]) -> None:
    """Never returns: a forked child must not run what its parent does next."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def _signals() -> int:
    """A descriptor that becomes readable when this process is asked to end or a child has ended."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, _noticed)
    return reader


def _noticed(_number: int, _frame: object) -> None:
    """A handler must exist for the descriptor of `_signals` to be written to."""


def _wait(child: int, wake: int) -> int | None:
    """The child's exit code when it ended by itself; None when the parent is gone or a signal asks for the end.

    A parent that says `KEEP` before it closes stdin wants the child to go on without it.
    """
    watched, kept = [0, wake], False
    while True:
        ready, _, _ = select.select(watched, [], [])
        if wake in ready and any(number != signal.SIGCHLD for number in os.read(wake, 512)):
            return None
        if 0 in ready:
            received = os.read(0, 512)
            kept = kept or KEEP in received
            if not received:
                watched = [wake]
                if not kept:
                    return None
        ended = _reap(child)
        if ended is not None:
            return ended


def _reap(child: int) -> int | None:
    """Collect every process that has ended; the exit code of `child` if it is among them."""
    exit_code = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return exit_code
            if pid == child:
                exit_code = os.waitstatus_to_exitcode(status)
    return exit_code


def _end(child: int) -> int:
    """Ask the child to end and give it its time."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGTERM)
    deadline = time.monotonic() + waits.END.seconds
    while time.monotonic() < deadline:
        if _reap(child) is not None:
            break
        time.sleep(0.01)
    return 0


def adopt_orphans() -> None:
    """On Linux, become the parent of every descendant whose own parent ends, however it detached itself."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def kill_family(ancestor: int) -> None:
    """Kill every descendant of `ancestor`, until a look finds none: one killed late may have forked before."""
    for _ in range(200):
        family = descendants(ancestor)
        if not family:
            return
        for pid in family:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        _reap(-1)
        time.sleep(0.005)


def descendants(ancestor: int) -> set[int]:
    """The process ids below `ancestor`, the ended ones left out."""
    parents = _parents()
    below: set[int] = set()
    grown = True
    while grown:
        more = {pid for pid, parent in parents.items() if parent in below or parent == ancestor} - below
        grown = bool(more)
        below |= more
    return below


def living(pids: set[int]) -> set[int]:
    """Those of these processes that have not ended."""
    return pids & _parents().keys()


def children(parent: int) -> set[int]:
    """The process ids right below `parent`, the ended ones left out."""
    return {pid for pid, its_parent in _parents().items() if its_parent == parent}


def _parents() -> dict[int, int]:
    """Every living process of this machine and its parent."""
    if Path("/proc/self/stat").exists():
        return dict(filter(None, map(_proc_parent, filter(str.isdigit, os.listdir("/proc")))))  # noqa: PTH208 - asked often
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=False)
    rows = [(*line.split(), "Z", "Z", "Z")[:3] for line in listing.stdout.splitlines()]
    return {int(pid): int(parent) for pid, parent, state in rows if not state.startswith("Z")}


def _proc_parent(pid: str) -> tuple[int, int] | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat:  # noqa: PTH123 - as above
            # The name, in parentheses, may hold anything: what follows the last one is regular.
            state, parent = stat.read().rpartition(b")")[2].split()[:2]
    except (OSError, ValueError):
        return None
    return None if state == b"Z" else (int(pid), int(parent))


def remove(folder: Path) -> None:
    """Remove the folder, trying again while something that is just ending still writes into it."""
    for _ in range(20):
        shutil.rmtree(folder, onerror=_make_writable)
        if not folder.exists():
            return
        time.sleep(0.02)


def _make_writable(function: Callable[[str], object], path: str, _info: object) -> None:
    """What a build made read-only (a module cache, a git object) must go all the same."""
    with contextlib.suppress(OSError):
        os.chmod(os.path.dirname(path), 0o700)  # noqa: PTH101, PTH120 - shutil speaks in strings
        os.chmod(path, 0o700)  # noqa: PTH101 - as above
        function(path)
