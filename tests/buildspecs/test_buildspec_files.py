"""What the buildspecs look like: what CodeBuild reads, what the generator relies on, what fits into a template."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest

from tests.buildspecs.builds import FOLDER, PHASES, Language, buildspec

# https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
TOP = {"version", "run-as", "env", "proxy", "batch", "phases", "reports", "artifacts", "cache"}
PHASE = {"run-as", "on-failure", "runtime-versions", "commands", "finally"}
LANGUAGES: tuple[Language, ...] = get_args(Language)
RUNTIMES = {"python": '    runtime-versions: {python: "3.13"}', "nodejs": '    runtime-versions: {nodejs: "24"}'}

each_language = pytest.mark.parametrize("language", LANGUAGES)


def text(language: Language) -> str:
    return (FOLDER / f"sam-{language}.yml").read_text(encoding="utf-8")


def test_every_buildspec_is_tested() -> None:
    assert {file.name for file in FOLDER.iterdir()} == {f"sam-{language}.yml" for language in LANGUAGES}


@each_language
def test_it_is_written_in_what_version_0_2_knows(language: Language) -> None:
    data = buildspec(language)
    assert data["version"] == 0.2
    assert data.keys() <= TOP
    for phase in data["phases"].values():
        assert phase.keys() <= PHASE
        assert all(isinstance(command, str) for command in phase["commands"])


@each_language
def test_the_runtime_is_one_line_the_generator_can_replace(language: Language) -> None:
    assert re.findall(r"^.*runtime-versions.*$", text(language), re.MULTILINE) == [RUNTIMES[language]]
    assert "runtime-versions" in buildspec(language)["phases"]["install"]


@each_language
def test_it_is_short_and_plain_enough_to_stand_in_a_template(language: Language) -> None:
    written = text(language)
    # Comments stay in the repository.
    embedded = [line for line in written.splitlines(keepends=True) if not line.lstrip().startswith("#")]
    assert len("".join(embedded)) <= 3_700
    assert len(embedded) <= 80
    assert written.isascii()
    assert "\t" not in written
    assert all(len(line) <= 122 and line == line.rstrip() for line in written.splitlines())


@each_language
def test_nothing_in_it_is_taken_for_a_variable_of_cloudformation(language: Language) -> None:
    assert "${" not in text(language)


@each_language
def test_no_phase_runs_after_a_failed_build(language: Language) -> None:
    # CodeBuild carries out post_build whatever became of build.
    assert tuple(buildspec(language)["phases"]) == PHASES
    assert not any(phase.keys() & {"on-failure", "finally"} for phase in buildspec(language)["phases"].values())


@each_language
def test_it_hands_on_the_two_packaged_templates_and_nothing_else(language: Language) -> None:
    assert buildspec(language)["artifacts"] == {"files": ["app-output_sam.yaml", "test-output_sam.yaml"]}


@each_language
def test_unit_tests_are_reported_as_junit(language: Language) -> None:
    report: dict[str, Any] = {"files": ["*.xml"], "base-directory": "reports", "file-format": "JUNITXML"}
    assert buildspec(language)["reports"] == {"unit-tests": report}


@each_language
def test_only_what_the_package_manager_downloaded_is_cached(language: Language) -> None:
    cached = {"python": "/root/.cache/pip/**/*", "nodejs": "/root/.npm/**/*"}
    assert buildspec(language)["cache"] == {"paths": [cached[language]]}
