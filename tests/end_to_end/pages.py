"""The commands a page of the documentation shows, by section."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.command_line import SOURCES

DOCS: Path = SOURCES / "docs"


def sections(page: str) -> dict[str, list[str]]:
    """The lines of the shell blocks of a page under each of its second headings."""
    text = (DOCS / page).read_text(encoding="utf-8")
    collected = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        blocks = re.findall(r"^```sh\n(.*?)^```$", body, re.DOTALL | re.MULTILINE)
        collected[heading] = [line for block in blocks for line in block.splitlines()]
    return collected


def commands(page: str) -> list[str]:
    """All of them, in the order of the page."""
    return [line for lines in sections(page).values() for line in lines]
