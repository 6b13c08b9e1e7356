"""Test reports: what JUnit files count to, and what is said of those that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.codebuild.buildspec import Report
from generator.rehearsal.codebuild.reports import TestCounts, count
from tests.rehearsal.codebuild.build_runner import BuildRunner

PYTEST = """<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="5">
<testcase classname="t" name="one"/><testcase classname="t" name="two"><system-out>x</system-out></testcase>
<testcase name="three"><failure message="assert">trace</failure></testcase>
<testcase name="four"><error message="setup">trace</error><failure/></testcase>
<testcase name="five"><skipped/></testcase>
</testsuite></testsuites>"""
NESTED = "<testsuite><testsuite><testcase/></testsuite><testcase/></testsuite>"


def counted(tmp_path: Path, report: Report, **files: str) -> tuple[TestCounts | None, list[str]]:
    """The counts of a report over these files, and what was said."""
    lines: list[str] = []
    for name, text in files.items():
        (tmp_path / f"{name}.xml").write_text(text)
    return count("unit", report, tmp_path, lines.append), lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PYTEST, TestCounts("unit", passed=2, failed=1, errors=1, skipped=1)),
        (NESTED, TestCounts("unit", passed=2)),
        ("<testsuite/>", TestCounts("unit")),
    ],
)
def test_junit_files_are_counted(tmp_path: Path, text: str, expected: TestCounts) -> None:
    assert counted(tmp_path, Report(("*.xml",)), first=text)[0] == expected


def test_several_files_add_up(tmp_path: Path) -> None:
    counts, lines = counted(tmp_path, Report(("**/*",)), first=PYTEST, second=NESTED)
    assert counts == TestCounts("unit", passed=4, failed=1, errors=1, skipped=1)
    assert lines == ["Report unit: 4 passed, 1 failed, 1 with errors, 1 skipped"]
    assert counts.total == 7


@pytest.mark.parametrize("name", ["no unit tests", "unchanged since 0123"])
def test_a_case_that_stands_for_no_tests_is_named_and_not_counted(name: str, tmp_path: Path) -> None:
    placeholder = f'<testsuite><testcase name="{name}"><skipped/></testcase></testsuite>'
    assert counted(tmp_path, Report(("*.xml",)), first=placeholder)[1] == [f"Report unit: {name}"]
    assert counted(tmp_path, Report(("*.xml",)), first=placeholder, second=NESTED)[1] == [
        "Report unit: 2 passed, 1 skipped"
    ]


def test_a_report_looks_in_its_base_directory(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "r.xml").write_text(NESTED)
    assert counted(tmp_path, Report(("*.xml",), "out"), top=PYTEST)[0] == TestCounts("unit", passed=2)


def test_a_report_without_files_is_said(tmp_path: Path) -> None:
    assert counted(tmp_path, Report(("*.xml", "more/*"))) == (None, ["Report unit: no file matches *.xml, more/*"])


def test_a_broken_file_is_said_and_the_others_count(tmp_path: Path) -> None:
    counts, lines = counted(tmp_path, Report(("*",)), bad="<testsuite>", good=NESTED)
    assert counts == TestCounts("unit", passed=2)
    assert lines[0].startswith("Report unit: bad.xml is not JUnit XML: no element found")


def test_other_formats_are_said_not_to_be_read(tmp_path: Path) -> None:
    counts, lines = counted(tmp_path, Report(("*",), file_format="CUCUMBERJSON"), r=NESTED)
    assert counts is None
    assert lines == ["Report unit: CUCUMBERJSON is not read here; only JUNITXML is"]


def test_a_build_brings_its_counts_also_when_its_tests_fail(runner: BuildRunner) -> None:
    spec = """
version: 0.2
phases: {build: {commands: ['mv given.xml report.xml; exit 1']}}
artifacts: {files: [nothing]}
reports: {unit: {files: [report.xml]}}
"""
    ended = runner.build(spec, {"given.xml": PYTEST}, outputs=("",))
    assert ended.reports == (TestCounts("unit", 2, 1, 1, 1),)
    assert ended.failure
    assert ended.failure.phase == "BUILD"


def test_a_missing_report_does_not_fail_a_build(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.2\nphases: {build: {commands: [true]}}\nreports: {unit: {files: [report.xml]}}\n")
    assert ended.status == "SUCCEEDED"
    assert ended.reports == ()


def test_names_and_files_of_reports_may_have_variables_in_them(runner: BuildRunner) -> None:
    spec = """
version: 0.2
phases: {build: {commands: [NAME=unit, mkdir out, mv given.xml out/report.xml]}}
reports: {$NAME-tests: {files: [$(echo report).xml], base-directory: $CODEBUILD_SRC_DIR/out}}
"""
    assert runner.build(spec, {"given.xml": PYTEST}).reports == (TestCounts("unit-tests", 2, 1, 1, 1),)
