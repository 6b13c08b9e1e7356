"""Repositories whose own pipeline.yaml is another tool's: no command takes it for a pipeline file, or overwrites it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import penstock
from tests.cli.repositories import APP, Folder

DELIVERS = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Delivery: {Type: AWS::CodePipeline::Pipeline, Properties: {RoleArn: !GetAtt Role.Arn}}
"""
TEKTON = "apiVersion: tekton.dev/v1\nkind: Pipeline\n"
IT_IS_A_TEMPLATE = "pipeline.yaml:1:1: this is a CloudFormation template, not a pipeline file\n"


@pytest.fixture
def taken(folder: Folder) -> Path:
    return folder({"template.yaml": APP, "pipeline.yaml": DELIVERS, "src/app.py": "def handler(event, context): ...\n"})


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["generate"], ["cost"], ["permissions"], ["rehearse", "--worktree", "--approve", "yes"]],
    ids=lambda arguments: arguments[0],
)
def test_a_template_of_that_name_is_one_error_that_says_what_to_run(arguments: list[str], taken: Path) -> None:
    ran = penstock(*arguments, cwd=taken)
    writes = "penstock init writes a pipeline file, penstock.yaml, and leaves this one alone"
    assert (ran.code, ran.err) == (2, f"{IT_IS_A_TEMPLATE}  hint: {writes}; then: penstock check penstock.yaml\n")


def test_init_writes_a_file_of_another_name_that_commands_find_by_themselves(taken: Path) -> None:
    begun = penstock("init", cwd=taken)
    assert begun.code == 0
    assert begun.out.startswith("wrote penstock.yaml\n")
    assert begun.out.endswith("next: penstock check\n")
    assert "info: pipeline.yaml is a CloudFormation template: the pipeline file is penstock.yaml" in begun.err
    assert (taken / "pipeline.yaml").read_text(encoding="utf-8") == DELIVERS
    checked = penstock("check", cwd=taken)
    assert (checked.code, checked.complaints) == (0, [])


def test_a_second_init_changes_neither_file(taken: Path) -> None:
    (taken / "penstock.yaml").write_text("service: mine\n", encoding="utf-8")
    assert penstock("init", cwd=taken)[::2] == (1, "penstock.yaml already exists: it was not changed\n")
    assert (taken / "penstock.yaml").read_text(encoding="utf-8") == "service: mine\n"


def test_whoever_names_the_template_learns_the_pipeline_files_name(taken: Path) -> None:
    penstock("init", str(taken), cwd=taken.parent)
    hint = "  hint: name the pipeline file: penstock check penstock.yaml\n"
    assert penstock("check", "pipeline.yaml", cwd=taken).err == IT_IS_A_TEMPLATE + hint
    assert (
        penstock("check", "template.yaml", cwd=taken).err
        == f"template{IT_IS_A_TEMPLATE.removeprefix('pipeline')}{hint}"
    )


def test_a_pipeline_file_of_the_usual_name_comes_first(folder: Folder) -> None:
    root = folder({"pipeline.yaml": "service: x y\n", "penstock.yaml": "service: shop\n"})
    assert penstock("check", cwd=root).err.startswith("pipeline.yaml:")


def test_the_manifest_of_another_kind_of_pipeline_is_left_alone_too(folder: Folder) -> None:
    root = folder({"template.yaml": APP, "pipeline.yaml": TEKTON})
    assert "pipeline.yaml:1:1: this is a Kubernetes manifest, not a pipeline file" in penstock("check", cwd=root).err
    assert penstock("init", cwd=root).out.startswith("wrote penstock.yaml\n")


def test_a_template_that_makes_a_pipeline_is_not_the_application(folder: Folder) -> None:
    root = folder({"backend.yaml": f"AWSTemplateFormatVersion: '2010-09-09'\n{APP}", "pipeline.yaml": DELIVERS})
    parsed = json.loads(penstock("init", "--output", "json", cwd=root).out)
    assert parsed["application"]["template"] == "backend.yaml"


def test_it_is_not_the_application_where_there_is_no_other_template_either(folder: Folder) -> None:
    root = folder({"pipeline.yaml": DELIVERS})
    begun = json.loads(penstock("init", "--output", "json", cwd=root).out)
    assert (begun["application"]["template"], begun["also_seen"]) == (None, ["pipeline.yaml"])


@pytest.mark.parametrize("text", ["", "service: mine\n", "- a list\n", "a: [\n"])
def test_any_other_file_of_that_name_is_what_the_user_meant(text: str, folder: Folder) -> None:
    root = folder({"pipeline.yaml": text})
    assert penstock("init", cwd=root)[::2] == (1, "pipeline.yaml already exists: it was not changed\n")
