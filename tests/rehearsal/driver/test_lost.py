"""An emulator that ends takes the files of the source with it: it is named as the cause, and not what they lack."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from generator.errors import InvalidInputError, Problem
from generator.rehearsal.driver.lost import losing_the_files
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator


@pytest.mark.parametrize(
    "problem", [FileNotFoundError("template.yaml"), InvalidInputError([Problem("there is no template.yaml")])]
)
def test_what_is_missing_after_the_end_of_the_emulator_is_its_end(problem: Exception, tmp_path: Path) -> None:
    with Emulator({**os.environ, "TMPDIR": str(tmp_path)}) as emulator:
        emulator.lose()
        wait_until_gone(emulator.settings.folder)
        with pytest.raises(EmulatorError, match="the emulator does not answer"), losing_the_files(emulator):
            raise problem


def wait_until_gone(folder: Path) -> None:
    limit = time.monotonic() + 60
    while folder.exists():
        assert time.monotonic() < limit, f"{folder} is still there"
        time.sleep(0.01)


def test_what_is_missing_beside_a_living_emulator_is_said_as_it_is(emulator: Emulator) -> None:
    with pytest.raises(FileNotFoundError, match="template"), losing_the_files(emulator):
        raise FileNotFoundError("template.yaml")
