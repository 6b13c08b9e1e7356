"""What the bare commands of the starter's build cost, without a pipeline, against an emulator that is up already."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.rehearsal.codebuild.tools import TOOLS, provide
from generator.rehearsal.emulator.handle import Emulator
from generator.repository.cache.folder import cache_folder

Template = tuple[str, str, str]
"""A template that is packaged: the folder it is packaged in, its file there, and the file that becomes of it."""
STARTER: tuple[Template, ...] = tuple((".", f"{kind}-sam.yaml", f"{kind}-output_sam.yaml") for kind in ("app", "test"))
_BUCKET = "floor"
_PASSED = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds: of the bare build, from starting the emulator to its first answer, and of ending it."""

    build: float
    first_answer: float
    stop: float


def measure(repository: Path, templates: Iterable[Template] = STARTER, *, tests: bool = False) -> Floor:
    """Measure it in a repository, whose packages for its tests this program's Python already has."""
    emulator = Emulator(os.environ)
    began = time.monotonic()
    with emulator:
        _ask(emulator)
        first_answer = time.monotonic() - began
        build = _build(emulator, repository, _commands(templates, tests=tests))
        ending = time.monotonic()
    return Floor(build, first_answer, time.monotonic() - ending)


def _ask(emulator: Emulator) -> None:
    door = http.client.HTTPConnection("127.0.0.1", emulator.doors.http_port)
    # The gate lets nobody in there; its refusal is an answer as well.
    door.request("GET", "/_ministack/health")
    assert door.getresponse().status == http.HTTPStatus.NOT_FOUND
    door.close()


def _build(emulator: Emulator, repository: Path, commands: Iterable[tuple[str, list[str]]]) -> float:
    emulator.client("s3").create_bucket(Bucket=_BUCKET)
    environment = _environment(emulator)
    seconds = 0.0
    for folder, command in commands:
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=repository / folder, env=environment, capture_output=True, text=True, check=False
        )
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


def _commands(templates: Iterable[Template], *, tests: bool) -> Iterable[tuple[str, list[str]]]:
    if tests:
        yield ".", [sys.executable, "-m", "pytest", "-q"]
    aws = str(provide(TOOLS["aws"], cache_folder(os.environ), os.environ, print))
    for folder, template, output in templates:
        files = ["--template-file", template, "--output-template-file", output]
        yield folder, [aws, "cloudformation", "package", *files, "--s3-bucket", _BUCKET]
