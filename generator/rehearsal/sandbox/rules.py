"""What may be reached: the emulator, what the rehearsal itself listens on, and the registry proxy. Nothing else."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from generator.rehearsal.sandbox.addresses import Address
from generator.rehearsal.sandbox.listeners import abstract, holder, listening, process_of
from generator.rehearsal.sandbox.socket_files import behind

_DNS = 53
# What the C library asks by itself and does without: names of users and hosts, and where logs go.
_OF_THE_SYSTEM = ("/run/systemd/", "/run/nscd/", "/var/run/nscd/", "/dev/log")
_ENGINES = frozenset({"docker.sock", "podman.sock", "containerd.sock", "buildkitd.sock", "crio.sock"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """How an attempt is answered, a number of `errno`, and what it wanted to reach; empty to report nothing."""

    number: int
    destination: str


@dataclass
class Rules:
    """Judges addresses. `family` gives the processes of the rehearsal, `addresses` other IP addresses it may reach.

    `ports` are ports of this machine that are reachable, besides those the rehearsal listens on, and `folders` those in
    which socket files are. With `whole_machine` all of them are.
    """

    family: Callable[[], Iterable[int]]
    ports: set[int] = field(default_factory=set)
    addresses: frozenset[str] = frozenset()
    folders: tuple[Path, ...] = ()
    whole_machine: bool = False
    _met: set[tuple[str, int]] = field(default_factory=set, init=False)

    def refusal(self, to: Address, thread: int | str = "self") -> Refusal | None:
        """Why a thread may not go there; None for what may be reached."""
        if to.family == socket.AF_UNIX:
            return self._of_socket_file(to, thread)
        if not to.is_ip:
            to_the_kernel = to.family == getattr(socket, "AF_NETLINK", None)
            return None if to_the_kernel else Refusal(errno.EACCES, str(to))
        if to.host in self.addresses:
            return None
        if to.port == _DNS:
            return Refusal(errno.ENETUNREACH, f"{to}, to look a name up")
        if to.is_here:
            return self._of_this_machine(to)
        return Refusal(errno.ENETUNREACH, str(to))

    def is_in_family(self, thread: int) -> bool:
        """Whether a process, or the one that a thread belongs to, is the rehearsal's."""
        return not set(self.family()).isdisjoint((thread, *process_of(thread)))

    def _of_this_machine(self, to: Address) -> Refusal | None:
        if self.whole_machine or to.port in self.ports or (to.host, to.port) in self._met:
            return None
        sockets = set().union(*listening(to.host, to.port))
        # Where nobody listens the kernel's own answer is the right one.
        if not all(self._is_ours(name) for name in sockets):
            return Refusal(errno.ECONNREFUSED, f"{to}, a service of this machine")
        if sockets:
            self._met.add((to.host, to.port))
        return None

    def _is_ours(self, socket_name: str) -> bool:
        return holder({socket_name}, self.family()) is not None

    def _of_socket_file(self, to: Address, thread: int | str) -> Refusal | None:
        """A socket file by the name that it really has, whatever link leads to it."""
        if self.whole_machine:
            return None
        if to.host.startswith("@"):
            theirs = not all(map(self._is_ours, abstract(to.host)))
            return Refusal(errno.ECONNREFUSED, f"{to}, a service of this machine") if theirs else None
        file = Path(os.path.realpath(Path(f"/proc/{thread}/cwd", to.host)))
        if file.name in _ENGINES:
            # What an engine starts is not below us, and reaches whatever it likes.
            return Refusal(errno.EACCES, f"{to}, an engine of containers")
        # A folder that programs write to may hold a socket of the user's: an agent of ssh has its own in /tmp.
        ours = any(map(file.is_relative_to, self.folders)) and all(map(self._is_ours, behind(file)))
        if ours or not file.exists():
            return None
        asked_by_itself = str(file).startswith(_OF_THE_SYSTEM)
        return Refusal(errno.EACCES, "" if asked_by_itself else f"{to}, a service of this machine")
