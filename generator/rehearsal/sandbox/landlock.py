"""The kernel's other part: files that a process, and all it will ever start, cannot read however they are named.

Landlock only knows what is allowed, never what is not: to hide a folder, everything beside it and beside the folders
above it is allowed. What is made later right beside it, or beside a folder above it, cannot be read either.
https://docs.kernel.org/userspace-api/landlock.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from generator.rehearsal.sandbox.seccomp import UnavailableError, give_up_privileges

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every architecture
_VERSION, _BENEATH = 1, 1
_READ, _MOVE = 1 << 2, 1 << 13
# Before the second version nothing could be moved from folder to folder, which builds do.
_OLDEST = 2


def hide(places: Iterable[Path]) -> None:
    """Take files and folders that exist out of reach of the calling thread, and of all it starts from now on.

    Raises UnavailableError; then all of them can still be read.
    """
    hidden = frozenset(place.resolve() for place in places)
    if not hidden:
        return
    if sys.platform != "linux":
        raise UnavailableError("the operating system is not Linux")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(_CREATE, None, 0, _VERSION) < _OLDEST:
        raise UnavailableError("the kernel has no Landlock, or an old one")
    rules = _checked(libc.syscall(_CREATE, struct.pack("=Q", _READ | _MOVE), 8, 0))
    try:
        _allow(libc, rules, Path("/"), _MOVE)
        for place in beside(hidden):
            _allow(libc, rules, place, _READ)
        _restrict(libc, rules)
    finally:
        os.close(rules)


def beside(hidden: frozenset[Path]) -> Iterable[Path]:
    """Everything that is in no hidden place and holds none: what lies beside them, and beside the folders above."""
    above = {folder for place in hidden for folder in place.parents}
    for folder in sorted(above - hidden):
        with suppress(OSError):
            yield from (entry for entry in folder.iterdir() if entry not in above | hidden and not entry.is_symlink())


def _allow(libc: ctypes.CDLL, rules: int, place: Path, what: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return  # it is gone meanwhile, or nobody may look at it
    try:
        _checked(libc.syscall(_ADD, rules, _BENEATH, struct.pack("=Qi", what, opened), 0))
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
        raise UnavailableError(f"the kernel refuses to hide files ({os.strerror(ctypes.get_errno())})")
    return answer
