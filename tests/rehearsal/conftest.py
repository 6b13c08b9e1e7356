"""Emulators shared by the tests of the rehearsal: starting one takes half a second, so a session has few."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from generator.rehearsal.emulator.handle import Emulator

RECORDER = "tests.rehearsal.emulator.fakes:Recorder"


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """The emulator as a rehearsal has it, all services mounted."""
    with Emulator(os.environ) as running:
        yield running


@pytest.fixture(scope="session")
def recording() -> Iterator[Emulator]:
    """An emulator whose CodePipeline and CodeBuild write down what they are asked."""
    mounts = {"codepipeline": RECORDER}
    with Emulator(os.environ, mounts=mounts) as running:
        yield running
