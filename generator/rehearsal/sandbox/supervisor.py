"""Answers the kernel's questions: reads where a filtered process wants to go, and lets it or not.

https://man7.org/linux/man-pages/man2/seccomp_unotify.2.html
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass, field

from generator.rehearsal.sandbox.addresses import LONGEST, Address, parse
from generator.rehearsal.sandbox.rules import Refusal, Rules
from generator.rehearsal.sandbox.seccomp import X32, Calls

_RECEIVE, _SEND, _STILL_VALID = 0xC0502100, 0xC0182101, 0x40082102
_QUESTION = struct.Struct("=QIIiIQ6Q")
_ANSWER = struct.Struct("=Qqii")
_GO_ON = 1
_MESSAGE_SIZE, _MESSAGES_MOST = 64, 1024  # bytes of a `struct mmsghdr`; more of them no call takes
_32_BITS = 0xFFFFFFFF

PROBE = Address(2, "192.0.2.1", 9)
"""An address nobody has (RFC 5737): by its refusal a process learns that it is supervised."""
PROBE_REFUSED = errno.EXFULL

FOREIGN = Refusal(errno.ENOSYS, "a system call of another architecture, which nobody can judge")

Note = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Question:
    """A process (its thread's id) waits in a system call of an architecture, with these arguments."""

    id: int
    thread: int
    call: int
    architecture: int
    arguments: tuple[int, ...]


@dataclass
class Supervisor:
    """Serves one listener; `note` gets the thread and the destination of every attempt that is refused."""

    listener: int
    calls: Calls
    rules: Rules
    note: Note
    _proven: bool = field(default=False, init=False)

    def run(self) -> None:
        """Answer until the last filtered process has ended."""
        while (question := self._next()) is not None:
            self._answer(question, self._judged(question))

    def _next(self) -> Question | None:
        while True:
            buffer = bytearray(_QUESTION.size)
            try:
                fcntl.ioctl(self.listener, _RECEIVE, buffer)
            except OSError as problem:
                # The process was killed between its question and our reading it.
                if problem.errno in {errno.ENOENT, errno.EINTR}:
                    continue
                return None
            id_, thread, _, call, architecture, _, *arguments = _QUESTION.unpack(buffer)
            return Question(id_, thread, call, architecture, tuple(arguments))

    def _judged(self, question: Question) -> int:
        """0 to let it go on, or the number of the error it gets."""
        if question.architecture != self.calls.architecture or question.call & X32:
            self._tell(question, FOREIGN)
            return FOREIGN.number
        if question.call == self.calls.prlimit:
            return self._of_limits(question)
        try:
            targets = self._targets(question)
        except (OSError, ValueError, struct.error):
            # What cannot be read cannot be judged; but before the probe was, nobody is promised protection.
            return errno.EACCES if self._proven else 0
        if PROBE in targets:
            self._proven = True
            return PROBE_REFUSED
        refusals = [refusal for to in targets if (refusal := self.rules.refusal(to, question.thread))]
        for refusal in refusals:
            self._tell(question, refusal)
        return refusals[0].number if refusals else 0

    def _of_limits(self, question: Question) -> int:
        """The limits of the rehearsal's own processes may be set, those of others be read."""
        process, _, new, *_ = question.arguments
        if not new or self.rules.is_in_family(process & _32_BITS):
            return 0
        return errno.EPERM

    def _tell(self, question: Question, refusal: Refusal) -> None:
        if refusal.destination and self._is_waiting(question):
            self.note(question.thread, refusal.destination)

    def _is_waiting(self, question: Question) -> bool:
        """Whether the process is still there: another could have got its id."""
        try:
            fcntl.ioctl(self.listener, _STILL_VALID, struct.pack("=Q", question.id))
        except OSError:
            return False
        return True

    def _targets(self, question: Question) -> list[Address]:
        _, second, third, _, fifth, sixth = question.arguments
        memory = os.open(f"/proc/{question.thread}/mem", os.O_RDONLY)
        try:
            if question.call == self.calls.connect:
                return _connected(memory, second, third)
            if question.call == self.calls.sendto:
                return _address(memory, fifth, sixth)
            count = min(third & _32_BITS, _MESSAGES_MOST) if question.call == self.calls.sendmmsg else 1
            return [to for at in range(count) for to in _of_message(memory, second + at * _MESSAGE_SIZE)]
        finally:
            os.close(memory)

    def _answer(self, question: Question, number: int) -> None:
        buffer = _ANSWER.pack(question.id, 0, -number, 0 if number else _GO_ON)
        # A process that was killed meanwhile wants no answer.
        try:
            fcntl.ioctl(self.listener, _SEND, buffer)
        except OSError as problem:
            if problem.errno != errno.ENOENT:
                raise


def _address(memory: int, at: int, size: int) -> list[Address]:
    if not at or not size:
        return []
    return [parse(os.pread(memory, min(size & _32_BITS, LONGEST), at))]


def _connected(memory: int, at: int, size: int) -> list[Address]:
    """The address of a `connect`; without a family it ends a connection instead of making one."""
    (family,) = struct.unpack("=H", os.pread(memory, 2, at))
    return _address(memory, at, size) if family else []


def _of_message(memory: int, at: int) -> list[Address]:
    """The address in a `struct msghdr`, if it has one."""
    name, size = struct.unpack("=QI", os.pread(memory, 12, at))
    return _address(memory, name, size)
