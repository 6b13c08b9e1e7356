"""A connection to a registry: straight, or through the proxy the user's machine needs."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from generator.rehearsal import waits
from generator.rehearsal.sandbox.registries import Registries, is_loopback

_PORT = 80


@dataclass(frozen=True, slots=True)
class Route:
    """An open connection; `through_proxy` where the next proxy wants whole URLs and these head `fields`."""

    socket: socket.socket
    through_proxy: bool = False
    fields: tuple[bytes, ...] = ()


def route(registries: Registries, method: str, host: str, port: int) -> Route:
    """The way to a host; for CONNECT one that needs nothing said any more. Raises OSError when there is none."""
    if not registries.upstream or is_loopback(host) or _excepted(host, registries.bypass):
        return Route(socket.create_connection((host, port), waits.CONNECTION.seconds))
    proxy = urlsplit(registries.upstream if "://" in registries.upstream else f"http://{registries.upstream}")
    connection = _connected(proxy)
    fields = _credentials(proxy)
    if method == "CONNECT":
        _tunnel(connection, f"{host}:{port}", fields)
    return Route(connection, through_proxy=True, fields=fields)


def _connected(proxy: SplitResult) -> socket.socket:
    if proxy.scheme != "http" or not proxy.hostname:
        raise OSError(f"the proxy of this machine is of kind {proxy.scheme}; a rehearsal supports the kind http only")
    return socket.create_connection((proxy.hostname, proxy.port or _PORT), waits.CONNECTION.seconds)


def _credentials(proxy: SplitResult) -> tuple[bytes, ...]:
    if proxy.username is None:
        return ()
    credentials = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}".encode()
    return (b"Proxy-Authorization: Basic " + base64.b64encode(credentials),)


def _tunnel(connection: socket.socket, target: str, fields: tuple[bytes, ...]) -> None:
    asked = [f"CONNECT {target} HTTP/1.1".encode(), f"Host: {target}".encode(), *fields, b"", b""]
    connection.sendall(b"\r\n".join(asked))
    answer = b""
    # Byte by byte: what follows the head belongs to the tunnel.
    while not answer.endswith(b"\r\n\r\n"):
        more = connection.recv(1)
        if not more:
            break
        answer += more
    first = answer.partition(b"\r\n")[0].decode("latin-1")
    if first.split(" ")[1:2] != ["200"]:
        connection.close()
        raise OSError(f"the proxy of this machine answered: {first or 'nothing'}")


def _excepted(host: str, bypass: str) -> bool:
    """Whether NO_PROXY names the host, or a domain above it."""
    names = [name.strip().lower().lstrip("*").lstrip(".") for name in bypass.split(",")]
    return "*" in bypass.split(",") or any(name and (host == name or host.endswith(f".{name}")) for name in names)
