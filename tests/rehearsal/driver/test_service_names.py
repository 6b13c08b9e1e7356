"""Tests share an emulator, in which a stack exists once: whichever of two of a name comes second is red."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

_TESTS = Path(__file__).parents[1]
_SMALL = re.compile(r'\bSmall\(\s*"([^"]+)"')


def test_no_two_files_rehearse_a_service_of_the_same_name() -> None:
    files = [set(_SMALL.findall(file.read_text(encoding="utf-8"))) for file in _TESTS.rglob("test_*.py")]
    uses = Counter(name for names in files for name in names)
    assert len(uses) > 20
    assert [name for name, count in uses.items() if count > 1] == []
