"""The buildspec of commands that deploy a stage: what it does with outputs that nobody could use."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from generator.compiler.pipeline import compile_file
from generator.model.build import Project
from generator.repository.files import Repository

_FILE = """\
service: shop
source: {codecommit: {repository: shop}}
tests: none
stages: [beta: {deploy: {commands: [./deploy.sh], outputs: [ApiUrl, TableName]}}]
"""


@pytest.fixture(name="check")
def _check(tmp_path: Path) -> str:
    """The command that comes after all others."""
    (tmp_path / "pipeline.yaml").write_text(_FILE)
    pipeline = compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path)).pipeline
    (project,) = pipeline.plan[2].actions[0].blocks
    assert isinstance(project, Project)
    buildspec = yaml.safe_load(project.buildspec)
    assert buildspec["env"] == {"exported-variables": ["ApiUrl", "TableName"]}
    last: str = buildspec["phases"]["build"]["commands"][-1]
    return last


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("orders", ""),
        (None, "the commands exported no TableName, which is one of the stage's outputs\n"),
        ("", "the commands exported no TableName, which is one of the stage's outputs\n"),
        ('a"b', "output TableName has a quote, a backslash or a line break: no action takes it\n"),
        ("a\\b", "output TableName has a quote, a backslash or a line break: no action takes it\n"),
        ("a\nb", "output TableName has a quote, a backslash or a line break: no action takes it\n"),
    ],
)
def test_an_output_that_no_action_could_read_ends_the_build_in_words(
    check: str, table: str | None, message: str
) -> None:
    variables = {"PATH": os.environ["PATH"], "ApiUrl": "https://example.com/?a=b&c=d'e"}
    if table is not None:
        variables["TableName"] = table
    ended = subprocess.run(["/bin/sh", "-c", check], env=variables, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (int(bool(message)), message, "")
