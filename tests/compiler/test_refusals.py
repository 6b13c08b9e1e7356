"""Pipeline files that AWS would refuse, one folder each, and exactly what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.errors import InvalidInputError
from generator.repository import Repository
from tests.conftest import Golden

_CASES = sorted((Path(__file__).parent / "refused").iterdir())
_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_what_aws_would_refuse_is_refused_here_first(case: Path, golden: Golden) -> None:
    with pytest.raises(InvalidInputError) as raised:
        compile_file(case / "pipeline.yaml", "pipeline.yaml", _APPLICATION)
    assert raised.value.exit_code == 2
    golden(case / "expected.txt", f"{raised.value}\n")
