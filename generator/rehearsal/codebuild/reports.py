"""Reads test reports: counts of JUnit files; files of other formats are named and not read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

from generator.rehearsal.codebuild.buildspec import Report
from generator.rehearsal.codebuild.patterns import files_below, folders_matching, matches

Say = Callable[[str], None]
# How names begin of a skipped case that a build writes because CodeBuild wants a report, and nothing was tested.
_IN_PLACE_OF_TESTS = ("no ", "unchanged since ")


@dataclass(frozen=True, slots=True)
class TestCounts:
    """The test cases of one report group; `summary` says them in words.

    `alone` is the name of a report's only case where that stands in place of tests, such as "no unit tests".
    """

    __test__ = False  # pytest would take it for a test

    group: str
    passed: int = 0
    failed: int = 0
    errors: int = 0
    skipped: int = 0
    alone: str = ""

    @property
    def total(self) -> int:
        """How many test cases there are."""
        return self.passed + self.failed + self.errors + self.skipped

    @property
    def summary(self) -> str:
        """`12 passed, 1 failed` and so on; counts of zero are left out."""
        if self.alone:
            return self.alone
        counts = {
            "passed": self.passed,
            "failed": self.failed,
            "with errors": self.errors,
            "skipped": self.skipped,
        }
        return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "no test cases"

    def __add__(self, other: TestCounts) -> TestCounts:
        return TestCounts(
            self.group,
            self.passed + other.passed,
            self.failed + other.failed,
            self.errors + other.errors,
            self.skipped + other.skipped,
            other.alone if not self.total else self.alone if not other.total else "",
        )


def count(group: str, report: Report, folder: Path, say: Say) -> TestCounts | None:
    """The counts of one report group; None, with a word about it, where nothing could be read.

    As on AWS a report that is missing or broken does not fail the build.
    """
    if report.file_format != "JUNITXML":
        say(f"Report {group}: {report.file_format} is not read here; only JUNITXML is")
        return None
    bases = folders_matching(report.base_directory, folder)
    files = [base / path for base in bases for path in _paths(report, base)]
    if not files:
        say(f"Report {group}: no file matches {', '.join(report.files)}")
        return None
    total = TestCounts(group)
    for file in files:
        try:
            total += read_junit(group, file.read_bytes())
        except ET.ParseError as error:
            say(f"Report {group}: {file.name} is not JUnit XML: {error}")
    say(f"Report {group}: {total.summary}")
    return total


def _paths(report: Report, base: Path) -> list[str]:
    paths = files_below(base, through_links=False)
    return [path for path in paths if any(matches(pattern, path) for pattern in report.files)]


def read_junit(group: str, data: bytes) -> TestCounts:
    """The counts in one JUnit file; raises xml.etree.ElementTree.ParseError."""
    # The file comes from the build this machine just ran, and expat refuses entities that multiply.
    root = ET.fromstring(data)  # noqa: S314
    counts = {"failure": 0, "error": 0, "skipped": 0, "": 0}
    cases = list(root.iter("testcase"))
    for case in cases:
        kinds = {child.tag for child in case}
        kind = next((kind for kind in ("error", "failure", "skipped") if kind in kinds), "")
        counts[kind] += 1
    name = cases[0].get("name", "") if len(cases) == counts["skipped"] == 1 else ""
    alone = name if name.startswith(_IN_PLACE_OF_TESTS) else ""
    return TestCounts(group, counts[""], counts["failure"], counts["error"], counts["skipped"], alone)
