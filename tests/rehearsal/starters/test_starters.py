"""Every starter goes from its first commit to prod, and its tests really call what was deployed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.rehearsal.starters.journeys import Journey, processes_with, rehearse

STAGES = ("Beta", "Gamma", "Prod")
STACKS = {f"time-service-{name}": "CREATE_COMPLETE" for name in ("pipeline", "tests", "beta", "gamma", "prod")}

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Starter:
    """A starter and what runs on this machine in place of its functions' runtime."""

    name: str
    runtime: str
    stand_in: str


STARTERS = (
    Starter("time-service-python", "python3.13", r"Python 3\.\d+\.\d+"),
    Starter("time-service-node", "nodejs24.x", r"Node\.js \d+\.\d+\.\d+"),
)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A starter, its journey, and the folder it was made in."""

    starter: Starter
    journey: Journey
    folder: Path


@pytest.fixture(scope="module", params=STARTERS, ids=lambda starter: starter.name)
def rehearsed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    folder = tmp_path_factory.mktemp(request.param.name)
    return Rehearsed(request.param, rehearse(request.param.name, folder), folder)


def test_a_starter_gets_to_prod(rehearsed: Rehearsed) -> None:
    outcome = rehearsed.journey.outcome
    assert (outcome.status, outcome.reason) == ("Succeeded", "")
    assert [stage.name for stage in outcome.stages] == ["Source", "Build", "DeployTests", *STAGES]


@pytest.mark.parametrize("stage", STAGES)
def test_the_tests_of_a_stage_call_its_api(rehearsed: Rehearsed, stage: str) -> None:
    ended = rehearsed.journey.ended(stage, "Test")
    assert ended.summary == "3 passed, 0 failed: 3 of 3 checks passed"
    assert (ended.variables["Passed"], ended.variables["Failed"]) == ("3", "0")
    # The function behind the API tells of every request: without them, a count would prove nothing.
    assert rehearsed.journey.requests[f"time-service-{stage.lower()}"] == 3


def test_every_stage_is_tested_by_one_call_of_the_test_function(rehearsed: Rehearsed) -> None:
    assert rehearsed.journey.requests["time-service-tests"] == len(STAGES)


def test_no_stack_is_left_in_a_failed_state(rehearsed: Rehearsed) -> None:
    assert rehearsed.journey.stacks == STACKS


def test_nothing_is_refused_on_the_way(rehearsed: Rehearsed) -> None:
    assert rehearsed.journey.outcome.denials == ()


def test_what_stood_in_for_a_runtime_is_reported(rehearsed: Rehearsed) -> None:
    stand_ins = rehearsed.journey.outcome.stand_ins
    assert re.fullmatch(rehearsed.starter.stand_in, stand_ins[rehearsed.starter.runtime])
    # start_tests, whatever the starter is written in.
    assert stand_ins["python3.13"].startswith("Python 3.")


def test_the_unit_tests_of_the_build_are_counted(rehearsed: Rehearsed) -> None:
    build = next(stage for stage in rehearsed.journey.outcome.stages if stage.name == "Build")
    assert build.tests == ("unit-tests: 20 passed",)


def test_nothing_is_left_behind(rehearsed: Rehearsed) -> None:
    assert list((rehearsed.folder / "tmp").iterdir()) == []
    assert processes_with(str(rehearsed.folder)) == []
