"""Retired and soon-retired Lambda runtimes, on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from generator.checks.lifecycles import LIFECYCLES

Check = Callable[..., list[str]]


def _app(runtime: str) -> str:
    return f"Resources:\n  GetTime: {{Type: AWS::Lambda::Function, Properties: {{Runtime: {runtime}}}}}\n"


def test_a_retired_runtime_is_an_error_with_its_dates(check: Check) -> None:
    assert check(_app("python3.9")) == [
        (
            "app-sam.yaml:2:64: runtime 'python3.9' of GetTime was retired on 2025-12-15: Lambda refuses to create"
            " functions with it from 2027-02-01 and to update them from 2027-03-03 | use python3.14"
        )
    ]


def test_a_runtime_soon_retired_is_a_warning(check: Check) -> None:
    assert check(_app("nodejs22.x"), today=dt.date(2027, 1, 1)) == [
        "app-sam.yaml:2:64: warning: runtime 'nodejs22.x' of GetTime retires on 2027-04-30 | use nodejs24.x"
    ]


@pytest.mark.parametrize(
    ("day", "level"),
    [("2026-10-31", ""), ("2026-11-01", "warning"), ("2027-04-29", "warning"), ("2027-04-30", "error")],
)
def test_the_notice_begins_180_days_before(check: Check, day: str, level: str) -> None:
    lines = check(_app("nodejs22.x"), today=dt.date.fromisoformat(day))
    assert len(lines) == bool(level)
    assert all(("warning: " in line) == (level == "warning") for line in lines)


@pytest.mark.parametrize("runtime", ["python3.13", "nodejs24.x", "provided.al2023", "python9.9", "!Ref Unknown"])
def test_a_runtime_with_years_to_go_or_unknown_is_fine(check: Check, runtime: str) -> None:
    assert check(_app(runtime)) == []


def test_a_runtime_without_a_successor_has_no_hint(check: Check) -> None:
    [line] = check(_app("nodejs24.x"), today=dt.date(2028, 5, 1))
    assert line.endswith("to update them from 2028-07-01")


def test_a_runtime_of_globals_stands_there_once(check: Check) -> None:
    app = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: ruby3.2}}
Resources:
  A: {Type: AWS::Serverless::Function}
  B: {Type: AWS::Serverless::Function}
"""
    [line] = check(app)
    assert line.startswith("app-sam.yaml:2:31: runtime 'ruby3.2' of A and B was retired on 2026-03-31: ")


def test_the_tests_template_is_looked_at_too(check: Check) -> None:
    tests = "Outputs: {TestFunction: {Value: x}}\n" + _app("provided.al2")
    [line] = check(testing=tests)
    assert line.startswith("test-sam.yaml:3:64: runtime 'provided.al2' of GetTime was retired on 2026-07-31: ")


def test_the_table_is_in_order_and_its_successors_outlive_what_they_succeed() -> None:
    assert list(LIFECYCLES) == sorted(LIFECYCLES)
    for found in LIFECYCLES.values():
        dates = [dt.date.fromisoformat(date) for date in found[:3]]
        assert dates[1] <= dates[2]
        assert not found.successor or LIFECYCLES[found.successor].retired >= found.retired
