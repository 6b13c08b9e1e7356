"""Holds a thread, and all it starts, to files of its own, and says in one line what cannot be held here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

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
