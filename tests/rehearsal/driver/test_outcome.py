"""What a rehearsal comes to, event by event; no emulator needed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from generator.execution import NOT_REHEARSED, ActionEnded, AssumptionMade, ErrorDetails, ExecutionEnded, StageStarted
from generator.rehearsal.assumptions import ReliedOn
from generator.rehearsal.driver import logs
from generator.rehearsal.driver.outcome import Outcome, StageReport, Status, Tally

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
DEPLOY = ("Deploy", "AWS", "CloudFormation", "1")
INVOKE = ("Invoke", "AWS", "Lambda", "1")


def action(kind: tuple[str, str, str, str], **more: Any) -> ActionEnded:
    ended = ActionEnded(AT, "p", 1, "e", "Beta", "Act", "r", kind, status="Succeeded")
    return dataclasses.replace(ended, **more)


def failed(kind: tuple[str, str, str, str], code: str, message: str) -> ActionEnded:
    return action(kind, status="Failed", error=ErrorDetails(code, message))


def end(**more: Any) -> ExecutionEnded:
    return dataclasses.replace(ExecutionEnded(AT, "p", 1, "e", status="Succeeded"), **more)


@pytest.fixture
def tally() -> Tally:
    result = Tally()
    result.take(StageStarted(AT, "p", 1, "e", "Beta"))
    return result


def red(tally: Tally, event: ActionEnded, *lacking: str, not_rehearsed: bool = False) -> Outcome:
    tally.take(event)
    ended = end(status="Failed", stage="Beta", action="Act", summary="Act: why", not_rehearsed=not_rehearsed)
    return tally.ended(ended, lacking)


@pytest.mark.parametrize(
    ("status", "code"), [("Succeeded", 0), ("Stopped", 0), ("Failed", 1), ("NotRehearsed", 5)]
)  # fmt: skip
def test_every_status_has_its_exit_code(status: Status, code: int) -> None:
    assert Outcome(status).exit_code == code


def test_urls_are_the_outputs_that_are_some(tally: Tally) -> None:
    tally.take(action(DEPLOY, variables={"Name": "x", "B": "https://b", "A": "https://a", "Plain": "http://c"}))
    assert tally.outcome("Succeeded").stages == (StageReport("Beta", urls=("https://a", "https://b")),)


def test_of_each_stack_of_a_stage_the_last_urls_count(tally: Tally) -> None:
    tally.take(action(DEPLOY, external_id="stack/api", variables={"Url": "https://old"}))
    tally.take(action(DEPLOY, external_id="stack/site", variables={"Url": "https://site"}))
    tally.take(action(DEPLOY, external_id="stack/api", variables={"Url": "https://new"}))
    assert tally.outcome("Succeeded").stages[0].urls == ("https://new", "https://site")


def test_a_later_deployment_without_urls_keeps_the_ones_before(tally: Tally) -> None:
    tally.take(action(DEPLOY, variables={"A": "https://a"}))
    tally.take(action(DEPLOY))
    assert tally.outcome("Succeeded").stages[0].urls == ("https://a",)


def test_tests_are_the_functions_that_count_some(tally: Tally) -> None:
    tally.take(action(INVOKE, summary="3 passed", variables={"Passed": "3"}))
    tally.take(action(INVOKE, summary="adds 8", variables={"Text": "adds 8"}))
    assert tally.outcome("Succeeded").stages[0].tests == ("3 passed",)


def test_a_success_during_which_something_was_lacking_is_not_green(tally: Tally) -> None:
    outcome = tally.ended(end(), ("Runtime java21 is not rehearsed",))
    assert (outcome.status, outcome.lacking) == ("NotRehearsed", ("Runtime java21 is not rehearsed",))


def test_a_failure_is_red_and_its_reason_does_not_repeat_the_action(tally: Tally) -> None:
    outcome = red(tally, failed(INVOKE, "JobFailed", "why"))
    assert outcome == Outcome("Failed", "Beta", "Act", "why", (StageReport("Beta"),))


def test_red_outranks_what_could_not_be_rehearsed_elsewhere(tally: Tally) -> None:
    assert red(tally, failed(DEPLOY, "JobFailed", "why"), "Runtime java21").status == "Failed"


@pytest.mark.parametrize(
    ("event", "lacking", "flag"),
    [
        (failed(DEPLOY, NOT_REHEARSED, "no such provider"), (), True),
        (failed(INVOKE, "JobFailed", "the function failed"), ("Runtime java21",), False),
        (failed(DEPLOY, "JobFailed", "Thing: cannot be rehearsed: resources of AWS::Thing::It"), (), False),
    ],
    ids=["said by the action", "a function that cannot run here", "a resource that is not here"],
)
def test_what_failed_only_here_is_not_red(
    event: ActionEnded, lacking: tuple[str, ...], flag: bool, tally: Tally
) -> None:
    assert red(tally, event, *lacking, not_rehearsed=flag).status == "NotRehearsed"


def test_an_execution_that_somebody_stops_is_red(tally: Tally) -> None:
    outcome = tally.ended(end(status="Stopped", stage="Beta", summary="enough"), ())
    assert (outcome.status, outcome.reason) == ("Failed", "the execution is Stopped: enough")


def test_assumptions_are_kept_once(tally: Tally) -> None:
    for _ in range(2):
        tally.take(
            AssumptionMade(
                AT,
                "p",
                1,
                "e",
                "Beta",
                "Act",
                "r",
                DEPLOY,
                assumption="empty",
                value="fine",
                meaning="is fine",
                why="AWS is silent",
            )
        )
    assert tally.outcome("Succeeded").assumptions == (ReliedOn("empty", "fine", "is fine", "AWS is silent"),)


def test_the_log_of_a_build_tells_counts_and_stand_ins(tally: Tally) -> None:
    log = (
        "[Container] 2026/11/21 22:45:00.1 'python' runtime version '3.13' is not on this machine: 3.11.7 stands in",
        "Report of mine: 1 passed",
        "[Container] 2026/11/21 22:45:00.2 Report unit-tests: 20 passed, 1 skipped",
    )
    tally.built("Beta", log)
    outcome = tally.outcome("Succeeded")
    assert outcome.stages[0].tests == ("unit-tests: 20 passed, 1 skipped",)
    assert outcome.stand_ins == {"python 3.13": "python 3.11.7"}


def test_a_log_without_either_says_nothing() -> None:
    assert logs.counts(("building",)) == ()
    assert logs.stand_ins(("building",)) == {}


def test_a_build_that_never_began_has_no_log() -> None:
    nobody: Any = object()
    assert logs.build(nobody, "") == ()
