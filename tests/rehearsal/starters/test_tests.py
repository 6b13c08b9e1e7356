"""Tests that are commands and subsets of tests, run for real: a commit is built, deployed, tested."""

from __future__ import annotations

from pathlib import Path

from generator.execution import ActionEnded
from tests.rehearsal.starters.journeys import rehearse

_HEAD = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"
_COMMANDS = """\
variables:
  Greeting: {default: hello}
build: {environment: {GREETING: "#{variables.Greeting}"}, test: 'test "$GREETING" = hello'}
tests:
  commands:
    - test "$API_URL" = "$OUTPUT_ApiUrl"
    - python3 -c "import os, urllib.request as r; assert b'time' in r.urlopen(os.environ['API_URL'] + '/time').read()"
    - test "$STACK" = "time-service-$STAGE" && test "$SERVICE" = time-service && test -n "$COMMIT$EXECUTION_ID"
    - export Summary="$STAGE ran ${SUBSET:-everything}"
stages: [beta, {gamma: {tests: smoke}}]
"""
# The boundary of nobody: what AWS's own administrators may do.
_SUBSET = """\
artifacts: {bucket: acme-artifacts}
permissions_boundary: arn:aws:iam::aws:policy/AdministratorAccess
stages: [{beta: {tests: smoke}}]
"""


def test_commands_find_the_outputs_of_the_stage_and_the_subset(tmp_path: Path) -> None:
    journey = rehearse("time-service-python", tmp_path, files={"pipeline.yaml": _HEAD + _COMMANDS})
    beta, gamma = journey.ended("Beta", "Test"), journey.ended("Gamma", "Test")
    assert (beta.status, gamma.status) == ("Succeeded", "Succeeded"), _summary_of(beta, gamma)
    assert beta.variables["Summary"] == "beta ran everything"
    assert gamma.variables["Summary"] == "gamma ran smoke"
    assert "time-service-tests" not in journey.stacks


def test_a_command_that_fails_stops_the_pipeline(tmp_path: Path) -> None:
    text = _HEAD + "tests: {commands: ['test -n \"$OUTPUT_NoSuchOutput\"']}\nstages: [beta, gamma]\n"
    journey = rehearse("time-service-python", tmp_path, files={"pipeline.yaml": text})
    assert journey.ended("Beta", "Test").status == "Failed"
    assert "time-service-gamma" not in journey.stacks


def test_a_subset_reaches_the_test_function_and_artifacts_an_existing_bucket(tmp_path: Path) -> None:
    journey = rehearse("time-service-python", tmp_path, files={"pipeline.yaml": _HEAD + _SUBSET})
    tested = journey.ended("Beta", "Test")
    assert tested.status == "Succeeded", _summary_of(tested)
    assert tested.variables["Summary"] == "1 of 1 checks passed"


def _summary_of(*ended: ActionEnded) -> str:
    return "\n".join(f"{event.stage}: {event.error}" for event in ended)
