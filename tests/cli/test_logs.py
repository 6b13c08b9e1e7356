"""`penstock logs` on pipelines of this machine: a red test, a broken build, a stack that rolled back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.aws.local import Cloud
from tests.aws.service_pipeline import BROKEN_TEMPLATE, TAKEN, ServicePipeline


@pytest.fixture(scope="session")
def red(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> ServicePipeline:
    """A pipeline whose tests failed."""
    pipeline = ServicePipeline(cloud, "red", tmp_path_factory.mktemp("red"))
    pipeline.break_tests()
    pipeline.ended(pipeline.create(pipeline.beta(), pipeline.prod()))
    return pipeline


def test_a_red_test_shows_why_what_start_tests_said_and_what_the_tests_printed(red: ServicePipeline) -> None:
    ran = red.penstock("logs")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0].startswith(f"Beta/Test failed: {red.head[:12]} Begin (execution ")
    assert lines[1] == "  red-check: 1 failed, 2 passed: the clock is wrong"
    tests, check = lines.index("log of function red-tests:"), lines.index("log of function red-check:")
    assert "  | testing red-app with red-check" in lines[tests:check]
    assert any(line.startswith("  | checking http") for line in lines[check:])


def test_a_stage_that_did_well_can_be_chosen(cloud: Cloud, tmp_path: Path) -> None:
    pipeline = ServicePipeline(cloud, "green", tmp_path / "green")
    pipeline.create(pipeline.beta(), pipeline.prod())
    pipeline.waits()
    out = pipeline.penstock("logs", "beta").out
    assert "Beta/Deploy succeeded" in out
    assert "CREATE_COMPLETE AWS::CloudFormation::Stack green-app" in out
    assert "answering job" in out


def test_only_so_many_lines_of_each_log_are_shown(red: ServicePipeline) -> None:
    parsed = json.loads(red.penstock("logs", "--lines", "2", "--output", "json").out)
    (log,) = parsed["logs"]
    assert (log["stage"], log["action"], log["status"]) == ("Beta", "Test", "Failed")
    assert [(each["title"], len(each["lines"])) for each in log["sections"]] == [
        ("log of function red-tests", 2),
        ("log of function red-check", 2),
    ]


def test_a_broken_build_shows_its_phase_and_its_log(cloud: Cloud, tmp_path: Path) -> None:
    pipeline = ServicePipeline(cloud, "broken", tmp_path / "broken")
    pipeline.git("rm", "--quiet", "app.json")
    pipeline.commit({"README": "no application"}, "Lose it")
    pipeline.emulator.push(pipeline.prefix, pipeline.source)
    pipeline.ended(pipeline.create({"name": "Build", "actions": [pipeline.build()]}))
    lines = pipeline.penstock("logs").out.splitlines()
    assert lines[0].startswith("Build/Build failed: ")
    phase = lines[lines.index("failed phase:") + 1]
    assert phase.startswith("  | BUILD FAILED: ")
    assert "cp app.json packaged.json" in phase
    log = lines[next(n for n, each in enumerate(lines) if each.startswith("log of build broken-build:")) :]
    assert any("app.json" in each and "No such file" in each for each in log)


def test_a_stack_that_rolled_back_shows_what_failed(cloud: Cloud, tmp_path: Path) -> None:
    cloud.client("logs").create_log_group(logGroupName=TAKEN)
    pipeline = ServicePipeline(cloud, "rolled", tmp_path / "rolled")
    pipeline.commit({"app.json": json.dumps(BROKEN_TEMPLATE)}, "Break it")
    pipeline.emulator.push(pipeline.prefix, pipeline.source)
    pipeline.ended(pipeline.create(pipeline.beta()))
    lines = pipeline.penstock("logs").out.splitlines()
    events = lines[lines.index("failed events of stack rolled-app:") + 1 :]
    assert len(events) == 1
    assert "CREATE_FAILED AWS::Logs::LogGroup Bad: " in events[0]


def test_nothing_failed_says_what_the_pipeline_does(cloud: Cloud, tmp_path: Path) -> None:
    pipeline = ServicePipeline(cloud, "quiet", tmp_path / "quiet")
    pipeline.create(pipeline.asking())
    pipeline.waits()
    ran = pipeline.penstock("logs")
    assert (ran.code, ran.out) == (1, "")
    assert "no failed action, so nothing to read: Prod/Approve waits for an approval" in ran.err


def test_a_stage_there_is_not_names_those_there_are(red: ServicePipeline) -> None:
    ran = red.penstock("logs", "gamma")
    assert ran.code == 2
    assert "its stages: Source, Beta, Prod" in ran.err
