# ruff: noqa: INP001 - a folder on PYTHONPATH, not a package
"""Leads a Python program's connections to AWS's host names to the emulator on this machine.

Python imports a module of this name at its start; the folder stands on PYTHONPATH of the programs a rehearsal
starts. It imports nothing but `os` and `socket`, and stays readable to every Python a build may use.
"""

import os
import socket
from typing import Any

_SUFFIXES = tuple(filter(None, os.environ.get("PENSTOCK_HOST_SUFFIXES", "").split(",")))
_HTTP = os.environ.get("PENSTOCK_HTTP_PORT", "")
_TLS = os.environ.get("PENSTOCK_TLS_PORT", "")
_resolve = socket.getaddrinfo


def _ours(host: Any) -> bool:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    name = name.rstrip(".").lower() if isinstance(name, str) else ""
    return any(name == suffix or name.endswith("." + suffix) for suffix in _SUFFIXES)


def _getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002 - the standard library's names
    if not _ours(host):
        return _resolve(host, port, family, type, proto, flags)
    door = _HTTP if str(port) in {"80", "http"} else _TLS
    kind = socket.AF_INET if family == socket.AF_INET6 else family
    return _resolve("127.0.0.1", int(door), kind, type, proto, flags)


if _SUFFIXES and _TLS:
    socket.getaddrinfo = _getaddrinfo
