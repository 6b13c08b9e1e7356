# ruff: noqa: INP001 - a folder on PYTHONPATH, not a package
"""Leads a Python program's connections to AWS's host names to the emulator on this machine, and others nowhere.

Python imports a module of this name at its start; the folder stands on PYTHONPATH of the programs a rehearsal
starts. It imports next to nothing, and stays readable to every Python a build may use.
"""

import errno
import os
import socket
import sys
from typing import Any, NoReturn

_SUFFIXES = tuple(filter(None, os.environ.get("PENSTOCK_HOST_SUFFIXES", "").split(",")))
_HTTP = os.environ.get("PENSTOCK_HTTP_PORT", "")
_TLS = os.environ.get("PENSTOCK_TLS_PORT", "")
_PROTECTION = os.environ.get("PENSTOCK_PROTECTION", "")
_REPORTS = os.environ.get("PENSTOCK_REPORTS_PORT", "")
_NOWHERE = (".invalid", ".test", ".example")  # RFC 6761: no such name exists, so nobody tries to reach one
_resolve = socket.getaddrinfo


def _name(host: Any) -> str:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    return name.rstrip(".").lower() if isinstance(name, str) else ""


def _ours(host: Any) -> bool:
    name = _name(host)
    return any(name == suffix or name.endswith("." + suffix) for suffix in _SUFFIXES)


def _is_address(name: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, name.partition("%")[0])
        except OSError:
            continue
        return True
    return False


def _resolves_locally(name: str) -> bool:
    """Whether the machine knows the name without asking another one."""
    if not name or name == "localhost" or name.endswith(".localhost") or _is_address(name):
        return True
    try:
        with open("/etc/hosts", encoding="utf-8", errors="replace") as hosts:  # noqa: PTH123 - pathlib costs every start
            return any(name in line.partition("#")[0].lower().split()[1:] for line in hosts)
    except OSError:
        return False


def _getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Any:  # noqa: A002 - the standard library's names
    kind = socket.AF_INET if family == socket.AF_INET6 else family
    if _ours(host):
        door = _HTTP if str(port) in {"80", "http"} else _TLS
        return _resolve("127.0.0.1", int(door), kind, type, proto, flags)
    name = _name(host)
    if _PROTECTION and name.endswith(_NOWHERE):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if not _PROTECTION or _resolves_locally(name):
        return _resolve(host, port, family, type, proto, flags)
    # Programs like to know their own machine's address, and need no other machine for it.
    if name == socket.gethostname().lower():
        return _resolve("127.0.0.1", port, kind, type, proto, flags)
    _note(name if port is None else "%s:%s" % (name, port))  # noqa: UP031 - old Pythons read this
    raise socket.gaierror(socket.EAI_AGAIN, "a rehearsal reaches nothing but the emulator and package registries")


def _note(destination: str) -> None:
    """Tell the rehearsal of the attempt, and wait until it has written that down."""
    import json  # noqa: PLC0415 - most programs never need it

    within = os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    build = os.environ.get("CODEBUILD_BUILD_ID", "")
    attempt = {
        "destination": destination,
        "pid": os.getpid(),
        "command": " ".join(getattr(sys, "orig_argv", sys.argv))[:2000],
        "within": "function " + within if within else "build " + build if build else "",
    }
    try:
        with socket.create_connection(("127.0.0.1", int(_REPORTS)), 30) as report:
            report.sendall(b"NOTE " + json.dumps(attempt).encode() + b"\r\n\r\n")
            report.recv(1)
    except OSError:
        return


def _audit(event: str, arguments: Any) -> None:
    """Where the kernel does not hold programs, Python asks here before it connects or sends."""
    if event in _LEAVING and isinstance(arguments[1], tuple) and len(arguments[1]) > 1:
        host, port = arguments[1][:2]
        if isinstance(host, (str, bytes)) and isinstance(port, int):
            _judge(_name(host), port)


_LEAVING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


def _judge(host: str, port: int) -> None:
    here = host in {"", "localhost", "::1", "::", "0.0.0.0"} or host.startswith(("127.", "::ffff:127."))  # noqa: S104 - to connect to it, not to listen
    if not here:
        _refuse("[%s]:%d" % (host, port) if ":" in host else "%s:%d" % (host, port))  # noqa: UP031 - old Pythons read this


def _refuse(destination: str) -> NoReturn:
    _note(destination)
    raise OSError(errno.ENETUNREACH, "a rehearsal reaches nothing but the emulator and package registries")


if _SUFFIXES and _TLS:
    socket.getaddrinfo = _getaddrinfo
    if _PROTECTION == "hooks" and hasattr(sys, "addaudithook"):
        sys.addaudithook(_audit)
