"""`penstock init` asks where it cannot know, and answers programs in JSON."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.main import run
from generator.frameworks.sam import FRAMEWORK as SAM
from generator.init import application_template, templates
from generator.repository.files import Repository
from tests.cli.command_line import SOURCES
from tests.cli.repositories import APP, TESTS, Folder, written


def at_a_terminal(root: Path, typed: str) -> tuple[int, str]:
    """`penstock init` with somebody at the terminal: the exit code, and all that was said."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "generator.cli", "init", str(root)]
    environment = {"PYTHONPATH": str(SOURCES), "PATH": os.environ["PATH"]}
    running = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    os.write(ours, typed.encode())
    out, err = running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    return running.returncode, out + err


def test_somebody_at_the_terminal_chooses_the_template(folder: Folder) -> None:
    root = folder({"infra/a.yaml": APP, "infra/b.yaml": APP})
    code, output = at_a_terminal(root, "infra/b.yaml\nn\n")
    assert (code, written(root)["app"]["template"]) == (0, "infra/b.yaml")
    assert "there are 2 templates: infra/a.yaml, infra/b.yaml" in output


@pytest.mark.parametrize(("typed", "there"), [("y\n", True), ("n\n", False)])
def test_tests_to_begin_with_are_offered(typed: str, there: bool, folder: Folder) -> None:
    root = folder({"app-sam.yaml": APP})
    code, output = at_a_terminal(root, typed)
    assert code == 0
    assert "Write some to begin?" in output
    assert (root / "test-sam.yaml").exists() is there
    assert (written(root).get("tests") == "none") is not there


def test_what_was_found_is_said_in_json(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder({"app-sam.yaml": APP, "serverless.yml": ""}, remote="git@github.com:acme/time-service.git")
    assert run(["init", str(root), "--output", "json"]) == 0
    output = capsys.readouterr()
    result = json.loads(output.out)
    assert output.err == ""
    assert [problem["message"] for problem in result.pop("problems")] == [
        "serverless.yml: the Serverless Framework is not delivered"
    ]
    assert result == {
        "wrote": [f"{root}/pipeline.yaml"],
        "service": "time-service",
        "source": {"github": {"repository": "acme/time-service"}, "because": "the remote"},
        "application": {"template": "app-sam.yaml", "url": None, "because": ""},
        "services": [],
        "tests": None,
        "also_seen": [],
        "framework": "sam",
        "languages": ["python 3.13"],
        "packages": [],
        "buildspec": None,
        "unit_tests": None,
        "stages": ["Source", "Build", "Beta", "Gamma", "Prod"],
        "next": f"penstock check {root}/pipeline.yaml",
    }


def test_a_blueprint_answers_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["init", str(tmp_path / "clock"), "--blueprint", "time-service-python", "--output", "json"]
    assert run(arguments) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["service"], result["blueprint"]) == ("clock", "time-service-python")


@pytest.mark.parametrize("option", [("--template", "a.yaml"), ("--with-tests",)])
def test_a_blueprint_takes_no_options_of_a_repository(option: tuple[str, ...], tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "clock"), "--blueprint", "time-service-python", *option]) == 2
    assert not (tmp_path / "clock").exists()


def test_a_vast_repository_is_looked_at_in_part(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "template.yaml").write_text(APP, encoding="utf-8")
    repository = Repository(tmp_path, most=4)
    assert repository.is_vast()
    assert repository.files("*.yaml") == ("a/template.yaml",)
    assert not Repository(tmp_path).is_vast()


def test_what_cannot_be_opened_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "again").symlink_to("again")
    repository = Repository(tmp_path)
    assert repository.files("*") == ()
    assert repository.files("*", under="gone") == ()
    assert (repository.has("again"), repository.size("again"), repository.size("gone.zip")) == (False, 0, 0)


def test_the_tests_beside_a_template_are_found(tmp_path: Path) -> None:
    (tmp_path / "svc").mkdir()
    (tmp_path / "svc" / "template.yaml").write_text(APP, encoding="utf-8")
    (tmp_path / "svc" / "test-sam.yaml").write_text(f"{TESTS}  Checker: {{Value: x}}\n", encoding="utf-8")
    found_templates = templates.find(Repository(tmp_path), application_template.Choice("svc/template.yaml"), SAM)
    assert (found_templates.tests, found_templates.tests_are_usual, found_templates.function) == (
        "svc/test-sam.yaml",
        False,
        "Checker",
    )
