"""The one way off the machine: an HTTP proxy on 127.0.0.1 that leads to package registries, by name.

https://www.rfc-editor.org/rfc/rfc9110#name-connect
"""

from __future__ import annotations

import json
import select
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from generator.rehearsal import waits
from generator.rehearsal.sandbox.registries import NOWHERE, Registries, is_loopback, is_of_aws
from generator.rehearsal.sandbox.upstream import Route, route

NOTE = b"NOTE "
"""What the hooks in Python and Node begin with; what an attempt was follows, as JSON."""

_LONGEST_HEAD = 65_536  # bytes
_BLOCK = 65_536
_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Reports:
    """Who hears what: an attempt (the port it came from, the destination), a registry that did not answer, and what
    hooks inside of programs refused.
    """

    refused: Callable[[int, str], None]
    unreachable: Callable[[str, str], None]
    hooked: Callable[[Mapping[str, object]], None]


@dataclass(frozen=True, slots=True)
class Request:
    """The head of what a client asks for: method, host, port, and the head's lines but the first."""

    method: str
    host: str
    port: int
    target: str
    version: str
    fields: tuple[bytes, ...]


class Proxy:
    """Listens on a port of its own as soon as it is made; what comes is answered by `serve`."""

    def __init__(self, registries: Registries, reports: Reports) -> None:
        self._registries = registries
        self._reports = reports
        self.door = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self.door.getsockname()[1]

    def serve(self) -> None:
        """Answer, each connection on a thread, until the process ends."""
        while True:
            client, peer = self.door.accept()
            threading.Thread(target=self._serve, args=(client, peer[1]), daemon=True).start()

    def _serve(self, client: socket.socket, peer: int) -> None:
        with client, suppress(OSError, ValueError):
            client.settimeout(waits.CONNECTION.seconds)
            head, _, rest = _head(client).partition(b"\r\n\r\n")
            if head.startswith(NOTE):
                self._reports.hooked(json.loads(head.removeprefix(NOTE)))
                return
            request = parsed(head)
            if request.host.endswith(NOWHERE):
                _refuse(client, 502, f"there is no {request.host}")
                return
            if not self.permits(request.host, request.port):
                self._reports.refused(peer, f"{request.host}:{request.port}")
                _refuse(client, 403, refusal(request.host))
                return
            self._lead(client, request, rest)

    def permits(self, host: str, port: int) -> bool:
        """Whether the host is a registry; never one of AWS's, of this machine only where registries were said to be."""
        if is_of_aws(host):
            return False
        if is_loopback(host):
            return self._registries.whole_machine or port in self._registries.local_ports
        return host in self._registries.hosts

    def _lead(self, client: socket.socket, request: Request, rest: bytes) -> None:
        try:
            way = route(self._registries, request.method, request.host, request.port)
        except OSError as problem:
            reason = problem.strerror or str(problem)
            self._reports.unreachable(request.host, reason)
            _refuse(client, 502, f"{request.host} cannot be reached from this machine: {reason}")
            return
        with way.socket as server:
            if request.method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection Established\r\n\r\n")
            else:
                server.sendall(forwarded(request, way))
            server.sendall(rest)
            _pump(client, server)


def refusal(host: str) -> str:
    """Why a host is not reached, and what to do, in one line."""
    if is_of_aws(host):
        return f"{host} is AWS's: a rehearsal never reaches AWS"
    return f"{host} is not a package registry: a rehearsal reaches it only with --allow-host {host}"


def parsed(head: bytes) -> Request:
    """The head of a request to a proxy. Raises ValueError for anything else."""
    first, *fields = head.split(b"\r\n")
    method, target, version = first.decode("latin-1").split(" ")
    parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
    if not parts.hostname or (method != "CONNECT" and parts.scheme != "http"):
        raise ValueError(target)
    port = parts.port or _PORT["https" if method == "CONNECT" else "http"]
    return Request(method, parts.hostname.lower(), port, target, version, tuple(fields))


def forwarded(request: Request, way: Route) -> bytes:
    """The head for the server, or for the next proxy: one request, then the connection ends."""
    parts = urlsplit(request.target)
    path = parts._replace(scheme="", netloc="").geturl() or "/"
    target = request.target if way.through_proxy else path
    kept = [line for line in request.fields if not line.lower().startswith((b"connection:", b"proxy-"))]
    first = f"{request.method} {target} {request.version}".encode("latin-1")
    return b"\r\n".join([first, *kept, *way.fields, b"Connection: close", b"", b""])


def _head(client: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        more = client.recv(_BLOCK)
        head += more
        if not more or len(head) > _LONGEST_HEAD:
            raise ValueError(head)
    return head


def _refuse(client: socket.socket, code: int, words: str) -> None:
    """The words stand in the status line too: pip and npm show nothing else of a refused tunnel."""
    body = f"{words}\n".encode()
    head = f"HTTP/1.1 {code} {words}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close"
    client.sendall(head.encode("latin-1", "replace") + b"\r\n\r\n" + body)


def _pump(client: socket.socket, server: socket.socket) -> None:
    """Carry bytes both ways until both sides have ended, or one is gone."""
    client.settimeout(None)
    server.settimeout(None)
    open_ends = {client: server, server: client}
    while open_ends:
        for side in select.select(list(open_ends), [], [])[0]:
            block = side.recv(_BLOCK)
            if block:
                open_ends[side].sendall(block)
            else:
                with suppress(OSError):
                    open_ends[side].shutdown(socket.SHUT_WR)
                del open_ends[side]
