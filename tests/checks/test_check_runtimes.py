"""Retired and soon-retired Lambda runtimes, on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from generator.aws_rules.runtimes import LIFECYCLES

Check = Callable[..., list[str]]


def _app(runtime: str) -> str:
    return f"Resources:\n  GetTime: {{Type: AWS::Lambda::Function, Properties: {{Runtime: {runtime}}}}}\n"


RETIRED = (
    "runtime 'python3.9' of GetTime was retired on 2025-12-15: Lambda refuses to create functions with it"
    " from 2027-02-01 and to update them from 2027-03-03 | use python3.14"
)


@pytest.mark.parametrize(
    ("day", "level"), [("2025-12-15", "warning: "), ("2027-01-31", "warning: "), ("2027-02-01", ""), ("2027-04-01", "")]
)
def test_a_retired_runtime_is_a_warning_until_lambda_refuses_to_create_functions(
    check: Check, day: str, level: str
) -> None:
    today = dt.date.fromisoformat(day)
    assert check(_app("python3.9"), today=today) == [f"app-sam.yaml:2:64: {level}{RETIRED}"]


@pytest.mark.parametrize(
    ("runtime", "hint"),
    [
        ("nodej10.x", "did you mean 'nodejs10.x'?"),
        ("python4.0", "did you mean 'python3.10'?"),
        ("nodejs25.x", "did you mean 'nodejs24.x'?"),
        ("python3.5", "did you mean 'python3.9'?"),
        ("Python3.13", "did you mean 'python3.13'?"),
        ("cobol", "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html"),
    ],
)
def test_a_runtime_that_does_not_exist_is_an_error_at_its_place(check: Check, runtime: str, hint: str) -> None:
    assert check(_app(runtime)) == [f"app-sam.yaml:2:64: Lambda has no runtime '{runtime}' (GetTime) | {hint}"]


@pytest.mark.parametrize("runtime", ["nodejs26.x", "python3.15", "java29", "ruby4.1", "dotnet12", "provided.al2027"])
def test_a_runtime_that_aws_may_have_added_since_is_a_warning(check: Check, runtime: str) -> None:
    [line] = check(_app(runtime))
    assert f"warning: runtime '{runtime}' of GetTime is not among those that Lambda had on 2026-11-21" in line


def test_a_runtime_soon_retired_is_a_warning(check: Check) -> None:
    assert check(_app("nodejs22.x"), today=dt.date(2027, 1, 1)) == [
        "app-sam.yaml:2:64: warning: runtime 'nodejs22.x' of GetTime retires on 2027-04-30 | use nodejs24.x"
    ]


@pytest.mark.parametrize(
    ("day", "level"),
    [("2026-10-31", ""), ("2026-11-01", "warning"), ("2027-05-31", "warning"), ("2027-06-01", "error")],
)
def test_the_notice_begins_180_days_before(check: Check, day: str, level: str) -> None:
    lines = check(_app("nodejs22.x"), today=dt.date.fromisoformat(day))
    assert len(lines) == bool(level)
    assert all(("warning: " in line) == (level == "warning") for line in lines)


@pytest.mark.parametrize("runtime", ["python3.13", "nodejs24.x", "provided.al2023", "!Ref Unknown"])
def test_a_runtime_with_years_to_go_or_that_only_a_launch_tells_is_fine(check: Check, runtime: str) -> None:
    assert check(_app(runtime)) == []


def test_a_runtime_without_a_successor_has_no_hint(check: Check) -> None:
    [line] = check(_app("nodejs24.x"), today=dt.date(2028, 5, 1))
    assert "warning: " in line
    assert line.endswith("to update them from 2028-07-01")


def test_a_runtime_of_globals_stands_there_once(check: Check) -> None:
    app = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: ruby3.2}}
Resources:
  A: {Type: AWS::Serverless::Function}
  B: {Type: AWS::Serverless::Function}
"""
    [line] = check(app)
    assert line.startswith("app-sam.yaml:2:31: warning: runtime 'ruby3.2' of A and B was retired on 2026-03-31: ")


def test_the_tests_template_is_looked_at_too(check: Check) -> None:
    tests = "Outputs: {TestFunction: {Value: x}}\n" + _app("provided.al2")
    [line] = check(testing=tests)
    assert line.startswith("test-sam.yaml:3:64: warning: runtime 'provided.al2' of GetTime was retired on 2026-07-31: ")


def test_the_table_is_in_order_and_its_successors_outlive_what_they_succeed() -> None:
    assert list(LIFECYCLES) == sorted(LIFECYCLES)
    for lifecycle in LIFECYCLES.values():
        dates = [dt.date.fromisoformat(date) for date in lifecycle[:3]]
        assert dates[1] <= dates[2]
        assert not lifecycle.successor or LIFECYCLES[lifecycle.successor].retired >= lifecycle.retired
