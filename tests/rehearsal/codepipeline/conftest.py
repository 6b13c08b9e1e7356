"""Fixtures of the local CodePipeline's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsal.codepipeline.bench import Bench
from tests.rehearsal.codepipeline.formation import Formation
from tests.rehearsal.codepipeline.workshop import Workshop


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


@pytest.fixture
def formation(workshop: Workshop) -> Formation:
    return Formation(workshop)
