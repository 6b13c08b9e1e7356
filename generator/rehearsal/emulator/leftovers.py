"""What a rehearsal leaves behind when it is killed as a whole: noted, found by the next command, and cleared."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from generator.errors import RefusedError
from generator.rehearsal.folders import NOTES, notes


@dataclass
class Note:
    """A lock on the note of a rehearsal; the system gives it back when the last process that inherited it has ended."""

    descriptor: int = -1

    def let_go(self) -> None:
        """Leave it to the processes that inherited it."""
        held, self.descriptor = self.descriptor, -1
        if held >= 0:
            os.close(held)


def hold(cache: Path, folder: Path) -> Note:
    """Note that a rehearsal with this folder begins. Raises RefusedError where nothing can be written."""
    try:
        return Note(_held(cache, folder))
    except OSError as problem:
        raise RefusedError(f"{cache} cannot be written: {problem.strerror}") from problem


def _held(cache: Path, folder: Path) -> int:
    beside = cache / NOTES
    beside.mkdir(parents=True, exist_ok=True)
    # Under another name until it is locked: nobody may take it for one that was left behind.
    new = beside / f".{folder.name}"
    descriptor = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, os.fsencode(folder))
    new.rename(beside / folder.name)
    return descriptor


def clear(cache: Path) -> list[Path]:
    """End and remove what rehearsals left behind that no process looks after any more; their folders."""
    cleared = []
    for note in notes(cache):
        with suppress(OSError):
            descriptor = os.open(note, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                folder = Path(os.fsdecode(os.read(descriptor, 4096)))
                if folder.name == note.name and _cleared(folder):
                    cleared.append(folder)
                note.unlink()
            finally:
                os.close(descriptor)
    return cleared


def running(cache: Path, name: str) -> Path | None:
    """The folder of the rehearsal of this name that some process still looks after; None where none does."""
    with suppress(OSError):
        descriptor = os.open(cache / NOTES / name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return Path(os.fsdecode(os.pread(descriptor, 4096, 0)))
        finally:
            os.close(descriptor)
    return None


def end(folder: Path) -> None:
    """End whatever runs in the folder of a rehearsal, and remove it."""
    _cleared(folder)


def _cleared(folder: Path) -> bool:
    """Whether there was something: programs that outlived the rehearsal, or its folder."""
    from generator.rehearsal.emulator.guard import remove  # noqa: PLC0415 - nearly no command has anything to clear

    left = list(_programs(folder))
    for pid in left:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    there = folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.getuid()
    if there:
        remove(folder)
    return bool(left) or there


def _programs(folder: Path) -> Iterator[int]:
    """The programs whose temporary folder is in this one; where the system does not tell (no /proc), none."""
    mark = b"TMPDIR=" + os.fsencode(folder) + b"/"
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if any(word.startswith(mark) for word in entry.read_bytes().split(b"\0")):
                yield int(entry.parent.name)
