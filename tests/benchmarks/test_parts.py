"""The arithmetic of the benchmark: events become parts, several runs become one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.family import Line, Run
from benchmarks.parts import BEFORE, LAUNCH, PUSH, SUMMARY, TEARDOWN, medians, parts, phases, ratio

EVENTS: list[tuple[float, dict[str, Any]]] = [
    (0.5, {"type": "Begun"}),
    (1.5, {"type": "Launched"}),
    (1.6, {"type": "Remarked"}),
    (1.75, {"type": "ActionStarted", "stage": "Source", "action": "Source"}),
    (2.0, {"type": "ActionEnded", "stage": "Source", "action": "Source"}),
    (2.5, {"type": "ActionStarted", "stage": "Beta", "action": "Deploy"}),
    (3.0, {"type": "ActionEnded", "stage": "Beta", "action": "Deploy"}),
    (4.0, {"type": "ActionEnded", "stage": "Beta", "action": "Test"}),
    (4.25, {"type": "result", "status": "Succeeded"}),
]


def run_of(events: list[tuple[float, dict[str, Any]]], code: int = 0) -> Run:
    return Run(5.0, 7.0, code, tuple(Line(at, json.dumps(event)) for at, event in events))


def test_every_part_lasts_from_the_end_of_the_one_before() -> None:
    assert list(parts(run_of(EVENTS)).items()) == [
        (BEFORE, 0.5),
        (LAUNCH, 1.0),
        (PUSH, 0.25),
        ("Source: Source", 0.25),
        ("Beta: Deploy", 1.0),
        ("Beta: Test", 1.0),
        (SUMMARY, 0.25),
        (TEARDOWN, 0.75),
    ]


def test_the_parts_are_the_whole() -> None:
    assert sum(parts(run_of(EVENTS)).values()) == 5.0


@pytest.mark.parametrize(
    "run", [run_of(EVENTS, code=1), run_of(EVENTS[:-1]), run_of([])], ids=["red", "cut off", "silent"]
)
def test_a_rehearsal_that_did_not_succeed_is_not_measured(run: Run) -> None:
    with pytest.raises(ValueError, match=f"the rehearsal ended with {run.code}"):
        parts(run)


def test_the_last_words_of_a_rehearsal_that_failed_are_shown() -> None:
    with pytest.raises(ValueError, match='"status": "Failed"'):
        parts(run_of([*EVENTS[:-1], (4.0, {"type": "result", "status": "Failed"})], code=1))


def test_the_phases_of_a_build_are_those_that_took_time() -> None:
    start = datetime(2026, 1, 2, tzinfo=UTC)
    build = {
        "phases": [
            {"phaseType": "QUEUED", "startTime": start, "endTime": start},
            {"phaseType": "INSTALL", "startTime": start, "endTime": start + timedelta(seconds=1.5)},
            {"phaseType": "COMPLETED", "startTime": start},
        ]
    }
    assert phases(build) == {"INSTALL": 1.5}


def test_a_median_is_taken_of_each_figure() -> None:
    assert medians([{"a": 1, "b": 9}, {"a": 3, "b": 8}, {"a": 2, "b": 1}]) == {"a": 2, "b": 8}


@pytest.mark.parametrize("other", [{"a": 1}, {"b": 1, "a": 1}, {"a": 1, "b": 1, "c": 1}])
def test_runs_that_did_different_things_have_no_median(other: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="different things"):
        medians([{"a": 1, "b": 2}, other])


def test_each_run_is_compared_with_the_floor_measured_beside_it() -> None:
    # A busy moment slows both: the ratio stands.
    assert ratio([10, 40, 12], [1, 4, 1]) == 10


def test_a_run_without_its_floor_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([1, 2], [1])
