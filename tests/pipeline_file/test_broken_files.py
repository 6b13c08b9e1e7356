"""Broken pipeline files, one folder each, and exactly what is said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import InvalidInputError
from generator.pipeline_file.validation import load
from tests.conftest import Golden

_CASES = sorted((Path(__file__).parent / "invalid").iterdir())


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_a_broken_file_gets_its_exact_message(case: Path, schema: dict[str, Any], golden: Golden) -> None:
    with pytest.raises(InvalidInputError) as raised:
        load(case / "pipeline.yaml", "pipeline.yaml", schema)
    assert raised.value.exit_code == 2
    golden(case / "expected.txt", f"{raised.value}\n")


def test_there_are_broken_files_for_every_way_to_go_wrong() -> None:
    assert len(_CASES) >= 60
