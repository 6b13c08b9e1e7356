"""The page about waits lists every wait of a rehearsal, as the code has it, and the code has no other one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal import waits

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "waits.md"
BEGIN, END = "<!-- waits -->\n", "<!-- end of waits -->"
CODE = ROOT / "generator" / "rehearsal"
LIMITS = ("PATIENCE", "TIMEOUT", "GRACE", "QUIET", "DEADLINE")
KEYWORDS = frozenset({"timeout", "read_timeout", "patience"})


def rows() -> Iterator[str]:
    yield "| what is waited for | how long at most | what then |"
    yield "|---|---|---|"
    for wait in waits.WAITS:
        yield f"| {wait.what} | {wait.longest()} | {wait.then} |"


def test_the_page_lists_every_wait_as_it_is(pytestconfig: pytest.Config) -> None:
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    expected = before + BEGIN + "\n".join(rows()) + "\n" + END + after
    if pytestconfig.getoption("--rewrite"):
        PAGE.write_text(expected, "utf-8")
    assert PAGE.read_text("utf-8") == expected


def test_every_wait_is_listed() -> None:
    declared = {name: value for name, value in vars(waits).items() if isinstance(value, waits.Wait)}
    assert [name for name, value in declared.items() if value not in waits.WAITS] == []


def limits(text: str) -> Iterator[int]:
    """The lines that set a limit of their own: a number for a timeout, or under the name of one."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg in KEYWORDS and is_long(node.value):
            yield node.value.lineno
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and is_long(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
            if any(word in name for name in names for word in LIMITS):
                yield node.lineno


def is_long(value: ast.expr) -> bool:
    """Whether there is a number in it; of less than a second nobody has to be told."""
    numbers = (each.value for each in ast.walk(value) if isinstance(each, ast.Constant))
    return any(isinstance(number, int | float) and number >= 1 for number in numbers)


def test_nothing_is_waited_for_that_is_not_listed() -> None:
    files = [file for file in CODE.rglob("*.py") if file != CODE / "waits.py"]
    assert [f"{file.relative_to(CODE)}:{line}" for file in files for line in limits(file.read_text("utf-8"))] == []


@pytest.mark.parametrize(
    "text", ["run(timeout=20)", "_PATIENCE = 30", "GRACE: float = 1", "DEADLINE = timedelta(minutes=3)"]
)
def test_a_limit_of_its_own_is_refused(text: str) -> None:
    assert list(limits(f"first = 1\n{text}\n")) == [2]
