"""The sandbox around the programs of a rehearsal, as one process describes it to another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Protection = Literal["kernel", "hooks"]
"""`kernel`: every program is held. `hooks`: Python and Node hold themselves, other programs are only led."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the user asks of the sandbox: more hosts that may be reached, and not to use the kernel.

    `keys` are files and folders with the user's keys, which nobody is to read, `writable` the only folders that may be
    written to. Where one of them holds a place of the `users`, that is said.
    """

    allowed: tuple[str, ...] = ()
    hooks_only: bool = False
    keys: tuple[Path, ...] = ()
    writable: tuple[Path, ...] = ()
    users: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class SandboxStatus:
    """The port of the registry proxy, and which protection is in force.

    `reason` says why it is not the kernel's. `pip_has_proxy` is whether the user's pip is set to a proxy, in place
    of which this one must be named. `unheld` says what of files and other processes is not held, and why.
    """

    proxy_port: int
    pip_has_proxy: bool
    protection: Protection
    reason: str = ""
    unheld: str = ""
