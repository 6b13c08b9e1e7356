"""What follows a failed phase: the standard transitions, and on-failure's own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from generator.rehearsal.assumptions import CONTINUED_PHASE
from tests.rehearsal.codebuild.build_runner import BuildRunner

BUILT = ["DOWNLOAD_SOURCE", "INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD", "UPLOAD_ARTIFACTS"]


def phases(text: str) -> str:
    """A buildspec with these phases."""
    return f"version: 0.2\nphases:\n{text}"


ALL = """
  install: {commands: [%s]}
  pre_build: {commands: [%s]}
  build: {commands: [%s]}
  post_build: {commands: ["echo post $CODEBUILD_BUILD_SUCCEEDING"]}
"""


@pytest.mark.parametrize(
    ("commands", "names"),
    [
        (("'false'", "echo x", "echo x"), BUILT[:2]),
        (("echo x", "'false'", "echo x"), BUILT[:3]),
        (("echo x", "echo x", "'false'"), BUILT),
    ],
    ids=["install", "pre_build", "build"],
)
def test_the_standard_transitions_follow_a_failure(
    runner: BuildRunner, commands: tuple[str, ...], names: list[str]
) -> None:
    ended = runner.build(phases(ALL % commands))
    ran = [phase.name for phase in ended.phases if phase.name in BUILT]
    assert ran == names
    assert ended.status == "FAILED"
    assert [phase.name for phase in ended.phases][-2:] == ["FINALIZING", "COMPLETED"]


def test_post_build_is_told_that_the_build_failed(runner: BuildRunner) -> None:
    runner.build(phases(ALL % ("echo x", "echo x", "'false'")))
    assert runner.output()[-1] == "post 0"


def test_a_failed_post_build_still_uploads(runner: BuildRunner) -> None:
    spec = phases("  post_build: {commands: ['echo x > a', 'false']}\n") + "artifacts: {files: [a]}\n"
    ended = runner.build(spec, outputs=("",))
    assert ended.status == "FAILED"
    assert ended.failure
    assert ended.failure.phase == "POST_BUILD"
    assert ended.artifacts[""].exists()


def test_abort_ends_the_build_at_once(runner: BuildRunner) -> None:
    ended = runner.build(
        phases("  build: {commands: ['false'], on-failure: ABORT}\n  post_build: {commands: [echo post]}\n")
    )
    assert runner.output() == []
    assert [phase.name for phase in ended.phases if phase.name in BUILT] == BUILT[:4]
    assert ended.status == "FAILED"


def test_continue_goes_on_and_the_build_succeeds_by_a_named_assumption(runner: BuildRunner) -> None:
    ended = runner.build(
        phases("""
  install: {commands: ["false"], on-failure: CONTINUE}
  build: {commands: ["echo build $CODEBUILD_BUILD_SUCCEEDING"]}
""")
    )
    assert runner.output() == ["build 0"]
    assert ended.status == "SUCCEEDED"
    assert ended.assumptions == (CONTINUED_PHASE,)
    assert "Assumption continued-phase: a phase with on-failure: CONTINUE" in runner.log_text()


def test_the_assumption_about_continue_can_be_turned_round(runner: BuildRunner) -> None:
    runner.host = replace(runner.host, assumptions={"continued-phase": "fails"})
    ended = runner.build(phases("  build: {commands: ['false'], on-failure: CONTINUE}\n"))
    assert ended.status == "FAILED"
    assert ended.failure


def test_a_failure_elsewhere_counts_whatever_continues(runner: BuildRunner) -> None:
    ended = runner.build(
        phases("  install: {commands: ['false'], on-failure: CONTINUE}\n  build: {commands: ['false']}\n")
    )
    assert ended.status == "FAILED"
    assert ended.assumptions == ()


def count_and_fail(runner: BuildRunner) -> str:
    """A command that fails until it ran three times, whatever becomes of the source."""
    counter = runner.shared / "counter"
    return f"echo x >> {counter}; echo flaky; test $(wc -l < {counter}) -ge 3"


def test_retry_runs_the_whole_build_again_from_fresh_sources(runner: BuildRunner) -> None:
    spec = phases(f"""
  install: {{commands: ["ls; echo > made-by-the-build"]}}
  build: {{commands: ["{count_and_fail(runner)}"], on-failure: RETRY}}
""")
    ended = runner.build(spec)
    assert ended.status == "SUCCEEDED"
    assert runner.output() == ["buildspec.yml", "flaky"] * 3
    assert "BUILD failed: the build is run again (2 of 3)" in runner.log_text()


def test_retry_stops_after_its_count(runner: BuildRunner) -> None:
    ended = runner.build(phases(f'  build: {{commands: ["{count_and_fail(runner)}"], on-failure: RETRY-1}}\n'))
    assert ended.status == "FAILED"
    assert runner.output() == ["flaky"] * 2


@pytest.mark.parametrize(("pattern", "runs"), [("fla.y", 3), ("solid", 1), ("exit status 1", 3)])
def test_retry_looks_for_its_pattern_in_what_the_phase_wrote(runner: BuildRunner, pattern: str, runs: int) -> None:
    runner.build(phases(f'  build: {{commands: ["{count_and_fail(runner)}"], on-failure: "RETRY-3-{pattern}"}}\n'))
    assert runner.output() == ["flaky"] * runs


def test_on_failure_is_refused_on_lambda_compute(runner: BuildRunner) -> None:
    ended = runner.build(phases("  build: {commands: [x], on-failure: ABORT}\n"), lambda_compute=True)
    assert ended.failure
    assert ended.failure.message == "on-failure is not supported on Lambda compute"
