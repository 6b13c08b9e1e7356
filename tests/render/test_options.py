"""What options of the pipeline file promise of the template they make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.compiler.pipeline import compile_file
from generator.render.writing import to_yaml
from generator.repository import Repository
from tests.properties.templates import load

_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
_HEAD = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"
_BOUNDARY = "arn:aws:iam::111122223333:policy/delivery/boundary"


def resources(tmp_path: Path, more: str) -> dict[str, Any]:
    file = tmp_path / "pipeline.yaml"
    file.write_text(_HEAD + more)
    found: dict[str, Any] = load(to_yaml(compile_file(file, "pipeline.yaml", _APPLICATION).pipeline, "x", "0"))
    return dict(found["Resources"])


@pytest.mark.parametrize("source", ["", "encryption: kms\n", "tests: none\n"])
def test_a_boundary_bounds_every_role(tmp_path: Path, source: str) -> None:
    found = resources(tmp_path, f"permissions_boundary: {_BOUNDARY}\n{source}")
    roles = {name: one["Properties"] for name, one in found.items() if one["Type"] == "AWS::IAM::Role"}
    assert "ProdDeployRole" in roles
    assert {properties["PermissionsBoundary"] for properties in roles.values()} == {_BOUNDARY}


def test_without_a_boundary_no_role_has_one(tmp_path: Path) -> None:
    found = resources(tmp_path, "")
    assert not [name for name, one in found.items() if "PermissionsBoundary" in one["Properties"]]
