"""The accepted findings: each is about something that is there, and docs/security.md shows them all."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from scanners import launched
from scanners.findings import WHOLE, Finding
from scanners.launched import Launched
from scanners.reasons import Accepted, accepted, outlived, unexplained
from scanners.tools import TOOLS
from tests.properties.templates import statements

_PAGE = Path(__file__).parents[2] / "docs" / "security.md"
_BEGIN, _END = "<!-- the reasons: tests/scanners, with --rewrite -->\n", "<!-- end of the reasons -->\n"
FINDING = Finding("tool", "RULE-1", "SomeRole/SomeSid", "words")
REASON = Accepted(("SomeRole/*",), ("RULE-1", "RULE-2"), "because")


@pytest.fixture(scope="session")
def templates() -> dict[str, Launched]:
    return launched.templates(launched.written())


def places(by_case: dict[str, Launched]) -> set[str]:
    """Every place a reason can be about; a bucket that is somebody else's has the name its case gives it."""
    every = {WHOLE, "acme-artifacts"}
    for template in by_case.values():
        every.update(template["Resources"])
        every.update(f"{owner}/{statement['Sid']}" for owner, statement in statements(template))
    return every


def test_every_reason_is_about_something_that_a_golden_template_has(templates: dict[str, Launched]) -> None:
    result = places(templates)
    idle = [
        where
        for reason in accepted()
        for where in reason.where
        if not any(fnmatchcase(place, where) for place in result)
    ]
    assert idle == []


def test_every_reason_is_a_sentence() -> None:
    assert [reason for reason in accepted() if not reason.reason.endswith(".")] == []


def test_no_check_is_accepted_twice_in_the_same_place() -> None:
    pairs = Counter((where, check) for reason in accepted() for where in reason.where for check in reason.checks)
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_a_finding_is_covered_by_a_reason_for_its_rule_in_its_place_only() -> None:
    assert REASON.covers(FINDING)
    assert not REASON.covers(Finding("tool", "RULE-3", FINDING.where))
    assert not REASON.covers(Finding("tool", "RULE-1", "OtherRole/SomeSid"))


def test_what_has_no_reason_and_what_reason_nothing_needs_are_told() -> None:
    other = Finding("tool", "RULE-3", "SomeRole")
    assert unexplained([other, FINDING], [REASON]) == (other,)
    assert outlived([FINDING], [REASON]) == (("RULE-2", REASON),)


def test_the_page_shows_every_reason(request: pytest.FixtureRequest) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    before, rest = page.split(_BEGIN)
    _, after = rest.split(_END)
    text = f"{before}{_BEGIN}{_table()}{_END}{after}"
    if request.config.getoption("--rewrite"):
        _PAGE.write_text(text, encoding="utf-8")
    assert _PAGE.read_text(encoding="utf-8") == text


def test_the_page_names_the_versions_that_are_run() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    assert [tool.name for tool in TOOLS if f"| {tool.name} | {tool.version} |" not in page] == []


def _table() -> str:
    head = "| where | checks | why it stands |\n|---|---|---|\n"
    return head + "".join(
        f"| {_code(reason.where)} | {', '.join(reason.checks)} | {reason.reason} |\n" for reason in accepted()
    )


def _code(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
