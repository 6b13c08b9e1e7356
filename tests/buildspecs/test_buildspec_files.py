"""What the buildspec looks like: what CodeBuild reads, what the generator relies on, how the programs get into it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from generator.repository import assets
from tests.buildspecs.builds import FOLDER, PHASES, buildspec

# https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
TOP = {"version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache"}
PHASE = {"run-as", "on-failure", "runtime-versions", "commands", "finally"}
TEXT = (FOLDER / "sam.yml").read_text(encoding="utf-8")
PROGRAMS = sorted(path.name for path in (FOLDER / "sam").iterdir() if path.is_file())


def test_it_is_written_in_what_version_0_2_knows() -> None:
    data = buildspec()
    assert data["version"] == 0.2
    assert data.keys() <= TOP
    for phase in data["phases"].values():
        assert phase.keys() <= PHASE
        assert all(isinstance(command, str) for command in phase["commands"])


def test_the_runtime_is_one_line_the_generator_can_replace() -> None:
    assert re.findall(r"^.*runtime-versions.*$", TEXT, re.MULTILINE) == ['    runtime-versions: {python: "3.13"}']


def test_it_embeds_every_program_once_and_nothing_else() -> None:
    assert sorted(re.findall(r"- embed sam/(\S+)", TEXT)) == PROGRAMS


@pytest.mark.parametrize("name", PROGRAMS)
def test_an_embedded_program_is_the_file_of_the_repository(name: str) -> None:
    program = (FOLDER / "sam" / name).read_text(encoding="utf-8")
    command = f"cat > \"$BUILD_TOOLS/{name}\" <<'END'\n{program}END\n"
    assert command in buildspec()["phases"]["install"]["commands"]
    assert "END" not in program.splitlines()


@pytest.mark.parametrize("name", ["sam.yml", *(f"sam/{name}" for name in PROGRAMS)])
def test_it_is_plain_enough_to_stand_in_a_template(name: str) -> None:
    written = assets.text("buildspecs", name)
    assert written.isascii()
    assert "\t" not in written
    # Nothing in it is taken for a variable of CloudFormation.
    assert "${" not in written
    assert all(len(line) <= 122 and line == line.rstrip() for line in written.splitlines())


def test_no_phase_runs_after_a_failed_build() -> None:
    # CodeBuild carries out post_build whatever became of build.
    assert tuple(buildspec()["phases"]) == PHASES
    assert not any(phase.keys() & {"on-failure", "finally"} for phase in buildspec()["phases"].values())


def test_it_hands_on_the_two_packaged_templates_and_nothing_else() -> None:
    assert buildspec()["artifacts"] == {"files": ["app-output_sam.yaml", "test-output_sam.yaml"]}


def test_unit_tests_are_reported_as_junit() -> None:
    report: dict[str, Any] = {"files": ["**/*.xml"], "base-directory": "reports", "file-format": "JUNITXML"}
    assert buildspec()["reports"] == {"unit-tests": report}


def test_only_what_the_package_managers_downloaded_is_cached() -> None:
    assert buildspec()["cache"] == {"paths": ["/root/.cache/pip/**/*", "/root/.npm/**/*"]}
