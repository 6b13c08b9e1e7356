"""`penstock rehearse --faults`: the command tries what was green, says what struck, and leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine
from tests.rehearsal.driver.small import Small


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


def test_it_cannot_be_kept(machine: Machine, tmp_path: Path) -> None:
    ran = machine.rehearse(Small().write(tmp_path / "files"), "--approve", "yes", "--faults", "--keep")
    assert ran.code == 2
    assert "--keep and --faults exclude each other" in ran.err


def test_what_is_red_without_faults_is_not_tried_with_them(machine: Machine, tmp_path: Path) -> None:
    file = Small(build="exit 3").commit(tmp_path / "repository")
    ran = machine.rehearse(file, "--approve", "yes", "--faults")
    assert ran.code == 1
    assert "with faults" not in ran.out


@pytest.mark.slow
def test_the_end_of_each_trial_is_said_in_words(machine: Machine, tmp_path: Path) -> None:
    file = Small().commit(tmp_path / "repository")
    ran = machine.rehearse(file, "--approve", "yes", "--faults", "--until", "beta")
    assert ran.code == 0
    assert "green; now with faults (--seed 1)" in ran.out
    assert "with faults (duplicate, late, throttled, slow): as without faults, in " in ran.out
    assert "with faults (killed): red at Beta/Test, in " in ran.out
    assert "1 x the emulator, when " in ran.out
    assert machine.left_over() == []
