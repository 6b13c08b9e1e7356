"""The key `deploy_role`: words, full settings, and what excludes what."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.pipeline_file.keys import deploy_role, stages
from tests.pipeline_file.keys import files

_ROLE = "arn:aws:iam::111122223333:role/deployer"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("", {}),
        ("deploy_role: exact", {"permissions": "exact"}),
        ("deploy_role: {scope: wide}", {"scope": "wide"}),
    ],
)
def test_a_word_is_short_for_permissions(text: str, options: dict[str, str]) -> None:
    assert deploy_role.options(files.written(text).data) == options


def test_a_role_of_ours_is_named_by_its_logical_id_and_another_by_its_arn() -> None:
    ours, other = (
        stages.stages(files.written(text))[0].deployment.role for text in ("", f"deploy_role: {{arn: '{_ROLE}'}}")
    )
    assert (ours, other) == ("${BetaDeployRole.Arn}", _ROLE)


def test_nothing_stands_beside_an_existing_role() -> None:
    file = files.written(f"deploy_role: {{arn: '{_ROLE}', scope: wide, permissions: exact}}")
    assert [problem.message for problem in deploy_role.problems(file.data["deploy_role"], file)] == [
        "'scope' says what our own roles may do, and 'arn' that there are none",
        "'permissions' says what our own roles may do, and 'arn' that there are none",
    ]


@pytest.mark.parametrize(
    ("text", "rights"), [("", 1), ("deploy_role: exact", 2), (f"deploy_role: {{arn: '{_ROLE}'}}", 0)]
)
def test_roles_of_ours_have_rights_and_exact_ones_their_own_for_the_tests(
    text: str, rights: int, tmp_path: Path
) -> None:
    _, pipeline = files.pipeline(text, tmp_path)
    assert len(pipeline.deploy_rights) == rights
