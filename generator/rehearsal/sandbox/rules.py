"""What may be reached: the emulator, what the rehearsal itself listens on, and the registry proxy. Nothing else."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from generator.rehearsal.sandbox.addresses import Address
from generator.rehearsal.sandbox.listeners import holder, listening

_DNS = 53
_ENGINES = frozenset({"docker.sock", "podman.sock", "containerd.sock", "buildkitd.sock", "crio.sock"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """How an attempt is answered, a number of `errno`, and what it wanted to reach, in words."""

    number: int
    destination: str


@dataclass
class Rules:
    """Judges addresses. `family` gives the processes of the rehearsal, `addresses` other IP addresses it may reach.

    `ports` are ports of this machine that are reachable; those the rehearsal listens on are added as they are met.
    With `whole_machine` all of them are.
    """

    family: Callable[[], Iterable[int]]
    ports: set[int] = field(default_factory=set)
    addresses: frozenset[str] = frozenset()
    whole_machine: bool = False

    def refusal(self, to: Address) -> Refusal | None:
        """Why not; None for what may be reached."""
        if to.family == socket.AF_UNIX:
            return self._of_socket_file(to)
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

    def _of_this_machine(self, to: Address) -> Refusal | None:
        if self.whole_machine or to.port in self.ports:
            return None
        sockets = listening(to.port)
        # Where nobody listens the kernel's own answer is the right one.
        if sockets and holder(sockets, self.family()) is None:
            return Refusal(errno.ECONNREFUSED, f"{to}, a service of this machine")
        if sockets:
            self.ports.add(to.port)
        return None

    def _of_socket_file(self, to: Address) -> Refusal | None:
        """What an engine of containers starts is not below us, and reaches whatever it likes."""
        engine = to.host.rpartition("/")[2] in _ENGINES and not self.whole_machine
        return Refusal(errno.EACCES, f"{to}, an engine of containers") if engine else None
