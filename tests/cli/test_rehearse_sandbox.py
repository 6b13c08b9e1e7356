"""What the commands say of the sandbox: hosts allowed and not, registries that do not answer, what is kept."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.sandbox.confinement import TEMPORARY
from tests.cli.rehearsals import Machine, events
from tests.rehearsal.driver.small import Small

GREEN = ("--approve", "yes", "--until", "Build")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine with notes of its own; whatever is kept on it is stopped."""
    result = Machine(tmp_path / "machine")
    result.own_notes()
    yield result
    result.penstock("local", "--stop")


@pytest.fixture
def port() -> Iterator[int]:
    """A server of this machine's that no rehearsal started."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.SimpleHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def connecting(machine: Machine, port: int) -> Path:
    """A service whose build connects to the port and goes on whatever comes of it."""
    program = (
        f"import socket\ntry: socket.create_connection(('127.0.0.1', {port}), 30)\nexcept OSError as p: print(p)\n"
    )
    return Small(build="python3 try.py", files={"try.py": program}).commit(machine.folder / "service")


def test_an_attempt_is_red_and_what_is_kept_still_tells_of_it(machine: Machine, port: int) -> None:
    ran = machine.rehearse(connecting(machine, port), *GREEN, "--keep")
    assert ran.code == 1, ran
    exposed = any(map(machine.folder.resolve().is_relative_to, TEMPORARY))
    assert ("programs can write to" in ran.out) == exposed, ran
    assert "penstock local --stop ends it" in ran.out
    kept = machine.penstock("local")
    assert kept.out.startswith("small-pipeline in ")
    for output in (ran.out, kept.out):
        assert "protected by " in output
        assert f"held back    127.0.0.1:{port}, a service of this machine: process " in output


def test_an_allowed_host_is_reached(machine: Machine, port: int) -> None:
    ran = machine.rehearse(connecting(machine, port), *GREEN, "--allow-host", "localhost")
    assert (ran.code, "held back" in ran.out) == (0, False), ran


@pytest.mark.parametrize(
    ("host", "hint"),
    [("https://api.example.com", "without https:// and port"), ("sts.amazonaws.com", "a rehearsal never reaches AWS")],
)
def test_what_cannot_be_allowed_is_wrong_input(machine: Machine, host: str, hint: str) -> None:
    ran = machine.rehearse("--approve", "yes", "--allow-host", host)
    assert ran.code == 2
    assert hint in ran.err


def test_a_registry_that_does_not_answer_is_said_to_be_so(machine: Machine) -> None:
    # Nobody listens where the way to registries is said to lead: as on a machine without a network.
    machine.variables = {**machine.variables, "HTTPS_PROXY": "http://127.0.0.1:9", "PIP_RETRIES": "0"}
    build = "python3 -m pip download --no-cache-dir --index-url https://pypi.org/simple iniconfig"
    ran = machine.rehearse(Small(build=build).commit(machine.folder / "service"), *GREEN, "--output", "json")
    result = events(ran)[-1]
    assert (ran.code, result["stage"], result["attempts"]) == (1, "Build", []), ran
    assert [(host["host"], host["reason"]) for host in result["unreachable"]] == [("pypi.org", "Connection refused")]
