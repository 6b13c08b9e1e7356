"""The registry proxy: tunnels and plain requests to who was named, words for everybody else."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from generator.rehearsal.sandbox.proxy import Proxy, Reports, parsed
from generator.rehearsal.sandbox.registries import Registries


class Registry(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_GET(self) -> None:
        body = f"{self.path} {self.headers.get('Proxy-Authorization')}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        # As a proxy of the machine, it refuses tunnels.
        self.send_error(407, "Who are you")

    def log_message(self, *_arguments: Any) -> None:
        """Nothing to log."""


@pytest.fixture(scope="module")
def registry() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@dataclass
class Listening:
    """A proxy that serves, and what it told."""

    registries: Registries
    refused: list[str] = field(default_factory=list)
    unreachable: list[tuple[str, str]] = field(default_factory=list)
    hooked: list[Mapping[str, object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        reports = Reports(
            lambda _port, to: self.refused.append(to),
            lambda host, why: self.unreachable.append((host, why)),
            self.hooked.append,
        )
        self.proxy = Proxy(self.registries, reports)
        threading.Thread(target=self.proxy.serve, daemon=True).start()

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.proxy.port, timeout=60)


def proxy(*hosts: str, ports: tuple[int, ...] = (), upstream: str = "", bypass: str = "") -> Listening:
    return Listening(Registries(frozenset(hosts), frozenset(ports), upstream=upstream, bypass=bypass))


def test_what_hooks_refuse_is_written_down_before_they_go_on() -> None:
    listening = proxy()
    with socket.create_connection(("127.0.0.1", listening.proxy.port), 60) as hook:
        hook.sendall(b'NOTE {"destination": "example.com:80"}\r\n\r\n')
        assert hook.recv(1) == b""
        assert listening.hooked == [{"destination": "example.com:80"}]


def test_a_tunnel_leads_to_a_registry(registry: int) -> None:
    tunnel = proxy(ports=(registry,)).connection()
    tunnel.set_tunnel("127.0.0.1", registry)
    tunnel.request("GET", "/simple/")
    assert tunnel.getresponse().read() == b"/simple/ None"


def test_a_plain_request_is_passed_on_without_what_was_meant_for_the_proxy(registry: int) -> None:
    connection = proxy(ports=(registry,)).connection()
    url = f"http://127.0.0.1:{registry}/simple/?x=1"
    connection.request("GET", url, headers={"Proxy-Authorization": "Basic x"})
    assert connection.getresponse().read() == b"/simple/?x=1 None"


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("api.example.com", "a rehearsal reaches it only with --allow-host api.example.com"),
        ("sts.amazonaws.com", "a rehearsal never reaches AWS"),
    ],
)
def test_other_hosts_are_refused_in_words(host: str, words: str) -> None:
    # AWS's are refused although somebody allowed them.
    listening = proxy("sts.amazonaws.com")
    tunnel = listening.connection()
    tunnel.set_tunnel(host, 443)
    with pytest.raises(OSError, match=words):
        tunnel.request("GET", "/")
    assert listening.refused == [f"{host}:443"]


def test_a_name_that_cannot_exist_is_no_attempt() -> None:
    listening = proxy()
    tunnel = listening.connection()
    tunnel.set_tunnel("nowhere.invalid", 443)
    with pytest.raises(OSError, match=r"there is no nowhere\.invalid"):
        tunnel.request("GET", "/")
    assert listening.refused == []


def test_other_ports_of_this_machine_are_refused(registry: int) -> None:
    listening = proxy("127.0.0.1", ports=(registry + 1,))
    connection = listening.connection()
    connection.request("GET", f"http://127.0.0.1:{registry}/")
    assert connection.getresponse().status == 403
    assert listening.refused == [f"127.0.0.1:{registry}"]


def test_a_registry_that_cannot_be_reached_is_said_to_be_so_and_is_no_attempt() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        listening = proxy(ports=(port,))
        tunnel = listening.connection()
        tunnel.set_tunnel("127.0.0.1", port)
        with pytest.raises(OSError, match=r"127\.0\.0\.1 cannot be reached from this machine: Connection refused"):
            tunnel.request("GET", "/")
    assert listening.refused == []
    assert listening.unreachable == [("127.0.0.1", "Connection refused")]


def test_the_machines_own_proxy_is_gone_through_with_its_password(registry: int) -> None:
    listening = proxy("packages.example.com", upstream=f"http://me:word@127.0.0.1:{registry}")
    connection = listening.connection()
    connection.request("GET", "http://packages.example.com/simple/")
    assert connection.getresponse().read() == b"http://packages.example.com/simple/ Basic bWU6d29yZA=="


def test_what_the_machines_own_proxy_refuses_is_said(registry: int) -> None:
    tunnel = proxy("packages.example.com", upstream=f"127.0.0.1:{registry}").connection()
    tunnel.set_tunnel("packages.example.com", 443)
    with pytest.raises(OSError, match=r"the proxy of this machine answered: .* 407 Who are you"):
        tunnel.request("GET", "/")


def test_a_proxy_of_another_kind_is_said_to_be_unknown() -> None:
    tunnel = proxy("packages.example.com", upstream="socks5://127.0.0.1:1").connection()
    tunnel.set_tunnel("packages.example.com", 443)
    with pytest.raises(OSError, match="of kind socks5; a rehearsal supports the kind http only"):
        tunnel.request("GET", "/")


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1", b"CONNECT", b"GET ftp://x/ HTTP/1.1", b"\x16\x03\x01"])
def test_what_is_no_request_to_a_proxy_is_none(head: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part it stumbles over
        parsed(head)
