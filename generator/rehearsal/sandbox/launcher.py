"""Starts a sandboxed process: it and everything it starts reach nothing but the emulator and package registries."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from generator.rehearsal.sandbox.attempts import Book
from generator.rehearsal.sandbox.confinement import confined, exposed
from generator.rehearsal.sandbox.listeners import connected, holder
from generator.rehearsal.sandbox.proxy import Proxy, Reports
from generator.rehearsal.sandbox.registries import Registries
from generator.rehearsal.sandbox.rules import Rules
from generator.rehearsal.sandbox.seccomp import UnavailableError, calls_here, install
from generator.rehearsal.sandbox.status import Limits, SandboxStatus
from generator.rehearsal.sandbox.supervisor import PROBE, PROBE_REFUSED, Supervisor

_STACK = 8 << 20  # bytes; what a main thread usually has


@dataclass(frozen=True, slots=True)
class Inside:
    """What a process inside the sandbox knows of it; `lacking` is why the kernel was not asked to hold it.

    `unheld` is what of files and other processes the kernel does not hold, and why.
    """

    proxy_port: int
    pip_has_proxy: bool
    lacking: str = ""
    unheld: str = ""

    def status(self) -> SandboxStatus:
        """What protects this process; a connection is tried to find out."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
            held = tried.connect_ex((PROBE.host, PROBE.port)) == PROBE_REFUSED
        reason = self.lacking or "the kernel does not let a process read the requests of another"
        registry = self.proxy_port, self.pip_has_proxy
        return SandboxStatus(*registry, "kernel" if held else "hooks", "" if held else reason, self.unheld)


class SandboxLauncher:
    """Made by the process that stays outside. `family` gives the processes that are inside.

    `book` is where attempts are written down; of the `limits`, the registries know the hosts.
    """

    def __init__(
        self,
        registries: Registries,
        book: Book,
        family: Callable[[], Iterable[int]],
        limits: Limits,
    ) -> None:
        self._registries = registries
        self._book = book
        self._family = family
        self._limits = limits
        self._proxy = Proxy(registries, Reports(self._refused, book.unreachable, book.record_report))

    def fork(self, child: Callable[[Inside], None]) -> int:
        """Run `child`, which never returns, in a new process inside; its id."""
        born: list[tuple[int, int | None]] = []
        # A filter holds the thread that installs it, and what that thread starts: this process stays outside.
        before = threading.stack_size(_STACK)
        mother = threading.Thread(target=self._bear, args=(child, born))
        mother.start()
        threading.stack_size(before)
        mother.join()
        pid, listener = born[0]
        _start(self._proxy.serve)
        if listener is not None:
            _start(partial(self._supervise, listener))
        return pid

    def _bear(self, child: Callable[[Inside], None], born: list[tuple[int, int | None]]) -> None:
        listener, lacking = self._filtered()
        unheld = confined(self._limits.keys, self._limits.writable, hooks_only=self._limits.hooks_only)
        unheld = "; ".join(filter(None, (unheld, exposed(self._limits.users, self._limits.writable))))
        pid = os.fork()
        if pid == 0:
            self._proxy.door.close()
            if listener is not None:
                os.close(listener)
            child(Inside(self._proxy.port, self._registries.pip_has_proxy, lacking, unheld))
        born.append((pid, listener))

    def _filtered(self) -> tuple[int | None, str]:
        if self._limits.hooks_only:
            return None, "it was not asked for"
        try:
            return install(calls_here()), ""
        except UnavailableError as reason:
            return None, str(reason)

    def _supervise(self, listener: int) -> None:
        # Every registry is reached through the proxy; one on this machine also straight.
        rules = Rules(
            self._family,
            {self._proxy.port, *self._registries.local_ports},
            frozenset(filter(_is_address, self._registries.hosts)),
            tuple(folder.resolve() for folder in self._limits.writable),
            whole_machine=self._registries.whole_machine,
        )
        Supervisor(listener, calls_here(), rules, lambda thread, to: self._book.note(to, thread)).run()

    def _refused(self, port: int, destination: str) -> None:
        """The proxy refused somebody who came from this port of the machine."""
        pid = holder(connected(port), self._family()) if sys.platform == "linux" else None
        self._book.note(destination, pid)


def _is_address(host: str) -> bool:
    return host.replace(".", "").isdigit() or ":" in host


def _start(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()
