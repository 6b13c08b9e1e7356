"""The examples of docs/other-languages.md: files in tests/docs/languages that check and generate pass for."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.aws_rules import lint
from generator.compiler.findings import full
from generator.compiler.pipeline import compile_file
from generator.render.template_text import templates
from generator.repository.files import Repository

pytestmark = pytest.mark.slow

_LANGUAGES = sorted((Path(__file__).parent / "languages").iterdir())
_PAGE = Path(__file__).parents[2] / "docs" / "other-languages.md"


@pytest.mark.parametrize("folder", _LANGUAGES, ids=lambda folder: folder.name)
def test_every_example_stands_in_the_page_and_has_no_problems(folder: Path) -> None:
    file = folder / "pipeline.yaml"
    assert f"```yaml\n{file.read_text()}```\n" in _PAGE.read_text()
    compiled = compile_file(file, file.name, Repository(folder))
    generated = templates(compiled.pipeline, file.name, "0")
    problems = full(compiled, generated, dt.date(2026, 12, 1))
    assert [str(problem) for problem in problems if problem.level != "info"] == []
    assert list(lint.lint((folder / "template.yaml").read_text(), "template.yaml")) == []


@pytest.mark.skipif(shutil.which("javac") is None, reason="this machine has no javac")
def test_the_commands_of_the_java_example_leave_code_and_template(tmp_path: Path) -> None:
    folder = next(each for each in _LANGUAGES if each.name == "java")
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    compiled = compile_file(tmp_path / "pipeline.yaml", "pipeline.yaml", Repository(tmp_path))
    commands = compiled.pipeline.build.environment["TEMPLATE_COMMANDS"]
    environment = {"PATH": os.environ["PATH"], "STAGE": "beta"}
    subprocess.run(["bash", "-eo", "pipefail", "-c", commands], cwd=tmp_path, env=environment, check=True)
    left = [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted(left) == ["out/beta.yaml", "out/hello/example/Hello.class"]
