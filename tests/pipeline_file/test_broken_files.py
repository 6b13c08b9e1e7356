"""Broken pipeline files, and exactly what is said of each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.errors import InvalidInputError
from generator.pipeline_file.validation import load
from tests import broken_files
from tests.conftest import Golden

_CASES = sorted((Path(__file__).parent / "invalid").iterdir())


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.stem)
def test_a_broken_file_gets_its_exact_message(
    case: Path, schema: dict[str, Any], golden: Golden, tmp_path: Path
) -> None:
    broken = broken_files.read(case)
    (tmp_path / "pipeline.yaml").write_bytes(broken.content)
    with pytest.raises(InvalidInputError) as raised:
        load(tmp_path / "pipeline.yaml", "pipeline.yaml", schema)
    broken_files.compare(case, broken, raised.value, golden)


def test_there_are_broken_files_for_every_way_to_go_wrong() -> None:
    assert len(_CASES) >= 60
