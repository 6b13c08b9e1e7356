"""Pipeline files and the templates they become, one folder each, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler import kinds
from generator.compiler.pipeline import Compilation, compile_file
from generator.render.writing import to_yaml
from generator.repository import Repository
from tests.conftest import Golden

_HERE = Path(__file__).parent
_CASES = sorted((_HERE / "cases").iterdir())


def compiled(case: Path) -> Compilation:
    return compile_file(case / "pipeline.yaml", "pipeline.yaml", Repository(_HERE / "application"))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_a_pipeline_file_becomes_its_template(case: Path, golden: Golden) -> None:
    pipeline = compiled(case).pipeline
    # The code of the functions and the buildspecs have tests of their own; here they would be most of every file.
    build = pipeline.build if pipeline.build.own else pipeline.build._replace(buildspec="version: 0.2\n")
    shortened = pipeline._replace(
        start_tests="# start_tests.py\n", describe_changes="# describe_changes.py\n", build=build
    )
    golden(case / "template.yaml", to_yaml(shortened, "pipeline.yaml", "0"))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_the_application_of_the_cases_has_no_problem(case: Path) -> None:
    assert compiled(case).problems == ()


@pytest.mark.parametrize("room", ["sources", "stages", "notifications"])
def test_every_kind_has_a_case(room: str) -> None:
    written = "\n".join((case / "pipeline.yaml").read_text() for case in _CASES)
    words = {"sources": kinds.sources(), "stages": kinds.stages(), "notifications": kinds.notifications()}[room]
    assert [word for word in words if word not in written] == []
