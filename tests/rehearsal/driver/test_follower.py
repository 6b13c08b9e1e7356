"""The end of the emulator, and its silence, are noticed."""

from __future__ import annotations

import pytest

from generator.rehearsal.driver.follower import Follower
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator


def test_an_emulator_that_is_not_running_is_an_error() -> None:
    with pytest.raises(EmulatorError, match="ended during"):
        Follower(Emulator({}), "p").end_of_first()


def test_an_emulator_that_tells_nothing_is_an_error(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="does not say how the execution began"):
        Follower(emulator, "nobody's").end_of_first(0.1)


def test_nothing_that_starts_in_time_is_no_execution(emulator: Emulator) -> None:
    assert Follower(emulator, "nobody's").started(0.1) is None
