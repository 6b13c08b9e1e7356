"""Addresses in the kernel's form, and what the rules make of them."""

from __future__ import annotations

import errno
import os
import socket
import struct

import pytest

from generator.rehearsal.sandbox.addresses import Address, parse
from generator.rehearsal.sandbox.rules import Rules


def inet(host: str, port: int, family: int = socket.AF_INET) -> bytes:
    return struct.pack("=H", family) + struct.pack("!H4s8x", port, socket.inet_aton(host))


def inet6(host: str, port: int) -> bytes:
    packed = socket.inet_pton(socket.AF_INET6, host)
    return struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16sI", port, 0, packed, 0)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (inet("198.51.100.1", 443), "198.51.100.1:443"),
        (inet("198.51.100.1", 443, socket.AF_UNSPEC), "198.51.100.1:443"),
        (inet6("fd00:ec2::254", 80), "[fd00:ec2::254]:80"),
        (inet6("::ffff:198.51.100.1", 80), "198.51.100.1:80"),
        (struct.pack("=H", socket.AF_UNIX) + b"/run/docker.sock\0rest", "/run/docker.sock"),
        (struct.pack("=H", socket.AF_UNIX) + b"\0abstract", "@abstract"),
        (struct.pack("=H", 40) + bytes(14), "address family 40"),
    ],
)
def test_every_kind_of_address_is_read(said: bytes, words: str) -> None:
    assert str(parse(said)) == words


def test_bytes_that_are_no_address_are_refused() -> None:
    with pytest.raises(struct.error):
        parse(b"\1")


def rules() -> Rules:
    return Rules(lambda: [os.getpid()], addresses=frozenset({"198.51.100.9"}))


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (inet("198.51.100.1", 443), errno.ENETUNREACH),
        (inet("169.254.169.254", 80), errno.ENETUNREACH),
        (inet("169.254.170.2", 80), errno.ENETUNREACH),
        (inet6("fd00:ec2::254", 80), errno.ENETUNREACH),
        (inet("127.0.0.53", 53), errno.ENETUNREACH),
        (struct.pack("=H", socket.AF_UNIX) + b"/var/run/docker.sock", errno.EACCES),
        (struct.pack("=H", 40) + bytes(14), errno.EACCES),
    ],
)
def test_what_leads_off_the_machine_is_refused(said: bytes, number: int) -> None:
    refusal = rules().refusal(parse(said))
    assert refusal is not None
    assert refusal.number == number


@pytest.mark.parametrize(
    "to",
    [
        Address(socket.AF_INET, "198.51.100.9", 443),
        Address(socket.AF_UNIX, "/tmp/server.sock"),  # noqa: S108 - nothing is opened
        Address(16),
    ],
    ids=str,
)
def test_what_stays_here_or_was_allowed_passes(to: Address) -> None:
    assert rules().refusal(to) is None


def test_what_the_rehearsal_listens_on_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        assert rules().refusal(Address(socket.AF_INET, "127.0.0.1", door.getsockname()[1])) is None


def test_a_service_of_the_machine_is_refused_unless_it_was_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        to = Address(socket.AF_INET, "127.0.0.1", door.getsockname()[1])
        refusal = Rules(list).refusal(to)
        assert refusal is not None
        assert refusal.number == errno.ECONNREFUSED
        assert refusal.destination.endswith("a service of this machine")
        assert Rules(list, whole_machine=True).refusal(to) is None


def test_where_nobody_listens_the_kernel_answers_itself() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert Rules(list).refusal(Address(socket.AF_INET, "127.0.0.1", unused.getsockname()[1])) is None
