"""Things made once in the user's cache folder: whole or not at all, by however many at once."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.rehearsal import waits

_LOOK_SECONDS = 0.05


def make_once(target: Path, make: Callable[[Path], None], sound: Callable[[Path], bool] = Path.exists) -> Path:
    """The folder `target`; if it is not there or not `sound`, `make` fills it, while others that want it wait.

    A virtual environment must be born where it lives, so `make` works at `target` itself; a mark inside says
    that it is whole. What a crash left behind has none and is made anew. Raises what `make` raises.
    """
    mark = target / ".whole"
    if mark.exists() and sound(target):
        return target
    with _alone(target.with_name(f"{target.name}.lock")):
        if not (mark.exists() and sound(target)):
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            make(target)
            mark.touch()
    return target


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock between processes; the system gives it back when its holder dies."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + waits.LOCK.seconds
        while not _taken(handle):
            if time.monotonic() > until:
                longest = waits.LOCK.longest()
                raise TimeoutError(f"another process has held {lock} for {longest}; end it, or remove the file")
            time.sleep(_LOOK_SECONDS)
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
