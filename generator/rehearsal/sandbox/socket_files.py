"""Who is behind a socket file, whatever names the file has: asked of the kernel, which knows the file itself.

A hard link and a move give a socket another name; /proc/net/unix knows the first one only.
https://man7.org/linux/man-pages/man7/sock_diag.7.html
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_SOCK_DIAG, _BY_FAMILY, _DUMP, _DONE, _ERROR = 4, 20, 0x301, 3, 2
_ALL_STATES, _SHOW_FILE, _ANY = 0xFFFFFFFF, 1 << 1, 0xFFFFFFFF
_HEADER, _SOCKET, _ATTRIBUTE, _FILE = (struct.Struct(form) for form in ("=IHHII", "=BBBBIII", "=HH", "=II"))
_OF_FILE = 1
_MOST = 1 << 20  # bytes of one answer


def behind(file: Path) -> set[str]:
    """The sockets that are bound to a file, each as /proc names it; none where the kernel does not tell."""
    with suppress(OSError):
        number = file.stat().st_ino & _ANY
        return {f"socket:[{name}]" for name, bound_to in _bound() if bound_to == number}
    return set()


def _bound() -> Iterator[tuple[int, int]]:
    """Every socket that is bound to a file, and the number of the file."""
    request = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, _ALL_STATES, 0, _SHOW_FILE, _ANY, _ANY)
    with socket.socket(getattr(socket, "AF_NETLINK", -1), socket.SOCK_RAW, _SOCK_DIAG) as kernel:
        kernel.send(_HEADER.pack(_HEADER.size + len(request), _BY_FAMILY, _DUMP, 1, 0) + request)
        while True:
            answer = kernel.recv(_MOST)
            for start, size, kind in _messages(answer):
                if kind in {_DONE, _ERROR}:
                    return
                yield from _files(answer, start, size)


def _messages(answer: bytes) -> Iterator[tuple[int, int, int]]:
    """Where each message begins, its size and its kind."""
    start = 0
    while start < len(answer):
        size, kind, *_ = _HEADER.unpack_from(answer, start)
        yield start, size, kind
        start += _aligned(size)


def _files(answer: bytes, start: int, size: int) -> Iterator[tuple[int, int]]:
    name = _SOCKET.unpack_from(answer, start + _HEADER.size)[4]
    at = start + _HEADER.size + _SOCKET.size
    while at < start + size:
        length, kind = _ATTRIBUTE.unpack_from(answer, at)
        if kind == _OF_FILE:
            yield name, _FILE.unpack_from(answer, at + _ATTRIBUTE.size)[0]
        at += _aligned(length)


def _aligned(size: int) -> int:
    return (size + 3) & ~3
