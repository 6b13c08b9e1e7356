"""The kernel's part: a filter that stops a process at every way off the machine until a supervisor has answered.

It needs Linux 5.5 and no privileges, and all that a filtered process starts is filtered as well.
https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
# Without the second flag older kernels would switch costly mitigations on for every process below.
_NEW_LISTENER, _SPEC_ALLOW = 1 << 3, 1 << 2

_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ASK, _ERROR = 0x7FFF0000, 0x7FC00000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST, _FIFTH, _FIFTH_HIGH = 0, 4, 16, 48, 52  # offsets in what a filter sees of a call
X32 = 0x40000000
"""The bit of the numbers of calls of x32 programs, which have the architecture of 64-bit ones."""


@dataclass(frozen=True, slots=True)
class Calls:
    """The numbers of system calls on one architecture, which the kernel calls by number too."""

    architecture: int
    seccomp: int
    connect: int
    sendto: int
    sendmsg: int
    sendmmsg: int
    prlimit: int
    keyrings: tuple[int, ...]
    io_uring_setup: int = 425


MACHINES = {
    "x86_64": Calls(0xC000003E, 317, 42, 44, 46, 307, 302, (248, 249, 250)),
    "aarch64": Calls(0xC00000B7, 277, 203, 206, 211, 269, 261, (217, 218, 219)),
}


class UnavailableError(Exception):
    """The kernel cannot do it, or does not let us; says why."""


def calls_here() -> Calls:
    """The calls of this machine. Raises UnavailableError where no filter is known."""
    if sys.platform != "linux":
        raise UnavailableError("the operating system is not Linux")
    if platform.machine() not in MACHINES:
        raise UnavailableError(f"no filter is known for {platform.machine()}")
    return MACHINES[platform.machine()]


def install(calls: Calls) -> int:
    """Filter the calling thread, and all it starts from now on; the descriptor on which the kernel asks.

    Raises UnavailableError; then nothing is filtered.
    """
    program = filter_program(calls)
    structure = _Program(len(program) // 8, program)
    libc = ctypes.CDLL(None, use_errno=True)
    problem = 0
    for unprivileged in (False, True):
        # Whoever may do without keeps it off: `sudo` in a container's build goes on to work.
        if unprivileged:
            give_up_privileges(libc)
        flags = _NEW_LISTENER | _SPEC_ALLOW
        listener = int(libc.syscall(calls.seccomp, _SET_MODE_FILTER, flags, ctypes.byref(structure)))
        if listener >= 0:
            return listener
        problem = ctypes.get_errno()
        if problem != errno.EACCES:
            break
    raise UnavailableError(f"the kernel refuses a filter ({os.strerror(problem)})")


def give_up_privileges(libc: ctypes.CDLL) -> None:
    """Let the calling thread, and all it starts, get no powers by running a program: so it may bind itself."""
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def filter_program(calls: Calls) -> bytes:
    """The filter in the kernel's form: ask about addresses, let all else pass, close what could go round it.

    Kernels run programs of other architectures too, and a 64-bit program may make single 32-bit calls, whose numbers
    mean something else: every one of them is asked about, and refused (see Supervisor).
    """
    native = [
        _do(_LOAD, _NUMBER),
        _do(_AT_LEAST, X32, otherwise=1),
        _do(_RETURN, _ASK),
        # Its requests pass no filter; programs that would use it do without where it is missing.
        *_when(calls.io_uring_setup, _ERROR | errno.ENOSYS),
        # The user's keyrings may hold keys, and all his programs share them.
        *(step for number in calls.keyrings for step in _when(number, _ERROR | errno.ENOSYS)),
        *_when_another(calls.prlimit),
        *(step for number in (calls.connect, calls.sendmsg, calls.sendmmsg) for step in _when(number, _ASK)),
        *_when_addressed(calls.sendto),
        _do(_RETURN, _ALLOW),
    ]
    foreign = [_do(_LOAD, _ARCHITECTURE), _do(_EQUALS, calls.architecture, then=1), _do(_RETURN, _ASK)]
    return b"".join([*foreign, *native])


def _do(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    """One instruction; `then` and `otherwise` are how many to leap over."""
    return struct.pack("HBBI", code, then, otherwise, value)


def _when(number: int, answer: int) -> list[bytes]:
    return [_do(_EQUALS, number, otherwise=1), _do(_RETURN, answer)]


def _when_another(prlimit: int) -> list[bytes]:
    """Ask about the limits of a process that is named: a limit that is passed ends it. 0 is the caller itself."""
    return [
        _do(_EQUALS, prlimit, otherwise=4),
        _do(_LOAD, _FIRST),
        _do(_EQUALS, 0, otherwise=1),
        _do(_RETURN, _ALLOW),
        _do(_RETURN, _ASK),
    ]


def _when_addressed(sendto: int) -> list[bytes]:
    """Ask about `sendto` that has an address; without one it is a plain send on a connection."""
    return [
        _do(_EQUALS, sendto, otherwise=6),
        _do(_LOAD, _FIFTH),
        _do(_EQUALS, 0, otherwise=2),
        _do(_LOAD, _FIFTH_HIGH),
        _do(_EQUALS, 0, then=1),
        _do(_RETURN, _ASK),
        _do(_RETURN, _ALLOW),
    ]
