"""What the unit tests of a build report: the counts of the suites that ran, whichever runner they have."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.buildspecs.builds import Build, Outcome, run
from tests.buildspecs.conftest import Repository, function

NODE = {"app-sam.yaml": function("nodejs22.x")}
PASSING = "require('node:test')('adds', () => {});\n"
FAILING = "require('node:test')('adds', () => { throw new Error('no'); });\n"
# A runner as jest calls its results processor, vitest its reporter and mocha its own.
JEST = """
const option = process.argv.find((one) => one.startsWith("--testResultsProcessor="));
const tests = [
  { fullName: "adds", status: "passed" }, { fullName: "later", status: "todo" },
  { fullName: "fails", status: "failed", failureMessages: ["expected 1"] },
];
require(option.split("=")[1])({ testResults: [
  { testFilePath: "a", testResults: tests }, { testFilePath: "broken", testResults: [], failureMessage: "no module" },
] });
"""
VITEST = """
const option = process.argv.find((one) => one.startsWith("--outputFile.junit="));
require("node:fs").writeFileSync(option.split("=")[1], "<testsuites><testcase name='adds'/></testsuites>");
"""
MOCHA = """
const events = new (require("node:events"))();
const option = process.argv.find((one) => one.startsWith("--reporter="));
new (require(option.split("=")[1]))(events, {});
const test = (name) => ({ fullTitle: () => name });
events.emit("pass", test("adds"));
events.emit("fail", test("fails"), new Error("expected 1"));
events.emit("pending", test("later"));
events.emit("end");
"""
MOCHA_MAIN = "exports.reporters = { Spec: class {} };\n"


def counts(source: Path) -> Counter[str]:
    """How many test cases of each kind all reports have, as CodeBuild counts them."""
    result: Counter[str] = Counter()
    for path in (source / "reports").rglob("*.xml"):
        for case in ET.parse(path).iter("testcase"):  # noqa: S314 - the report of a test of ours
            result[case[0].tag if len(case) else "passed"] += 1
    return result


def outcome_of(repository: Repository, files: dict[str, str], command: str, **more: str) -> tuple[Outcome, Path]:
    source = repository({**NODE, **files})
    return run(Build({"UNIT_TEST_COMMAND": command, **more}), source), source


@pytest.mark.parametrize("command", ["cd work && python -m pytest -q -p no:cacheprovider ../tests", "bash run.sh"])
def test_pytest_reports_whatever_command_runs_it(command: str, repository: Repository) -> None:
    tests = {"tests/test_one.py": "def test_one(): pass\ndef test_two(): pass\n", "work/empty": ""}
    script = {"run.sh": "python -m pytest -q -p no:cacheprovider tests\n"}
    done, source = outcome_of(repository, {**tests, **script}, command, PYTEST_ADDOPTS="--strict-markers")
    assert done.status == 0, done.log
    assert counts(source) == {"passed": 2}


def test_suites_in_several_folders_are_all_counted(repository: Repository) -> None:
    files = {f"{name}/tests/test_{name}.py": "def test_it(): pass\n" for name in ("a", "b")}
    command = " && ".join(f"(cd {name} && python -m pytest -q -p no:cacheprovider tests)" for name in ("a", "b"))
    done, source = outcome_of(repository, {**files, "c/it.test.js": PASSING}, f"{command} && (cd c && node --test)")
    assert done.status == 0, done.log
    assert counts(source) == {"passed": 3}


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"test_one.py": "def test_one(): assert False\n"}, "python -m pytest -q -p no:cacheprovider"),
        ({"test/adds.test.js": FAILING}, "node --test"),
    ],
)
def test_a_red_suite_is_reported_and_stops_the_build(
    files: dict[str, str], command: str, repository: Repository
) -> None:
    done, source = outcome_of(repository, files, command)
    assert done.status == 1
    assert counts(source) == {"failure": 1}
    assert not done.of("aws")


@pytest.mark.parametrize("options", ["", "--no-deprecation"])
def test_the_runner_of_node_reports_to_the_log_and_as_junit(options: str, repository: Repository) -> None:
    done, source = outcome_of(repository, {"test/adds.test.js": PASSING}, "node --test", NODE_OPTIONS=options)
    assert done.status == 0, done.log
    assert "adds" in done.log
    assert counts(source) == {"passed": 1}


@pytest.mark.parametrize("place", ["package.json", "src/package.json", "command"])
def test_reporters_the_command_names_itself_are_kept(place: str, repository: Repository) -> None:
    own = "node --test --test-reporter=tap"
    files = {} if place == "command" else {place: json.dumps({"scripts": {"test": own}})}
    done, source = outcome_of(repository, {"test/adds.test.js": PASSING, **files}, own)
    assert done.status == 0, done.log
    assert "TAP version 13" in done.log
    # Its status is all there is to count.
    assert counts(source) == {"passed": 1}


@pytest.mark.parametrize(
    ("program", "text", "expected"),
    [
        ("jest/bin/jest.js", JEST, {"passed": 1, "skipped": 1, "failure": 2}),
        (".bin/jest", JEST, {"passed": 1, "skipped": 1, "failure": 2}),
        ("vitest/vitest.mjs", VITEST, {"passed": 1}),
        ("mocha/bin/mocha.js", MOCHA, {"passed": 1, "skipped": 1, "failure": 1}),
        ("mocha/bin/_mocha", MOCHA, {"passed": 1, "skipped": 1, "failure": 1}),
    ],
)
def test_jest_mocha_and_vitest_report_what_they_ran(
    program: str, text: str, expected: dict[str, int], repository: Repository
) -> None:
    name = f"app/node_modules/{program.replace('.mjs', '.cjs')}"
    files = {name: text, "app/node_modules/mocha/index.js": MOCHA_MAIN}
    done, source = outcome_of(repository, files, f"cd app && node {name.removeprefix('app/')} tests")
    assert done.status == 0, done.log
    assert counts(source) == expected


@pytest.mark.parametrize(("command", "expected"), [("node check.js", "passed"), ("node check.js && false", "failure")])
def test_a_command_that_reports_nothing_counts_as_one_test_by_its_status(
    command: str, expected: str, repository: Repository
) -> None:
    _, source = outcome_of(repository, {"check.js": "console.log(process.version);\n"}, command)
    assert counts(source) == {expected: 1}
    assert f'name="{command}"'.replace("&", "&amp;") in (source / "reports/unit.xml").read_text()


def test_a_report_is_there_where_there_are_no_unit_tests(repository: Repository) -> None:
    _, source = outcome_of(repository, {}, "")
    assert counts(source) == {"skipped": 1}


def test_reports_that_a_command_leaves_itself_are_the_ones_that_count(repository: Repository) -> None:
    command = "echo '<testsuite><testcase name=\"a\"/></testsuite>' > reports/own.xml"
    _, source = outcome_of(repository, {}, command)
    assert counts(source) == {"passed": 1}
    assert [path.name for path in (source / "reports").iterdir()] == ["own.xml"]
