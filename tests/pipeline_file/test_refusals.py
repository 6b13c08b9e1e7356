"""Pipeline files that AWS would refuse, and exactly what is said of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.errors import InvalidInputError
from generator.repository.files import Repository
from tests import broken_files
from tests.conftest import Golden

_CASES = sorted((Path(__file__).parent / "refused").iterdir())
_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.stem)
def test_what_aws_would_refuse_is_refused_here_first(case: Path, golden: Golden, tmp_path: Path) -> None:
    broken = broken_files.read(case)
    (tmp_path / "pipeline.yaml").write_bytes(broken.content)
    with pytest.raises(InvalidInputError) as raised:
        compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", _APPLICATION)
    broken_files.compare(case, broken, raised.value, golden)
