"""Addresses in the kernel's form, and what the rules make of them."""

from __future__ import annotations

import errno
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator.rehearsal.sandbox.addresses import Address, parse
from generator.rehearsal.sandbox.rules import Refusal, Rules


def inet(host: str, port: int, family: int = socket.AF_INET) -> bytes:
    return struct.pack("=H", family) + struct.pack("!H4s8x", port, socket.inet_aton(host))


def inet6(host: str, port: int) -> bytes:
    packed = socket.inet_pton(socket.AF_INET6, host)
    return struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16sI", port, 0, packed, 0)


@pytest.mark.parametrize(
    ("message", "words"),
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
def test_every_kind_of_address_is_read(message: bytes, words: str) -> None:
    assert str(parse(message)) == words


def test_bytes_that_are_no_address_are_refused() -> None:
    with pytest.raises(struct.error):
        parse(b"\1")


def rules() -> Rules:
    return Rules(lambda: [os.getpid()], addresses=frozenset({"198.51.100.9"}))


@pytest.mark.parametrize(
    ("message", "number"),
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
def test_what_leads_off_the_machine_is_refused(message: bytes, number: int) -> None:
    refusal = rules().refusal(parse(message))
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


def test_a_port_is_ours_at_the_address_that_we_listen_at_only() -> None:
    with socket.create_server(("127.0.0.1", 0)) as ours, _elsewhere(("127.0.0.2", ours.getsockname()[1])):
        port = ours.getsockname()[1]
        assert rules().refusal(Address(socket.AF_INET, "127.0.0.1", port)) is None
        refusal = rules().refusal(Address(socket.AF_INET, "127.0.0.2", port))
        assert refusal == Refusal(errno.ECONNREFUSED, f"127.0.0.2:{port}, a service of this machine")


def test_a_service_of_the_machine_that_takes_datagrams_is_refused() -> None:
    with _elsewhere(("127.0.0.1", 0), kind="SOCK_DGRAM") as port:
        assert rules().refusal(Address(socket.AF_INET, "127.0.0.1", port)) is not None


def test_socket_files_are_reached_in_a_rehearsals_own_folders_only(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir()
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(folder / "socket"))
    (own / "link").symlink_to(other / "socket")
    held = Rules(list, folders=(own,))
    refused = [name for name in ("own/socket", "own/link", "other/socket") if held.refusal(_at(tmp_path / name))]
    assert refused == ["own/link", "other/socket"]
    assert held.refusal(_at(other / "missing")) is None
    assert Rules(list, whole_machine=True).refusal(_at(other / "socket")) is None


@pytest.mark.skipif(sys.platform != "linux", reason="who is behind a socket is asked where only Linux tells it")
@pytest.mark.parametrize(
    "rename", [os.link, os.rename, os.symlink, None], ids=["linked", "moved", "led to", "as it is"]
)
def test_a_socket_of_somebody_else_in_a_shared_folder_is_refused(
    rename: Callable[[Path, Path], None] | None, tmp_path: Path
) -> None:
    """An agent of ssh has its socket in /tmp, which programs of a rehearsal may write to."""
    name = tmp_path / "agent"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(name))
        door.listen()
        if rename:
            rename(name, tmp_path / "own")
            name = tmp_path / "own"
        theirs = Rules(list, folders=(tmp_path,)).refusal(_at(name))
        assert theirs == Refusal(errno.EACCES, f"{name}, a service of this machine")
        assert Rules(lambda: [os.getpid()], folders=(tmp_path,)).refusal(_at(name)) is None


def test_an_engine_of_containers_is_known_behind_every_link(tmp_path: Path) -> None:
    (tmp_path / "innocent").symlink_to("/somewhere/docker.sock")
    refusal = Rules(list, folders=(tmp_path,)).refusal(_at(tmp_path / "innocent"))
    assert refusal == Refusal(errno.EACCES, f"{tmp_path}/innocent, an engine of containers")


def test_what_the_c_library_asks_by_itself_is_refused_without_a_word() -> None:
    system = next((file for file in map(Path, ("/run/systemd/notify", "/dev/log")) if file.exists()), None)
    if system is None:
        pytest.skip("no service of the system listens on this machine")
    assert Rules(list).refusal(_at(system)) == Refusal(errno.EACCES, "")


def test_an_abstract_socket_is_reached_when_it_is_ours() -> None:
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(f"\0penstock-{os.getpid()}")
        door.listen()
        assert rules().refusal(_at(f"@penstock-{os.getpid()}")) is None
        assert Rules(list).refusal(_at(f"@penstock-{os.getpid()}")) is not None


def _at(path: Path | str) -> Address:
    return Address(socket.AF_UNIX, str(path))


@contextmanager
def _elsewhere(address: tuple[str, int], kind: str = "SOCK_STREAM") -> Iterator[int]:
    """A service of another process; its port."""
    program = (
        f"import socket; s = socket.socket(type=socket.{kind}); s.bind({address!r}); "
        f"{'s.listen(); ' if kind == 'SOCK_STREAM' else ''}print(s.getsockname()[1], flush=True); input()"
    )
    words = [sys.executable, "-c", program]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        yield int(running.stdout.readline())
        running.kill()
