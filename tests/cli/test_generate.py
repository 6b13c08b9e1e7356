"""`penstock generate`: what goes to stdout and to files, and what the exit code says."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path

import pytest

from tests.cli.command_line import APPLICATION, penstock

_FILE = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(APPLICATION, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pipeline.yaml").write_text(_FILE)
    return tmp_path


def test_the_template_goes_to_stdout_and_everything_else_to_stderr(repository: Path) -> None:
    ran = penstock("generate", cwd=repository)
    assert ran.code == 0
    assert ran.out.startswith("# Made by Penstock ")
    assert ran.out.rstrip().endswith("Description: The function that runs the tests of every stage.")


def test_json_is_asked_for_by_format(repository: Path) -> None:
    ran = penstock("generate", "--format", "json", cwd=repository)
    assert json.loads(ran.out)["Resources"]["Pipeline"]["Type"] == "AWS::CodePipeline::Pipeline"


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_a_file_of_ours_is_replaced(repository: Path, form: str) -> None:
    first = penstock("generate", "-o", "made", "--format", form, cwd=repository)
    (repository / "pipeline.yaml").write_text(_FILE + "encryption: kms\n")
    second = penstock("generate", "-o", "made", "--format", form, cwd=repository)
    assert (first.code, second.code, second.out) == (0, 0, "")
    assert "ArtifactKey" in (repository / "made").read_text()


def test_a_file_of_the_users_stays_without_force(repository: Path) -> None:
    (repository / "template.yml").write_text("Resources: {}\n")
    ran = penstock("generate", "-o", "template.yml", cwd=repository)
    assert ran.code == 1
    assert ran.err == "template.yml already exists and was not written by Penstock: --force replaces it\n"
    assert (repository / "template.yml").read_text() == "Resources: {}\n"
    assert penstock("generate", "-o", "template.yml", "--force", cwd=repository).code == 0
    assert (repository / "template.yml").read_text().startswith("# Made by Penstock")


@pytest.mark.parametrize("head", ["# Was this Made by Penstock? No, by hand\n", '{"Made by Penstock 1": 1}', "{}"])
def test_a_file_that_merely_speaks_of_penstock_stays(repository: Path, head: str) -> None:
    (repository / "mine.yaml").write_text(head)
    assert penstock("generate", "-o", "mine.yaml", cwd=repository).code == 1
    assert (repository / "mine.yaml").read_text() == head


def test_the_pipeline_file_is_never_replaced_by_its_template(repository: Path) -> None:
    ran = penstock("generate", "-o", "./pipeline.yaml", "--force", cwd=repository)
    assert ran.code == 2
    assert "-o names the pipeline file itself" in ran.err
    assert (repository / "pipeline.yaml").read_text() == _FILE


def test_a_new_file_has_the_rights_of_any_new_file_and_an_old_one_keeps_its_own(repository: Path) -> None:
    beside = repository / "beside"
    beside.touch()
    penstock("generate", "-o", "made.yaml", cwd=repository)
    target = repository / "made.yaml"
    assert target.stat().st_mode == beside.stat().st_mode
    target.chmod(0o600)
    penstock("generate", "-o", "made.yaml", cwd=repository)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("target", ["no/such/folder/made.yaml", "src"])
def test_a_file_that_cannot_be_written_is_said_in_one_line(repository: Path, target: str) -> None:
    ran = penstock("generate", "-o", target, "--force", cwd=repository)
    assert ran.code == 1
    assert ran.err.startswith(f"{target} cannot be written: ")
    assert list(repository.glob(".*")) == []


def test_problems_of_the_application_exit_1_and_the_template_is_printed_all_the_same(repository: Path) -> None:
    (repository / "test-sam.yaml").unlink()
    ran = penstock("generate", cwd=repository)
    assert ran.code == 1
    assert ran.out.startswith("# Made by Penstock ")
    assert "there is no test-sam.yaml in the repository" in ran.err


def test_problems_of_the_pipeline_file_exit_2_and_nothing_is_printed(repository: Path) -> None:
    (repository / "pipeline.yaml").write_text("service: T\nsource: {githb: {}}\n")
    ran = penstock("generate", cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines()[0].startswith("pipeline.yaml:1:10: 'T' is not a service name")
    assert "pipeline.yaml:2:10: unknown source 'githb'" in ran.err


def test_a_pipeline_file_elsewhere_brings_its_own_repository(repository: Path) -> None:
    ran = penstock("generate", repository / "pipeline.yaml", cwd=Path("/"))
    assert (ran.code, ran.err) == (0, "")


def covered(template: Path, resource_type: str) -> bool:
    """Whether the build of a template is told that the deploy roles cover a type."""
    (words,) = re.findall(r"Name: COVERED_TYPES\n +Value: (.*?)\n +- Name:", template.read_text(), re.DOTALL)
    return resource_type in words.split()


def test_an_exact_role_keeps_what_the_file_to_be_replaced_covers_until_it_is_pruned(repository: Path) -> None:
    (repository / "pipeline.yaml").write_text(_FILE + "deploy_role: exact\n")
    app = repository / "app-sam.yaml"
    small = app.read_text()
    app.write_text(small.replace("\nResources:\n", "\nResources:\n  Jobs: {Type: 'AWS::SQS::Queue'}\n", 1))
    assert penstock("generate", "-o", "made.yaml", cwd=repository).err == ""
    app.write_text(small)
    kept = penstock("generate", "-o", "made.yaml", cwd=repository)
    assert "keeps permissions for AWS::SQS::Queue, no longer used: --prune removes them" in kept.err
    assert covered(repository / "made.yaml", "AWS::SQS::Queue")
    pruned = penstock("generate", "-o", "made.yaml", "--prune", cwd=repository)
    assert pruned.err == ""
    assert not covered(repository / "made.yaml", "AWS::SQS::Queue")
