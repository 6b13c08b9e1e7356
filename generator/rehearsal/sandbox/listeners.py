"""Who listens on an address of this machine: something the rehearsal started, or something else."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

# The state of a socket that waits: TCP's LISTEN; UDP has none but "closed", for every one that is not connected.
_WAITING = {"/proc/net/tcp": "0A", "/proc/net/tcp6": "0A", "/proc/net/udp": "07", "/proc/net/udp6": "07"}
_TCP, _ESTABLISHED = ("/proc/net/tcp", "/proc/net/tcp6"), "01"
_ACCEPTS = 1 << 16  # a flag of a Unix socket that listens

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


def listening(host: str, port: int) -> list[set[str]]:
    """The sockets that answer at an IP address and port, each as /proc names it: TCP's, and UDP's.

    Where one is bound to that very address, those that are bound to all addresses are not asked.
    """
    at = ipaddress.ip_address({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host))  # noqa: S104 - to connect to
    sockets = []
    for tables in (_TCP, ("/proc/net/udp", "/proc/net/udp6")):
        bound = [
            (_address(fields[1]), f"socket:[{fields[9]}]")
            for table in tables
            for fields in _rows(table)
            if fields[3] == _WAITING[table] and _port(fields) == port
        ]
        exact = {name for address, name in bound if address == at}
        sockets.append(exact or {name for address, name in bound if _takes_all(address, at)})
    return sockets


def abstract(name: str) -> set[str]:
    """The Unix sockets that listen under an abstract name (`@name`)."""
    rows = (fields for fields in _rows("/proc/net/unix") if fields[7:] == [name])
    return {f"socket:[{fields[6]}]" for fields in rows if int(fields[3], 16) & _ACCEPTS}


def connected(port: int) -> set[str]:
    """The sockets of connections whose own end is this TCP port."""
    rows = (fields for table in _TCP for fields in _rows(table))
    return {f"socket:[{fields[9]}]" for fields in rows if fields[3] == _ESTABLISHED and _port(fields) == port}


def _port(fields: list[str]) -> int:
    return int(fields[1].rpartition(":")[2], 16)


def _address(text: str) -> Ip:
    """A bound address: words of 32 bits as this machine keeps them, in hexadecimal; IPv4 within IPv6 as IPv4."""
    words = text.partition(":")[0]
    packed = b"".join(int(words[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(words), 8))
    address = ipaddress.ip_address(packed)
    return getattr(address, "ipv4_mapped", None) or address


def _takes_all(bound: Ip, at: Ip) -> bool:
    """Whether a socket bound to all addresses takes what goes to this one; IPv6's takes IPv4's too."""
    return bound.is_unspecified and bound.version >= at.version


def _rows(table: str) -> list[list[str]]:
    with suppress(OSError):
        return [line.split() for line in Path(table).read_text().splitlines()[1:]]
    return []


def process_of(thread: int) -> tuple[int, ...]:
    """The process that a thread belongs to; nothing when there is none."""
    with suppress(OSError):
        status = Path(f"/proc/{thread}/status").read_text()
        return tuple(int(line.split()[1]) for line in status.splitlines() if line.startswith("Tgid:"))
    return ()


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
