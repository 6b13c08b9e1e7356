"""The words of a rehearsal: what is told of a step, what stands in the report, what a terminal must not act on."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from generator.cli.views.approvals import asked
from generator.cli.views.live import LiveView
from generator.cli.views.report import report
from generator.cli.views.steps import Words, harmless
from generator.execution import ActionEnded, ActionStarted, ActionWaiting, ErrorDetails, StageStarted
from generator.rehearsal.assumptions import ReliedOn
from generator.rehearsal.driver.denials import Denial
from generator.rehearsal.driver.outcome import Outcome, StageReport
from generator.rehearsal.driver.reach import Branch, Reach
from generator.rehearsal.driver.steps import Begun, Launched, Logged, Remarked, Step

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KIND = ("Build", "AWS", "CodeBuild", "1")
PLACE = ("p", 1, "e", "Build", "Build", "r", KIND)
REACH = Reach("/tmp/x", {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, ("p",), {}, ())  # noqa: S108 - nothing is written


@pytest.mark.parametrize(
    ("step", "lines"),
    [
        (Begun("commit 3ffabb71d235 (first)", "3ff"), ["rehearsing commit 3ffabb71d235 (first)"]),
        (Launched("time-pipeline", "time-pipeline", {}), ["launched time-pipeline"]),
        (Remarked("so it is"), ["so it is"]),
        (Logged("Beta", "Test", "/aws/lambda/x", ("a", "b")), ["  /aws/lambda/x:", "  | a", "  | b"]),
        (StageStarted(AT, "p", 1, "e", "Build"), []),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_step_has_its_words(step: Step, lines: list[str]) -> None:
    assert Words().of(step) == lines


def test_the_end_of_an_action_tells_how_long_it_took() -> None:
    words = Words()
    assert words.of(ActionStarted(AT, *PLACE)) == []
    ended = ActionEnded(AT + timedelta(seconds=1.26), *PLACE, status="Succeeded", summary="done\nand more")
    assert words.of(ended) == ["Build        Build             succeeded in 1.3 s  done"]


def test_a_failure_tells_why_and_shows_its_log() -> None:
    error = ErrorDetails("JobFailed", "it broke\nin two")
    ended = ActionEnded(AT, *PLACE, status="Failed", error=error, log=("one", "\x1b[31mtwo\x1b[0m"))
    head, *rest = Words().of(ended)
    assert head.split() == ["Build", "Build", "failed", "in", "0.0", "s"]
    assert rest == ["  JobFailed: it broke", "  in two", "  | one", "  | two"]


def test_the_picture_takes_the_rules_of_a_stage_in_beside_its_actions() -> None:
    shown = io.StringIO()
    view = LiveView(Console(file=shown, width=80))
    with view:
        view.hear(Launched("s", "p", {"Build": ("Build",), "Beta": ("Deploy",)}))
        view.hear(ActionStarted(AT, "p", 1, "e", "Build", "Window", "r", ("Rule", "AWS", "DeploymentWindow", "1")))
    picture = [line.split()[:3] for line in shown.getvalue().splitlines() if "launched" not in line]
    assert picture == [["Build", "·", "Build"], ["…", "Window", "0.0"], ["Beta", "·", "Deploy"]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("bell\x07 and\ttab", "bell  and\ttab"),
        ("Grüße ✓", "Grüße ✓"),
    ],
)
def test_nothing_is_left_that_a_terminal_would_act_on(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_the_approver_is_told_text_and_link_without_empty_lines() -> None:
    waiting = ActionWaiting(AT, *PLACE, token="t", message="adds 8\n\ntests fine", link="https://gamma")  # noqa: S106 - of nothing
    assert asked(waiting) == ["adds 8", "tests fine", "https://gamma"]


def test_the_report_lists_stages_stand_ins_assumptions_and_what_was_lacking() -> None:
    outcome = Outcome(
        "Succeeded",
        stages=(StageReport("Source"), StageReport("Beta", ("https://beta",), ("3 passed", "2 passed"))),
        stand_ins={"python3.13": "Python 3.11.7"},
        assumptions=(ReliedOn("empty-change-set", "succeeds", "is no failure", "no page tells"),),
        lacking=("a floor",),
        unchecked=("AWS::KMS::Key",),
    )
    assert report(outcome, 9.31, None) == [
        "",
        "Beta         3 passed",
        "             2 passed",
        "             https://beta",
        "ran          python3.13 on Python 3.11.7",
        "assumed      empty-change-set=succeeds: is no failure",
        "             since no page tells",
        "not checked  AWS::KMS::Key: whether the stack's role may make, change and delete it",
        "lacking      a floor",
        "green: the commit went through every stage, in 9.3 s",
    ]


def test_the_report_names_what_was_refused_what_nearly_allowed_it_and_what_would() -> None:
    denial = Denial(
        *("role", "iam:PassRole", "arn", "User: role is not authorized"),
        behind="lambda:CreateFunction",
        nearly=("p/Pass asks for another service",),
        unknown=("operator StringSounds",),
        remedy='{"Effect": "Allow"}',
        in_pipeline_file="deploy_role: {}",
    )
    assert report(Outcome("Failed", denials=(denial, Denial("r", "a", "*", "never"))), 1.0, None)[1:-1] == [
        "refused      User: role is not authorized (behind lambda:CreateFunction)",
        "             p/Pass asks for another service",
        "             not judged: operator StringSounds",
        '             allowed by: {"Effect": "Allow"}',
        "             in the pipeline file: deploy_role: {}",
        "refused      never",
    ]


def test_the_verdict_is_the_cause_and_then_what_came_of_it() -> None:
    outcome = Outcome(
        "Failed", "Build", "Build", "Error while executing command: pytest", cause="test_a: assert 4 == 3"
    )
    assert report(outcome, 1.0, None)[1:] == [
        "red at Build/Build, in 1.0 s: test_a: assert 4 == 3",
        "  Error while executing command: pytest",
    ]


@pytest.mark.parametrize(
    ("outcome", "last"),
    [
        (Outcome("Stopped", "Beta"), ["green until Beta, in 1.0 s"]),
        (Outcome("Failed", "Beta", "Test", "no\nwhy"), ["red at Beta/Test, in 1.0 s: no", "  why"]),
        (Outcome("Failed", reason="the stack is gone"), ["red, in 1.0 s: the stack is gone"]),
        (Outcome("NotRehearsed", "Build", "Go", "no Farm"), ["not rehearsed at Build/Go, in 1.0 s: no Farm"]),
    ],
)  # fmt: skip
def test_the_verdict_says_where_and_why(outcome: Outcome, last: list[str]) -> None:
    assert report(outcome, 1.0, None)[1:] == last


def test_what_is_kept_is_told_in_lines_for_a_shell() -> None:
    kept = Reach(
        "/tmp/x y",  # noqa: S108 - nothing is written
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_CA_BUNDLE": "/a b"},
        ("p",),
        {"time-beta": ("http://127.0.0.1:1/beta",)},
        (Branch("/tmp/x y/time.git", "main"),),  # noqa: S108 - nothing is written
    )
    lines = report(Outcome("Succeeded"), 1.0, kept)
    assert "  export AWS_CA_BUNDLE='/a b'" in lines
    assert "  curl http://127.0.0.1:1/beta  # time-beta" in lines
    assert "  git push --force '/tmp/x y/time.git' HEAD:main" in lines
    assert lines[-1] == "penstock local shows it again, penstock local --stop ends it"


def test_what_has_no_api_and_no_repository_is_kept_without_a_word_about_them() -> None:
    lines = report(Outcome("Succeeded"), 1.0, REACH)
    assert not [line for line in lines if "curl" in line or "git push" in line]
