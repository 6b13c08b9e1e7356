"""Socket addresses as programs hand them to the kernel, and as people read them."""

from __future__ import annotations

import ipaddress
import os
import socket
import struct
from dataclasses import dataclass

LONGEST = 128  # bytes of an address, all families


@dataclass(frozen=True, slots=True)
class Address:
    """Where a program wants to go: an IP address and a port, or the path of a socket file."""

    family: int
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        if self.family == socket.AF_UNIX:
            return self.host
        if not self.is_ip:
            return f"address family {self.family}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_ip(self) -> bool:
        """Whether it is one of the internet's."""
        return self.family in {socket.AF_INET, socket.AF_INET6}

    @property
    def is_here(self) -> bool:
        """Whether it is an address of this machine: a loopback one, the unspecified one, or an interface's."""
        ip = ipaddress.ip_address(self.host)
        return ip.is_loopback or ip.is_unspecified or _is_ours(self.family, self.host)


def parse(raw: bytes) -> Address:
    """The address in the bytes of a `struct sockaddr`. Raises struct.error when they are too few."""
    (family,) = struct.unpack_from("=H", raw)
    if family == socket.AF_UNIX:
        return Address(family, _path(raw[2:]))
    # Where a datagram goes, the kernel takes "unspecified" for IPv4.
    if family in {socket.AF_INET, socket.AF_UNSPEC} and len(raw) >= 8:  # noqa: PLR2004 - family, port, address
        port, packed = struct.unpack_from("!H4s", raw, 2)
        return Address(socket.AF_INET, socket.inet_ntoa(packed), port)
    if family == socket.AF_INET6:
        port, _, packed = struct.unpack_from("!HI16s", raw, 2)
        mapped = ipaddress.IPv6Address(packed).ipv4_mapped
        if mapped:
            return Address(socket.AF_INET, str(mapped), port)
        return Address(family, str(ipaddress.IPv6Address(packed)), port)
    return Address(family)


def _path(raw: bytes) -> str:
    if raw[:1] == b"\0":
        return "@" + os.fsdecode(raw[1:].rstrip(b"\0"))
    return os.fsdecode(raw.partition(b"\0")[0])


def _is_ours(family: int, host: str) -> bool:
    """Only to an address of its own does a machine bind a socket."""
    with socket.socket(family, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind((host, 0))
        except OSError:
            return False
    return True
