"""What the tests of builds share: a machine with nothing of the user's on it, and a runner of builds."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.environment import without_virtual_environments
from generator.rehearsal.codebuild.job import Host
from generator.repository.cache.folder import cache_folder
from tests.rehearsal.codebuild.build_runner import BuildRunner, no_client
from tests.rehearsal.codebuild.fake_services import FakeServices


@pytest.fixture(scope="session")
def cache() -> Path:
    """The user's cache: what every build needs is made once for all tests, whichever process runs them."""
    return cache_folder(os.environ)


@pytest.fixture(scope="session")
def variables() -> dict[str, str]:
    """The variables of a child program, as the emulator gives them, without the emulator."""
    passed = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    path = without_virtual_environments(os.environ["PATH"])
    return {**passed, "PATH": path, "HOME": os.environ["HOME"], "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture
def host(variables: dict[str, str], cache: Path) -> Host:
    """A machine without AWS."""
    return Host(variables, lambda: {"AWS_ACCESS_KEY_ID": "ASIAEXAMPLEKEY"}, no_client, cache)


@pytest.fixture
def runner(tmp_path: Path, host: Host) -> Iterator[BuildRunner]:
    """A place to run builds at."""
    runner = BuildRunner(tmp_path, host)
    yield runner
    runner.close()


@pytest.fixture
def services(tmp_path: Path, variables: dict[str, str], cache: Path) -> Iterator[FakeServices]:
    """A CodeBuild service and all that surrounds it."""
    folder = tmp_path / "codebuild"
    folder.mkdir()
    services = FakeServices(folder, {**variables, "XDG_CACHE_HOME": str(cache.parent)})
    yield services
    services.service.close()
