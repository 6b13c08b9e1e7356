"""Pipeline files and the templates they become, one folder each, byte for byte.

A few templates are kept whole. Of all others, `changes.txt` says what they change against the default's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.pipeline_file import kinds
from tests.conftest import Golden
from tests.golden.changes import changed, changes
from tests.golden.templates import CASES, compiled, of_environments, template

_FOLDER = CASES[0].parent
_DEFAULT = _FOLDER / "source-codecommit"
# The default, two pipelines in one template, a deploy role that is somebody else's, and several services.
_WHOLE = [_DEFAULT, *(_FOLDER / name for name in ("trigger-pull-requests", "deploy-role-arn", "services"))]
_CHANGED = [case for case in CASES if case not in _WHOLE]


def _name(case: Path) -> str:
    return case.name


@pytest.mark.parametrize("case", _WHOLE, ids=_name)
def test_a_pipeline_file_becomes_its_template(case: Path, golden: Golden) -> None:
    golden(case / "template.yaml", template(case))


@pytest.mark.parametrize("case", _CHANGED, ids=_name)
def test_a_pipeline_file_changes_the_default_template(case: Path, golden: Golden) -> None:
    golden(case / "changes.txt", changes(template(_DEFAULT), template(case)))
    # Nothing of the template is missing from its changes.
    assert changed(template(_DEFAULT), (case / "changes.txt").read_bytes().decode()) == template(case)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_case_has_a_pipeline_file_and_a_golden_for_each_stack(case: Path, golden: Golden) -> None:
    for stack, text in of_environments(case).items():
        golden(case / f"{stack}.yaml", text)
    of_pipeline = "template.yaml" if case in _WHOLE else "changes.txt"
    of_stacks = {f"{stack}.yaml" for stack in of_environments(case)}
    assert {path.name for path in case.iterdir()} == {"pipeline.yaml", of_pipeline, *of_stacks}


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_the_application_of_the_cases_has_no_problem(case: Path) -> None:
    assert compiled(case).problems == ()


@pytest.mark.parametrize("room", ["sources", "stages", "notifications"])
def test_every_kind_has_a_case(room: str) -> None:
    written = "\n".join((case / "pipeline.yaml").read_text() for case in CASES)
    words = {"sources": kinds.sources(), "stages": kinds.stages(), "notifications": kinds.notifications()}[room]
    assert [word for word in words if word not in written] == []
