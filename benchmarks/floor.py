"""What the bare commands of the starter's build cost, without a pipeline, against an emulator that is up already."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal.codebuild.tools import TOOLS, provide
from generator.rehearsal.emulator.handle import Emulator
from generator.repository.cache.folder import cache_folder

_BUCKET = "floor"
_PASSED = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds: of the bare build, from starting the emulator to its first answer, and of ending it."""

    build: float
    first_answer: float
    stop: float


def measure(repository: Path) -> Floor:
    """Measure it in a repository of the Python starter, whose packages this program's Python already has."""
    emulator = Emulator(os.environ)
    began = time.monotonic()
    with emulator:
        _ask(emulator)
        first_answer = time.monotonic() - began
        build = _build(emulator, repository)
        ending = time.monotonic()
    return Floor(build, first_answer, time.monotonic() - ending)


def _ask(emulator: Emulator) -> None:
    door = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port)
    # The gate lets nobody in there; its refusal is an answer as well.
    door.request("GET", "/_ministack/health")
    assert door.getresponse().status == http.HTTPStatus.NOT_FOUND
    door.close()


def _build(emulator: Emulator, repository: Path) -> float:
    emulator.client("s3").create_bucket(Bucket=_BUCKET)
    environment = _environment(emulator)
    seconds = 0.0
    for command in _commands():
        began = time.monotonic()
        done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
        seconds += time.monotonic() - began
        if done.returncode:
            raise ValueError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return seconds


def _environment(emulator: Emulator) -> Mapping[str, str]:
    return {
        **{name: os.environ[name] for name in _PASSED if name in os.environ},
        **emulator.credentials.environment(),
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_DEFAULT_REGION": emulator.settings.region,
        # What else this Python has installed is no affair of the starter's tests.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }


def _commands() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "pytest", "-q"]
    aws = str(provide(TOOLS["aws"], cache_folder(os.environ), os.environ, print))
    for kind in ("app", "test"):
        files = ["--template-file", f"{kind}-sam.yaml", "--output-template-file", f"{kind}-output_sam.yaml"]
        yield [aws, "cloudformation", "package", *files, "--s3-bucket", _BUCKET]
