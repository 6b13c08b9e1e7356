"""What was green is tried with faults: what differs is found, and what hangs is ended."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import pytest

from generator.rehearsal.driver.outcome import Outcome, StageReport
from generator.rehearsal.driver.steps import Hear
from generator.rehearsal.driver.trials import TRIALS, Trials, difference
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.faults.kinds import Faults
from generator.rehearsal.emulator.handle import Emulator

GREEN = Outcome("Succeeded", stages=(StageReport("Beta", ("https://a.example",), ("3 passed, 0 failed: in 0.1 s",)),))
TOGETHER = TRIALS[0]


def make(faults: Faults | None) -> Emulator:
    return Emulator(os.environ, faults=faults)


def test_other_urls_and_other_words_are_no_difference() -> None:
    other = replace(GREEN, stages=(StageReport("Beta", ("https://b.example",), ("3 passed, 0 failed: in 0.4 s",)),))
    assert difference(GREEN, other, TOGETHER) == ""


def test_other_counts_are_a_difference() -> None:
    other = replace(GREEN, stages=(StageReport("Beta", (), ("2 passed, 0 failed: in 0.1 s",)),))
    assert "2 passed, 0 failed" in difference(GREEN, other, TOGETHER)


def test_red_for_another_reason_is_a_difference() -> None:
    red = Outcome("Failed", "Beta", "Test", "1 failed, 2 passed")
    assert difference(GREEN, red, TOGETHER).startswith("Failed, Beta/Test, 1 failed, 2 passed instead of Succeeded")


@pytest.mark.parametrize(
    ("reason", "kinds"),
    [("An error occurred (ThrottlingException): Rate exceeded", TOGETHER), ("f failed to return a result", TRIALS[1])],
)
def test_red_for_a_reason_that_names_the_fault_is_right(reason: str, kinds: tuple[str, ...]) -> None:
    assert difference(GREEN, Outcome("Failed", "Beta", "Test", reason), kinds) == ""


def test_red_for_a_reason_that_names_a_fault_that_did_not_strike_is_a_difference() -> None:
    red = Outcome("Failed", "Beta", "Test", "Rate exceeded")
    assert difference(GREEN, red, TRIALS[1])


@pytest.mark.slow
def test_what_hangs_is_ended_and_found() -> None:
    def hang(emulator: Emulator, _hear: Hear) -> Outcome:
        while emulator.alive:
            time.sleep(0.02)
        raise EmulatorError("the emulator ended during the rehearsal")

    trials = list(Trials(make, hang, seed=1, least=0.2).all(GREEN, 0.0))
    assert [tried.kinds for tried in trials] == list(TRIALS)
    assert [tried.status for tried in trials] == ["Failed"] * 3
    assert [tried.finding.partition(",")[0] for tried in trials[:2]] == ["hung: not over after 0.2 s"] * 2


@pytest.mark.slow
def test_a_rehearsal_that_goes_on_without_its_emulator_is_found() -> None:
    trials = list(Trials(make, lambda _emulator, _hear: GREEN, seed=1).all(GREEN, 0.0))
    assert [tried.finding for tried in trials] == ["", "", "the rehearsal went on without its emulator"]
