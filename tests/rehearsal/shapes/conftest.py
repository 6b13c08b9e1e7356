"""A place for rehearsals of applications."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Stage


@pytest.fixture
def stage(emulator: Emulator, tmp_path: Path) -> Stage:
    return Stage(emulator, tmp_path)
