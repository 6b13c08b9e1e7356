"""What the roles of stages in other accounts may do: theirs is in the template of their environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.pipeline import compile_file
from generator.repository.files import Repository

_FILE = """\
service: shop
source: {codecommit: {repository: shop}}
app: {template: app.yaml, url: none}
tests: none
environments: {staging: {account: "111122223333"}, production: {account: "444455556666"}}
stages: [beta: {environment: staging}, prod: {environment: production}]
"""
_APP = "Resources: {Orders: {Type: AWS::SQS::Queue}}\n"


@pytest.mark.parametrize("permissions", ["baseline", "exact"])
def test_every_stage_has_a_role_where_none_is_at_home(tmp_path: Path, permissions: str) -> None:
    (tmp_path / "app.yaml").write_text(_APP)
    (tmp_path / "pipeline.yaml").write_text(f"{_FILE}deploy_role: {permissions}\n")
    pipeline = compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path)).pipeline
    roles = {rights.environment: len(rights.roles) for rights in pipeline.deploy_rights}
    assert roles == {"staging": 1, "production": 1}
