"""The blueprint in Chalice goes from its first commit to prod, and its tests call what was deployed."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.execution import ActionEnded
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Rehearsed
from tests.rehearsal.frameworks.applications import rehearse

BLUEPRINT = Path(__file__).parents[3] / "blueprints" / "time-service-chalice"


def files() -> dict[str, str]:
    """The blueprint under a service name that no other rehearsal of this emulator has."""
    paths = [path for path in BLUEPRINT.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    texts = {path.relative_to(BLUEPRINT).as_posix(): path.read_text() for path in paths}
    # Two stages show as much as three, and cost a third less.
    pipeline = texts["pipeline.yaml"].replace("time-service", "chalices") + "stages: [beta, prod]\n"
    return {**texts, "pipeline.yaml": pipeline}


@pytest.fixture(scope="module")
def rehearsed(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    return rehearse(emulator, tmp_path_factory.mktemp("chalices"), files())


def test_it_gets_to_prod_and_every_stage_is_tested_over_http(rehearsed: Rehearsed) -> None:
    assert (rehearsed.outcome.status, rehearsed.outcome.reason) == ("Succeeded", ""), rehearsed.logged
    tests = [event.summary for event in rehearsed.of(ActionEnded) if event.action == "Test"]
    assert tests == ["3 passed, 0 failed: 3 of 3 checks passed"] * 2
    assert rehearsed.outcome.denials == ()


def test_the_unit_tests_of_the_build_are_counted(rehearsed: Rehearsed) -> None:
    build = next(stage for stage in rehearsed.outcome.stages if stage.name == "Build")
    assert build.tests == ("unit-tests: 18 passed",)
