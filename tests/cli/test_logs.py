"""`penstock logs` on pipelines of this machine: a red test, a broken build, a stack that rolled back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.aws.lines import BROKEN_TEMPLATE, TAKEN, Line
from tests.aws.local import Cloud


@pytest.fixture(scope="session")
def red(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Line:
    """A pipeline whose tests failed."""
    line = Line(cloud, "red", tmp_path_factory.mktemp("red"))
    line.break_tests()
    line.ended(line.create(line.beta(), line.prod()))
    return line


def test_a_red_test_shows_why_what_start_tests_said_and_what_the_tests_printed(red: Line) -> None:
    ran = red.penstock("logs")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"Beta/Test failed: {red.head[:12]} Begin (execution ")
    assert lines[1] == "  red-check: 1 failed, 2 passed: the clock is wrong"
    tests, check = lines.index("log of function red-tests:"), lines.index("log of function red-check:")
    assert "  | testing red-app with red-check" in lines[tests:check]
    assert any(line.startswith("  | checking http") for line in lines[check:])


def test_a_stage_that_did_well_can_be_chosen(cloud: Cloud, tmp_path: Path) -> None:
    line = Line(cloud, "green", tmp_path / "green")
    line.create(line.beta(), line.prod())
    line.waits()
    out = line.penstock("logs", "beta").out
    assert "Beta/Deploy succeeded" in out
    assert "CREATE_COMPLETE AWS::CloudFormation::Stack green-app" in out
    assert "answering job" in out


def test_only_so_many_lines_of_each_log_are_shown(red: Line) -> None:
    parsed = json.loads(red.penstock("logs", "--lines", "2", "--output", "json").out)
    (log,) = parsed["logs"]
    assert (log["stage"], log["action"], log["status"]) == ("Beta", "Test", "Failed")
    assert [(each["title"], len(each["lines"])) for each in log["sections"]] == [
        ("log of function red-tests", 2),
        ("log of function red-check", 2),
    ]


def test_a_broken_build_shows_its_phase_and_its_log(cloud: Cloud, tmp_path: Path) -> None:
    line = Line(cloud, "broken", tmp_path / "broken")
    line.git("rm", "--quiet", "app.json")
    line.commit({"README": "no application"}, "Lose it")
    line.emulator.push(line.prefix, line.source)
    line.ended(line.create({"name": "Build", "actions": [line.build()]}))
    lines = line.penstock("logs").out.splitlines()
    assert lines[0].startswith("Build/Build failed: ")
    phase = lines[lines.index("failed phase:") + 1]
    assert phase.startswith("  | BUILD FAILED: ")
    assert "cp app.json packaged.json" in phase
    log = lines[next(n for n, each in enumerate(lines) if each.startswith("log of build broken-build:")) :]
    assert any("app.json" in each and "No such file" in each for each in log)


def test_a_stack_that_rolled_back_shows_what_failed(cloud: Cloud, tmp_path: Path) -> None:
    cloud.client("logs").create_log_group(logGroupName=TAKEN)
    line = Line(cloud, "rolled", tmp_path / "rolled")
    line.commit({"app.json": json.dumps(BROKEN_TEMPLATE)}, "Break it")
    line.emulator.push(line.prefix, line.source)
    line.ended(line.create(line.beta()))
    lines = line.penstock("logs").out.splitlines()
    events = lines[lines.index("failed events of stack rolled-app:") + 1 :]
    assert len(events) == 1
    assert "CREATE_FAILED AWS::Logs::LogGroup Bad: " in events[0]


def test_nothing_failed_says_what_the_pipeline_does(cloud: Cloud, tmp_path: Path) -> None:
    line = Line(cloud, "quiet", tmp_path / "quiet")
    line.create(line.asking())
    line.waits()
    ran = line.penstock("logs")
    assert (ran.code, ran.out) == (1, "")
    assert "no failed action, so nothing to read: Prod/Approve waits for an approval" in ran.err


def test_a_stage_there_is_not_names_those_there_are(red: Line) -> None:
    ran = red.penstock("logs", "gamma")
    assert ran.code == 2
    assert "its stages: Source, Beta, Prod" in ran.err
