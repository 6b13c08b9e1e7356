"""Holds a thread, and all it starts, to files of its own, and says in one line what cannot be held here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from generator.rehearsal.sandbox.capabilities import give_up_powers
from generator.rehearsal.sandbox.landlock import Files, enter
from generator.rehearsal.sandbox.seccomp import UnavailableError


def confined(keys: Iterable[Path], writable: Iterable[Path], *, hooks_only: bool = False) -> str:
    """Hide these keys and let nothing be written but below `writable`; what is not held, and why, empty for nothing."""
    try:
        return _confined(keys, writable, hooks_only=hooks_only)
    finally:
        # Last, since these are powers by which a process binds itself.
        give_up_powers()


TEMPORARY = tuple(folder for folder in (Path("/tmp"),) if folder.is_dir())  # noqa: S108 - what programs write to
"""Where programs write whatever TMPDIR says: a function on Lambda may write nowhere else."""

Started = TypeVar("Started")


def exposed(users: Iterable[Path], writable: Iterable[Path]) -> str:
    """What of the user's lies in a folder that programs write to, in words; empty for nothing."""
    folders = [folder.resolve() for folder in writable]
    lying = [
        f"{place}, which lies in {folder}"
        for place in users
        for folder in folders
        if place.resolve().is_relative_to(folder)
    ]
    return f"not held on this machine: programs can write to {' and '.join(lying)}" if lying else ""


class Apart:
    """Starts programs that write below `writable` and TEMPORARY only, and reach none of our processes but one another.

    All of them are started by one thread, since a thread that is held once is held for good, and only what is held
    together may end one another. Where the kernel has no Landlock they just run, as was said when the sandbox was made.
    """

    def __init__(self, writable: Iterable[Path]) -> None:
        self._files = Files(frozenset(), (*writable, *TEMPORARY))
        self._starter: ThreadPoolExecutor | None = None

    def start(self, start: Callable[[], Started]) -> Started:
        """What `start` returns, or raises. The folders have to be there when it is called first."""
        if self._starter is None:
            self._starter = ThreadPoolExecutor(1, "apart", self._enter)
        return self._starter.submit(start).result()

    def close(self) -> None:
        """End the thread; what it started goes on."""
        if self._starter:
            self._starter.shutdown(wait=False)
            self._starter = None

    def _enter(self) -> None:
        with suppress(UnavailableError):
            enter(self._files)


def _confined(keys: Iterable[Path], writable: Iterable[Path], *, hooks_only: bool) -> str:
    places = Files(frozenset(key.resolve() for key in keys), tuple(place.resolve() for place in writable))
    if hooks_only:
        return _unheld(places.hidden, "the kernel was not asked")
    try:
        loose = enter(places)
    except UnavailableError as reason:
        return _unheld(places.hidden, str(reason))
    return f"not held on this machine: programs can {' and '.join(loose)}: the kernel is too old" if loose else ""


def _unheld(keys: Iterable[Path], reason: str) -> str:
    read = f"read your keys in {', '.join(map(str, sorted(keys)))}, " if keys else ""
    return (
        f"not held on this machine: programs can {read}write wherever you can, and look into and end "
        f"your processes: {reason}"
    )
