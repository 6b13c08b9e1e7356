"""What builds of pull requests do without is said beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.checks.pull_requests import check_pull_requests
from generator.compiler.pipeline import compile_file
from generator.repository.files import Repository

APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
SECRETS = "secrets: {TOKEN: {secretsmanager: a}, B: {parameter_store: /b}}"
VPC = "vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}"


def said(folder: Path, build: str, trigger: str = "trigger: {pull_requests: true}") -> list[tuple[str, str]]:
    file = folder / "pipeline.yaml"
    file.write_text(f"service: clock\nsource:\n  github: {{repository: acme/clock}}\nbuild: {{{build}}}\n{trigger}\n")
    compiled = compile_file(file, "pipeline.yaml", APPLICATION)
    return [(one.level, one.message) for one in check_pull_requests(compiled.pipeline, compiled.document)]


def test_secrets_and_a_network_are_said_to_be_missing(tmp_path: Path) -> None:
    assert said(tmp_path, f"{SECRETS}, {VPC}") == [
        ("info", "builds of pull requests get no secrets: B, TOKEN"),
        ("info", "builds of pull requests run outside the VPC"),
    ]


@pytest.mark.parametrize(
    "trigger", ["", "trigger: {push: {branches: [main]}}", "trigger: {pull_requests: false, push: {tags: [v1]}}"]
)
def test_nothing_is_said_where_no_pull_request_is_built(tmp_path: Path, trigger: str) -> None:
    assert said(tmp_path, f"{SECRETS}, {VPC}", trigger) == []


def test_nothing_is_missing_where_a_build_has_neither(tmp_path: Path) -> None:
    assert said(tmp_path, "compute: small") == []
