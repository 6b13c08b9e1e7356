"""`penstock init --blueprint`: a new repository, or nothing at all; and both ways without git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.cli.main import run
from generator.compiler.pipeline import compile_file
from generator.errors import RefusedError
from generator.init import blueprints, first_pipeline_file
from generator.repository import git
from generator.repository.files import Repository
from tests.cli.repositories import tree, written


def test_a_blueprint_becomes_a_repository_of_its_own_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "teams" / "World_Clock"
    assert run(["init", str(target), "--blueprint", "time-service-python"]) == 0
    assert capsys.readouterr().out == (
        f"made {target} out of the blueprint time-service-python\n"
        "  service  world-clock\n"
        "  git      a git repository on branch main, nothing committed yet\n"
        f"next: cd {target} && penstock check\n"
    )
    data = written(target)
    assert data["service"] == "world-clock"
    assert data["source"] == {"codecommit": {"repository": "world-clock"}}
    copied = tree(target)
    assert copied.pop("pipeline.schema.json") == first_pipeline_file.SHIPPED_SCHEMA.read_bytes()
    assert copied["pipeline.yaml"].startswith(b"# yaml-language-server: $schema=pipeline.schema.json\n")
    assert copied.keys() == tree_without_rubbish(blueprints.blueprint("time-service-python"))
    assert git.branch(target) == "main"
    assert "World_Clock" in str(git.top(target))
    compiled = compile_file(target / "pipeline.yaml", "pipeline.yaml", Repository(target))
    assert compiled.problems == ()


def tree_without_rubbish(blueprint: Path) -> set[str]:
    return {path for path in tree(blueprint) if "__pycache__" not in path and not path.startswith(".pytest_cache")}


def test_the_next_command_can_be_copied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "my clock"), "--blueprint", "time-service-python"]) == 0
    assert capsys.readouterr().out.endswith(f"next: cd '{tmp_path}/my clock' && penstock check\n")
    assert run(["check", str(tmp_path / "my clock" / "pipeline.yaml")]) == 0


def test_the_instructions_name_the_new_services_stack(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "clock"), "--blueprint", "time-service-python"]) == 0
    readme = (tmp_path / "clock" / "README.md").read_text(encoding="utf-8")
    assert "--stack-name clock-pipeline" in readme
    assert "time-service-pipeline" not in readme


def test_the_stacks_of_several_services_get_the_name_of_the_new_project(tmp_path: Path) -> None:
    target = tmp_path / "my-app"
    assert run(["init", str(target), "--blueprint", "todo-serverless"]) == 0
    compiled = compile_file(target / "pipeline.yaml", "pipeline.yaml", Repository(target))
    assert [problem for problem in compiled.problems if problem.level == "error"] == []
    stacks = [each.stack for each in compiled.pipeline.stages[-1].deployments]
    assert stacks == [f"my-app-{name}-prod" for name in ("database", "restapi", "tasks", "website")]
    assert "`my-app-pipeline`" in (target / "README.md").read_text(encoding="utf-8")


def test_nothing_is_committed(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "new"), "--blueprint", "time-service-python"]) == 0
    done = subprocess.run(["git", "-C", str(tmp_path / "new"), "rev-parse", "HEAD"], check=False, capture_output=True)
    assert done.returncode != 0


def test_a_name_that_is_none_keeps_the_blueprints(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "2048"), "--blueprint", "time-service-python"]) == 0
    assert written(tmp_path / "2048")["service"] == "time-service"


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path), "--blueprint", "time-service-python"]) == 0


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert run(["init", str(tmp_path), "--blueprint", "time-service-python"]) == 1
    assert tree(tmp_path) == {"notes.txt": b"mine"}
    assert capsys.readouterr().err == (f"{tmp_path} already exists and is not an empty folder: nothing was changed\n")


def test_a_file_in_place_of_the_new_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("mine")
    assert run(["init", str(tmp_path / "new"), "--blueprint", "time-service-python"]) == 1
    assert (tmp_path / "new").read_text() == "mine"


def test_an_unknown_blueprint_names_those_there_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "new"), "--blueprint", "time-servce-python"]) == 2
    assert capsys.readouterr().err == (
        "there is no blueprint 'time-servce-python'\n"
        f"  hint: did you mean 'time-service-python'? blueprints: {', '.join(blueprints.blueprints())}\n"
    )
    assert not (tmp_path / "new").exists()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    blueprint = tmp_path / "blueprint"
    (blueprint / "src").mkdir(parents=True)
    (blueprint / "pipeline.yaml").write_text("service: small\nsource:\n  codecommit: {repository: small}\n")
    (blueprint / "src" / "app.py").write_text("")
    return blueprint


def interrupt(_: Path) -> str:
    raise KeyboardInterrupt


def test_an_interrupt_takes_back_what_was_made(small: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        blueprints.begin(small, tmp_path / "deep" / "er" / "new", "{}", interrupt)
    assert not (tmp_path / "deep").exists()


def test_an_interrupt_leaves_the_empty_folder_that_was_there(small: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(KeyboardInterrupt):
        blueprints.begin(small, tmp_path / "new", "{}", interrupt)
    assert [*(tmp_path / "new").iterdir()] == []


def test_a_copy_that_fails_takes_back_what_was_made(small: Path, tmp_path: Path) -> None:
    os.mkfifo(small / "pipe")
    with pytest.raises(RefusedError, match=r"new cannot be made: .*pipe.* is a named pipe"):
        blueprints.begin(small, tmp_path / "new", "{}", str)
    assert not (tmp_path / "new").exists()


def test_what_trying_a_blueprint_out_left_behind_is_not_copied(small: Path, tmp_path: Path) -> None:
    for rubbish in ("src/__pycache__", "node_modules/left-pad", ".aws-sam/build"):
        (small / rubbish).mkdir(parents=True)
        (small / rubbish / "file").write_text("")
    assert blueprints.begin(small, tmp_path / "new", "{}", str).service == "new"
    assert tree(tmp_path / "new").keys() == {"pipeline.yaml", "pipeline.schema.json", "src/app.py"}


def without_git(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    empty = tmp_path / "no-programs"
    empty.mkdir()
    command = [sys.executable, "-c", "from generator.cli.main import main; main()", "init", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env={**os.environ, "PATH": str(empty)})


def test_without_git_the_file_is_written_and_the_lack_said(tmp_path: Path) -> None:
    (tmp_path / "repository").mkdir()
    done = without_git(tmp_path, str(tmp_path / "repository"))
    assert done.returncode == 0
    assert "the remote is not known: git is not installed" in done.stderr
    assert "codecommit" in written(tmp_path / "repository")["source"]


def test_without_git_a_blueprint_is_copied_and_the_lack_said(tmp_path: Path) -> None:
    done = without_git(tmp_path, str(tmp_path / "new"), "--blueprint", "time-service-python")
    assert (done.returncode, done.stderr) == (0, "")
    assert "git      no git repository: git is not installed\n" in done.stdout
    assert (tmp_path / "new" / "pipeline.yaml").exists()
