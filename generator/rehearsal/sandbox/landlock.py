"""The kernel's other part: which files a process, and all it ever starts, read and write, however they are named.

Landlock only knows what is allowed, never what is not: to hide a folder, everything beside it and beside the folders
above it is allowed. What is made later right beside it, or beside a folder above it, cannot be read either.
A process inside cannot look into one outside either (its memory, its variables), nor end it where the kernel is newer.
https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal.sandbox.seccomp import UnavailableError, give_up_privileges

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION, _BENEATH = 1, 1
_READ, _WRITE, _TRUNCATE = 1 << 2, 1 << 1, 1 << 14
# To remove files and folders, to make them of every kind, to move them from folder to folder.
_CHANGE = sum(1 << bit for bit in range(4, 14))
_REMOVE_FOLDER = 1 << 4
# Abstract sockets, and signals.
_OTHER_PROCESSES = 0b11
# Before the second version nothing could be moved from folder to folder, which builds do.
_OLDEST, _TRUNCATES, _SCOPES = 2, 3, 6
_DEVICES = tuple(Path("/dev", name) for name in ("null", "zero", "full", "random", "urandom", "tty", "ptmx", "shm"))


@dataclass(frozen=True, slots=True)
class Files:
    """Files and folders that must not be `read`, though they are there, and the only ones that may be written to."""

    hidden: frozenset[Path]
    writable: tuple[Path, ...]


def enter(files: Files) -> tuple[str, ...]:
    """Hold the calling thread, and all it starts from now on, to these files; what an old kernel does not hold.

    Raises UnavailableError; then nothing is held.
    """
    if sys.platform != "linux":
        raise UnavailableError("the operating system is not Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE, None, 0, _VERSION)
    if version < _OLDEST:
        raise UnavailableError("the kernel has no Landlock, or an old one")
    handled = _READ | _WRITE | _CHANGE | (_TRUNCATE if version >= _TRUNCATES else 0)
    scoped = _OTHER_PROCESSES if version >= _SCOPES else 0
    held = struct.pack("=QQQ", handled, 0, scoped) if scoped else struct.pack("=Q", handled)
    rules = _checked(libc.syscall(_CREATE, held, len(held), 0))
    try:
        for place in readable(files.hidden):
            _allow(libc, rules, place, _READ)
        for place in (*files.writable, *_DEVICES):
            _allow(libc, rules, place, handled)
        for folder in files.writable:
            # The folder itself goes in the end: by whoever survives, that may be one inside.
            _allow(libc, rules, folder.parent, _REMOVE_FOLDER)
        _restrict(libc, rules)
    finally:
        os.close(rules)
    loose = {"cut files of yours short": version >= _TRUNCATES, "end your processes": bool(scoped)}
    return tuple(words for words, is_held in loose.items() if not is_held)


def readable(hidden: frozenset[Path]) -> Iterable[Path]:
    """Everything that is in no hidden place and holds none: what lies beside them, and beside the folders above."""
    if not hidden:
        return [Path("/")]
    above = {folder for place in hidden for folder in place.parents}
    return (entry for folder in sorted(above - hidden) for entry in _in(folder) if entry not in above | hidden)


def _in(folder: Path) -> Iterable[Path]:
    with suppress(OSError):
        return [entry for entry in folder.iterdir() if not entry.is_symlink()]
    return []


def _allow(libc: ctypes.CDLL, rules: int, place: Path, what: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # it is gone meanwhile, or nobody may look at it
    try:
        of_its_kind = what if stat.S_ISDIR(os.fstat(opened).st_mode) else what & (_READ | _WRITE | _TRUNCATE)
        _checked(libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", of_its_kind, opened), 0))
    finally:
        os.close(opened)


def _restrict(libc: ctypes.CDLL, rules: int) -> None:
    if libc.syscall(_RESTRICT, rules, 0) == 0:
        return
    if ctypes.get_errno() == errno.EPERM:
        give_up_privileges(libc)
    _checked(libc.syscall(_RESTRICT, rules, 0))


def _checked(answer: int) -> int:
    if answer < 0:
        raise UnavailableError(f"the kernel refuses to hold files ({os.strerror(ctypes.get_errno())})")
    return answer
