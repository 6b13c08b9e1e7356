"""Rehearsals out of which something tries to get: refused, told with its process, and red."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.sandbox.status import Limits
from tests.rehearsal.driver.rehearsals import Rehearsed, Stage
from tests.rehearsal.driver.small import Small

SOCKET = "import socket; socket.create_connection(('{host}', {port}), 30)"


@pytest.fixture(scope="module", params=[False, True], ids=["kernel", "hooks"])
def emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """One whose kernel holds programs, and one where only the hooks do."""
    with Emulator(os.environ, limits=Limits(hooks_only=request.param)) as running:
        if not request.param and running.doors.sandbox.protection != "kernel":
            pytest.skip(f"the kernel of this machine does not hold programs: {running.doors.sandbox.reason}")
        yield running


@pytest.fixture
def stage(emulator: Emulator, tmp_path: Path) -> Stage:
    return Stage(emulator, tmp_path)


def built(stage: Stage, name: str, *commands: str) -> Rehearsed:
    """A rehearsal whose build, with which it ends, runs a script of these commands, whatever becomes of them."""
    script = "\n".join([*commands, "true", ""])
    return stage.rehearse(Small(name, build="sh ./try.sh", files={"try.sh": script}), until="Build")


def python(program: str) -> str:
    return f'python3 -c "{program}"'


def test_what_a_build_tries_is_red_although_all_else_is_green(stage: Stage) -> None:
    result = built(
        stage,
        "outgoing",
        python(SOCKET.format(host="198.51.100.1", port=80)),
        python(SOCKET.format(host="example.com", port=80)),
        python(SOCKET.format(host="169.254.169.254", port=80)),
        """node -e 'require("net").connect(81, "198.51.100.2")'""",
        """node -e 'fetch("http://metadata.example.com/").catch(() => 0)'""",
        "curl -sS http://198.51.100.3/",
    )
    outcome = result.outcome
    assert (outcome.status, outcome.exit_code) == ("Failed", 1)
    destinations = [attempt.destination for attempt in outcome.attempts]
    assert destinations == [
        "198.51.100.1:80",
        "example.com:80",
        "169.254.169.254:80",
        "198.51.100.2:81",
        "metadata.example.com:80",
        "198.51.100.3:80",
    ]
    # Whoever asks for an instance's metadata is held back and shown, like the others.
    assert outcome.reason == "5 attempts to leave this machine refused"
    assert outcome.protection == stage.emulator.doors.sandbox.protection
    if outcome.protection == "kernel":
        assert outcome.attempts[-1].command == "curl -sS http://198.51.100.3/"
    assert all(attempt.pid for attempt in outcome.attempts[:-1])
    assert {attempt.within.partition(":")[0] for attempt in outcome.attempts[:-1]} == {"build outgoing-build"}


def test_asking_for_the_metadata_of_an_instance_is_held_back_and_not_red(stage: Stage) -> None:
    outcome = built(stage, "asking", python(SOCKET.format(host="169.254.169.254", port=80))).outcome
    assert outcome.exit_code == 0
    assert [attempt.destination for attempt in outcome.attempts] == ["169.254.169.254:80"]


FORGER = """
import json, os, pathlib, socket
try:
    socket.create_connection(("198.51.100.7", 80), 30)
except OSError:
    pass
run = next(folder for folder in pathlib.Path.cwd().parents if folder.name.startswith("penstock-"))
for file in run.rglob("*.jsonl"):
    entries = [json.loads(line) for line in file.read_text().splitlines()]
    if not any("type" in entry for entry in entries):
        file.write_text("")
        continue
    last = max((entry for entry in entries if "stage" in entry), key=entries.index)
    whose = {name: last[name] for name in ("at", "pipeline", "version", "execution")}
    ended = {"type": "ExecutionEnded", **whose, "status": "Succeeded", "stage": "", "action": "", "summary": ""}
    with file.open("a") as more:
        more.write(json.dumps({**ended, "not_rehearsed": False}) + chr(10))
