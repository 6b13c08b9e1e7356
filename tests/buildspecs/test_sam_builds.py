"""What every build of a SAM application does: unit tests first, then code packed and both templates packaged."""

from __future__ import annotations

import pytest

from tests.buildspecs.builds import Build, run
from tests.buildspecs.conftest import APP, Repository

NOTHING = "Resources: {}\n"
WITH_TESTS = {"TESTS_TEMPLATE": "deploy/test-sam.yaml"}


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_both_templates_are_packaged_at_the_root_of_the_source(shell: str, repository: Repository) -> None:
    source = repository({"deploy/test-sam.yaml": "Resources: {}\n"})
    done = run(Build(WITH_TESTS, shell=shell), source)
    assert done.status == 0, done.log
    assert "s3://artifacts/Packaged/" in (source / "app-output_sam.yaml").read_text()
    assert (source / "test-output_sam.yaml").read_text() == "Resources: {}\n"


def test_without_a_tests_template_only_the_application_is_packaged(repository: Repository) -> None:
    source = repository({})
    done = run(Build({"TESTS_TEMPLATE": ""}), source)
    assert done.status == 0, done.log
    assert len(done.of("aws")) == 1
    assert not (source / "test-output_sam.yaml").exists()


@pytest.mark.parametrize("command", ["exit 7", "false\ntrue", "false | true", "no-such-program"])
def test_a_failing_unit_test_stops_the_build_before_anything_is_packaged(command: str, repository: Repository) -> None:
    source = repository({"src/requirements.txt": "one\n", "src/package.json": "{}"})
    done = run(Build({"UNIT_TEST_COMMAND": command}), source)
    assert done.status != 0
    assert not done.of("aws")
    assert not any("--target" in call for call in done.of("pip"))
    assert not any("--omit=dev" in call for call in done.of("npm"))


def test_the_log_says_that_there_are_no_unit_tests_and_nothing_is_installed_for_them(repository: Repository) -> None:
    done = run(Build(), repository({"requirements.txt": "one\n", "package.json": "{}"}))
    assert "no unit tests" in done.log.splitlines()
    assert not done.of("pip")
    assert not done.of("npm")


def test_the_unit_tests_run_at_the_root_of_the_source(repository: Repository) -> None:
    source = repository({})
    assert run(Build({"UNIT_TEST_COMMAND": "pwd > where"}), source).status == 0
    assert (source / "where").read_text().strip() == str(source)


def test_a_template_that_cannot_be_packaged_fails_the_build(repository: Repository) -> None:
    done = run(
        Build({**WITH_TESTS, "FAILS": "aws"}), repository({"app-sam.yaml": APP, "deploy/test-sam.yaml": NOTHING})
    )
    assert done.status == 1
    assert ".zip: not today" in done.log
    assert len(done.of("aws")) == 1


def test_a_template_that_is_missing_fails_the_build_and_is_named(repository: Repository) -> None:
    done = run(Build({"APP_TEMPLATE": "no-such.yaml"}), repository({}))
    assert done.status != 0
    assert "no-such.yaml" in done.log
    assert not done.of("aws")
