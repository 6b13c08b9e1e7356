"""What a build installs for Node.js, and what the unit tests report."""

from __future__ import annotations

import json

import pytest

from tests.buildspecs.builds import Build, run
from tests.buildspecs.conftest import Repository

PASSING = "require('node:test')('adds', () => {});\n"
FAILING = "require('node:test')('adds', () => { throw new Error('no'); });\n"


@pytest.mark.parametrize(
    ("lock", "command"),
    [("package-lock.json", "ci"), ("npm-shrinkwrap.json", "ci"), ("yarn.lock", "install")],
)
def test_a_lock_file_is_kept_to_where_there_is_one(lock: str, command: str, repository: Repository) -> None:
    done = run(Build("nodejs"), repository({"src/package.json": "{}", f"src/{lock}": ""}))
    assert done.status == 0, done.log
    command = f"/src|{command} --no-audit --no-fund"
    assert done.of("npm") == [f"{command} --no-workspaces", f"{command} --omit=dev --no-workspaces"]


def test_the_root_gets_its_packages_for_the_unit_tests_and_not_for_packaging(repository: Repository) -> None:
    done = run(Build("nodejs"), repository({"package.json": "{}", "package-lock.json": "{}"}))
    assert done.of("npm") == ["|ci --no-audit --no-fund"]


def test_what_development_needs_is_gone_before_a_function_at_the_root_is_packaged(repository: Repository) -> None:
    template = "Resources: {F: {Properties: {CodeUri: ./}}}\n"
    done = run(Build("nodejs"), repository({"app-sam.yaml": template, "package.json": "{}"}))
    assert [call.partition("|")[0] for call in done.calls] == ["npm", "npm", "aws"]
    assert done.of("npm") == ["|install --no-audit --no-fund", "|install --no-audit --no-fund --omit=dev"]


def test_packages_that_cannot_be_installed_stop_the_build(repository: Repository) -> None:
    done = run(Build("nodejs", {"FAILS": "npm"}), repository({"src/package.json": "{}"}))
    assert done.status == 1
    assert len(done.of("npm")) == 1
    assert not done.of("aws")


@pytest.mark.parametrize("options", ["", "--no-deprecation"])
def test_the_runner_of_node_reports_to_the_log_and_as_junit(options: str, repository: Repository) -> None:
    source = repository({"test/adds.test.js": PASSING})
    done = run(Build("nodejs", {"UNIT_TEST_COMMAND": "node --test", "NODE_OPTIONS": options}), source)
    assert done.status == 0, done.log
    assert "adds" in done.log
    assert '<testcase name="adds"' in (source / "reports/unit.xml").read_text()


def test_a_red_unit_test_is_reported_and_stops_the_build(repository: Repository) -> None:
    source = repository({"test/adds.test.js": FAILING, "src/package.json": "{}"})
    done = run(Build("nodejs", {"UNIT_TEST_COMMAND": "node --test"}), source)
    assert done.status == 1
    assert "<failure" in (source / "reports/unit.xml").read_text()
    assert not done.of("aws")


@pytest.mark.parametrize("place", ["package.json", "src/package.json", "command"])
def test_reporters_the_command_names_itself_are_kept(place: str, repository: Repository) -> None:
    own = "node --test --test-reporter=tap"
    files = {} if place == "command" else {place: json.dumps({"scripts": {"test": own}})}
    source = repository({"test/adds.test.js": PASSING, **files})
    done = run(Build("nodejs", {"UNIT_TEST_COMMAND": own}), source)
    assert done.status == 0, done.log
    assert "TAP version 13" in done.log
    assert "<skipped/>" in (source / "reports/unit.xml").read_text()


def test_other_programs_of_node_overlook_the_reporters(repository: Repository) -> None:
    source = repository({"check.js": "console.log(process.version);\n"})
    assert run(Build("nodejs", {"UNIT_TEST_COMMAND": "node check.js"}), source).status == 0
    assert "<skipped/>" in (source / "reports/unit.xml").read_text()
