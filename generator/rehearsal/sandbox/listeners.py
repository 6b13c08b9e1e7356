"""Who listens on a port of this machine: something the rehearsal started, or something else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
_LISTEN, _ESTABLISHED = "0A", "01"


def listening(port: int) -> set[str]:
    """The sockets that listen on a TCP port, whatever their address; each as /proc names it."""
    return _sockets(port, _LISTEN)


def connected(port: int) -> set[str]:
    """The sockets of connections whose own end is this TCP port."""
    return _sockets(port, _ESTABLISHED)


def _sockets(port: int, state: str) -> set[str]:
    return {
        f"socket:[{fields[9]}]"
        for table in _TABLES
        for fields in _rows(table)
        if fields[3] == state and int(fields[1].rpartition(":")[2], 16) == port
    }


def _rows(table: str) -> list[list[str]]:
    with suppress(OSError):
        return [line.split() for line in Path(table).read_text().splitlines()[1:]]
    return []


def holder(sockets: set[str], processes: Iterable[int]) -> int | None:
    """The first of the processes that holds one of the sockets."""
    return next((pid for pid in processes if _holds(pid, sockets)), None)


def _holds(pid: int, sockets: set[str]) -> bool:
    with suppress(OSError):
        for descriptor in os.listdir(f"/proc/{pid}/fd"):  # noqa: PTH208 - called for every process; paths cost
            with suppress(OSError):
                if os.readlink(f"/proc/{pid}/fd/{descriptor}") in sockets:  # noqa: PTH115 - as above
                    return True
    return False