"""


def test_a_build_cannot_rewrite_what_decides(stage: Stage) -> None:
    """Neither the list of attempts nor the events of the execution lie where a program could change them."""
    files = {"forge.py": FORGER}
    result = stage.rehearse(Small("forger", build="python3 forge.py && false", files=files), until="Beta")
    assert result.outcome.status == "Failed"
    assert (result.outcome.stage, result.outcome.action) == ("Build", "Build")
    assert [attempt.destination for attempt in result.outcome.attempts] == ["198.51.100.7:80"]


def test_what_a_function_tries_is_told_with_its_name(stage: Stage) -> None:
    program = f"exec({SOCKET.format(host='198.51.100.4', port=443)!r})"
    result = stage.rehearse(Small("function", test=f"{program}"), until="Beta")
    (attempt,) = result.outcome.attempts
    assert result.outcome.status == "Failed"
    assert attempt.destination == "198.51.100.4:443"
    assert attempt.within.startswith("function function-tests")


def test_an_sdk_led_to_an_address_of_aws_gets_nowhere(stage: Stage) -> None:
    client = "boto3.client('sts', endpoint_url='https://198.51.100.5', config=config)"
    config = "botocore.config.Config(retries=dict(total_max_attempts=1))"
    program = f"import boto3, botocore.config; config = {config}; {client}.get_caller_identity()"
    result = stage.rehearse(Small("sdk", test=f"exec({program!r})"), until="Beta")
    assert [attempt.destination for attempt in result.outcome.attempts] == ["198.51.100.5:443"]


def test_a_server_of_a_build_and_names_that_cannot_exist_are_no_attempt(stage: Stage) -> None:
    server = "s = socket.create_server(('127.0.0.1', 0)); socket.create_connection(s.getsockname()); print('met')"
    result = built(
        stage,
        "inward",
        python(f"import socket; {server}"),
        python(SOCKET.format(host="nowhere.invalid", port=80)),
        "curl -sS http://nowhere.invalid/",
        python("import socket; print(socket.getaddrinfo(socket.gethostname(), 80))"),
    )
    assert result.outcome.attempts == ()
    assert result.outcome.status == "Stopped"


def test_variables_of_containers_and_profiles_reach_nobody(tmp_path: Path) -> None:
    secret = {
        "AWS_PROFILE": "leaked",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/leaked",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.2/leaked",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "leaked",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/leaked",
        "AWS_SSO_SESSION": "leaked",
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://leaked",
    }
    program = 'raise ValueError("leaked" if "leaked" in str(__import__("os").environ) else "clean")'
    with Emulator({**os.environ, **secret}) as emulator:
        small = Small("blind", build="env | grep leaked && exit 1 || test $AWS_CONFIG_FILE = /dev/null", test=program)
        result = Stage(emulator, tmp_path).rehearse(small, until="Beta")
    assert result.ended[-1] == "Beta/Test"
    assert "clean" in result.outcome.reason


def test_packages_come_from_where_the_users_pip_and_npm_are_set_to(stage: Stage) -> None:
    program = "python3 -m pip download -q --no-cache-dir --no-deps -d out iniconfig && npm --no-cache pack is-number"
    result = stage.rehearse(Small("packages", build="sh ./try.sh", files={"try.sh": program}), until="Build")
    if result.outcome.unreachable:
        pytest.skip(f"no registry is in reach: {result.outcome.unreachable}")
    assert (result.outcome.status, result.outcome.attempts) == ("Stopped", ()), result.logged


def test_a_rehearsal_by_itself_tries_nothing(stage: Stage) -> None:
    # Every resource of the pipeline's own template is looked at, which has made the emulator fetch a schema.
    result = stage.rehearse(Small("itself"))
    assert result.outcome.attempts == ()
    assert result.outcome.status == "Succeeded"
