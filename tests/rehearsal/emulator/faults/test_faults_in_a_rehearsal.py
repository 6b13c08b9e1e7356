"""A pipeline stands what AWS may do to it, and is red with the reason where it cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.rehearsal.emulator.faults.kinds import KILLED, Faults
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Rehearsed, Stage
from tests.rehearsal.driver.small import Small

pytestmark = pytest.mark.slow
TOGETHER = ("duplicate", "late", "throttled", "slow")


def rehearse(folder: Path, seed: int, kinds: tuple[str, ...]) -> tuple[Rehearsed, list[tuple[str, str, int]]]:
    with Emulator(os.environ, faults=Faults(seed, kinds)) as emulator:
        result = Stage(emulator, folder).rehearse(Small("faulty"))
        return result, [tuple(fault) for fault in emulator.ledger()["faults"]]


def test_late_and_double_deliveries_throttling_and_slow_functions_change_nothing(tmp_path: Path) -> None:
    outcome, faults = rehearse(tmp_path, 1, TOGETHER)
    assert (outcome.outcome.status, outcome.outcome.reason) == ("Succeeded", "")
    assert [stage.tests for stage in outcome.outcome.stages[3:]] == [
        (f"1 passed, 0 failed: {stage} is fine",) for stage in ("beta", "gamma", "prod")
    ]
    assert {kind for kind, _, _ in faults} == set(TOGETHER)


def test_a_killed_start_tests_ends_its_job_with_the_silence_as_reason(tmp_path: Path) -> None:
    outcome, faults = rehearse(tmp_path, 1, ("killed",))
    assert (outcome.outcome.status, outcome.outcome.stage, outcome.outcome.action) == ("Failed", "Beta", "Test")
    assert all(words in outcome.outcome.reason for words in KILLED.named_by)
    assert faults == [("killed", "faulty_start_tests", 1)]
    assert "signal: killed" in outcome.logged
