"""The page about rehearsals lists every assumption, as the code has it (`--rewrite` writes it anew)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.rehearsal.assumptions import ASSUMPTIONS

PAGE = Path(__file__).parents[2] / "docs" / "rehearsal.md"
BEGIN, END = "<!-- assumptions -->\n", "<!-- end of assumptions -->"


def rows() -> Iterator[str]:
    yield "| assumption | value | what it means | why it has to be assumed |"
    yield "|---|---|---|---|"
    for assumption in ASSUMPTIONS:
        for name, value, meaning, why in zip(
            (f"`{assumption.name}`", ""), assumption.values, assumption.meanings, (assumption.silent, ""), strict=True
        ):
            yield f"| {name} | `{value}` | {meaning} | {why} |"


def test_the_page_lists_every_assumption_as_it_is(pytestconfig: pytest.Config) -> None:
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    expected = before + BEGIN + "\n".join(rows()) + "\n" + END + after
    if pytestconfig.getoption("--rewrite"):
        PAGE.write_text(expected, "utf-8")
    assert PAGE.read_text("utf-8") == expected
