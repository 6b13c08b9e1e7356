"""What every build of a SAM application does, whatever its language: unit tests first, then both templates packaged."""

from __future__ import annotations

from typing import get_args

import pytest

from tests.buildspecs.builds import Build, Language, run
from tests.buildspecs.conftest import APP, Repository

LANGUAGES: tuple[Language, ...] = get_args(Language)
WITH_TESTS = {"TESTS_TEMPLATE": "deploy/test-sam.yaml"}
SHARED = "Globals:\n  Function:\n    CodeUri: src/\n" + APP.replace("      CodeUri: src/\n", "")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def packaged(template: str, output: str) -> str:
    target = "--s3-bucket artifacts --s3-prefix Packaged"
    return f"package --template-file {template} --output-template-file {output} {target}"


@each_language
@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_both_templates_are_packaged_at_the_root_of_the_source(
    language: Language, shell: str, repository: Repository
) -> None:
    source = repository({"deploy/test-sam.yaml": "Resources: {}\n"})
    done = run(Build(language, WITH_TESTS, shell=shell), source)
    assert done.status == 0, done.log
    assert done.of("aws") == [
        f"|cloudformation {packaged('app-sam.yaml', 'app-output_sam.yaml')}",
        f"|cloudformation {packaged('deploy/test-sam.yaml', 'test-output_sam.yaml')}",
    ]
    assert (source / "app-output_sam.yaml").read_text() == APP
    assert (source / "test-output_sam.yaml").read_text() == "Resources: {}\n"


@each_language
def test_without_a_tests_template_only_the_application_is_packaged(language: Language, repository: Repository) -> None:
    source = repository({})
    done = run(Build(language, {"TESTS_TEMPLATE": ""}), source)
    assert done.status == 0, done.log
    assert len(done.of("aws")) == 1
    assert not (source / "test-output_sam.yaml").exists()


@each_language
def test_a_template_with_its_code_under_globals_is_packaged_by_sam(language: Language, repository: Repository) -> None:
    source = repository({"app-sam.yaml": SHARED, "deploy/test-sam.yaml": APP})
    done = run(Build(language, WITH_TESTS), source)
    assert done.status == 0, done.log
    assert done.of("sam") == [f"|{packaged('app-sam.yaml', 'app-output_sam.yaml')}"]
    assert len(done.of("aws")) == 1


@each_language
@pytest.mark.parametrize("command", ["exit 7", "false\ntrue", "false | true", "no-such-program"])
def test_a_failing_unit_test_stops_the_build_before_anything_is_packaged(
    language: Language, command: str, repository: Repository
) -> None:
    source = repository({"src/requirements.txt": "one\n", "src/package.json": "{}"})
    done = run(Build(language, {"UNIT_TEST_COMMAND": command}), source)
    assert done.status != 0
    assert not done.of("aws")
    assert not any("--target" in call for call in done.of("pip"))
    assert not any("--omit=dev" in call for call in done.of("npm"))


@each_language
def test_the_log_says_that_there_are_no_unit_tests(language: Language, repository: Repository) -> None:
    done = run(Build(language), repository({}))
    assert "no unit tests" in done.log.splitlines()


@each_language
@pytest.mark.parametrize("command", ["", "true"])
def test_a_report_is_there_even_when_nothing_reported(language: Language, command: str, repository: Repository) -> None:
    source = repository({})
    assert run(Build(language, {"UNIT_TEST_COMMAND": command}), source).status == 0
    assert "<skipped/>" in (source / "reports/unit.xml").read_text()


@each_language
def test_the_unit_tests_run_at_the_root_of_the_source(language: Language, repository: Repository) -> None:
    source = repository({})
    assert run(Build(language, {"UNIT_TEST_COMMAND": "pwd > where"}), source).status == 0
    assert (source / "where").read_text().strip() == str(source)


@each_language
def test_a_template_that_cannot_be_packaged_fails_the_build(language: Language, repository: Repository) -> None:
    done = run(Build(language, {**WITH_TESTS, "FAILS": "aws"}), repository({"deploy/test-sam.yaml": APP}))
    assert done.status == 255
    assert len(done.of("aws")) == 1


@each_language
def test_a_template_that_is_missing_fails_the_build_and_is_named(language: Language, repository: Repository) -> None:
    done = run(Build(language, {"APP_TEMPLATE": "no-such.yaml"}), repository({}))
    assert done.status != 0
    assert "no-such.yaml" in done.log
    assert not done.of("aws")
