"""`penstock check`: all problems at once, a summary, and the exit code that tells them apart."""

from __future__ import annotations

import codecs
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import APPLICATION, penstock
from tests.cli.repositories import in_git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    shutil.copytree(APPLICATION, tmp_path, dirs_exist_ok=True)
    (tmp_path / "pipeline.yaml").write_text(
        "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"
    )
    return tmp_path


def test_a_good_pipeline_is_summed_up(repository: Path) -> None:
    ran = penstock("check", cwd=repository)
    assert ran.code == 0
    # Its deploy roles may make roles, and every such pipeline hears so.
    assert ran.err.count("info: ") == ran.err.count("permissions_boundary") == 1
    assert ran.out.splitlines()[:2] == [
        "time-service: Source > Build > DeployTests > Beta > Gamma > Prod (approval)",
        "  application app-sam.yaml, tests test-sam.yaml",
    ]
    assert ran.out.splitlines()[-1] == "  no problems, 1 remark"


def test_a_missing_output_is_said_with_its_place(repository: Path) -> None:
    template = repository / "app-sam.yaml"
    template.write_text(template.read_text().replace("ApiUrl:", "ApiUri:"))
    ran = penstock("check", cwd=repository)
    assert ran.code == 1
    assert "ApiUrl" in ran.err
    assert "ApiUri" in ran.err
    assert ran.out.splitlines()[-1] == "  1 problem, 1 remark"


def test_what_cfn_lint_finds_in_the_users_template_is_said(repository: Path) -> None:
    template = repository / "app-sam.yaml"
    template.write_text(template.read_text().replace("Handler: app.handler", "Handler: app.handler, Memory: 1"))
    ran = penstock("check", cwd=repository)
    assert ran.code == 1
    assert "app-sam.yaml:9" in ran.err


def test_json_lists_the_problems_with_their_places(repository: Path) -> None:
    (repository / "test-sam.yaml").unlink()
    ran = penstock("check", "--output", "json", cwd=repository)
    (problem,) = (problem for problem in json.loads(ran.out)["problems"] if problem["level"] != "info")
    assert ran.code == 1
    assert problem["level"] == "error"
    assert problem["place"] == {"file": "pipeline.yaml", "line": 1, "column": 1}


def test_a_broken_pipeline_file_is_no_affair_of_the_application(repository: Path) -> None:
    (repository / "pipeline.yaml").write_text("service: [\n")
    ran = penstock("check", cwd=repository)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


def test_an_output_of_another_kind_than_in_the_last_commit_is_warned_of(repository: Path) -> None:
    commit = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "commit", "-qm", "a")
    template = repository / "app-sam.yaml"
    written = template.read_bytes()
    template.write_bytes(codecs.BOM_UTF8 + re.sub(rb"!Sub 'https[^']*'", b"hello", written))
    for arguments in (("init", "-q"), ("add", "."), commit):
        in_git(repository, *arguments)
    template.write_bytes(written)
    ran = penstock("check", cwd=repository)
    assert ran.code == 0
    assert "warning: output ApiUrl is a URL now, and a text in the last commit" in ran.err
    assert ran.out.splitlines()[-1] == "  1 warning, 1 remark"


def test_what_only_looks_like_a_reference_of_ours_belongs_to_the_users_shell(repository: Path) -> None:
    file = repository / "pipeline.yaml"
    file.write_text(file.read_text() + 'build: {test: "echo ${ServiceName}", environment: {WHERE: "${AWS::Region}"}}\n')
    ran = penstock("check", cwd=repository)
    assert (ran.code, "the generated template:" in ran.err) == (0, False), ran.err


def test_a_build_that_compares_nothing_is_a_remark_and_no_failure(repository: Path) -> None:
    (repository / "own.yml").write_text(
        "version: 0.2\nphases: {build: {commands: [make]}}\n"
        "artifacts: {files: [app-output_sam.yaml, test-output_sam.yaml]}\n"
    )
    with (repository / "pipeline.yaml").open("a") as file:
        file.write("build: {buildspec: own.yml}\n")
    ran = penstock("check", cwd=repository)
    assert ran.code == 0
    assert "info: your own buildspec does not compare the templates" in ran.err


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipeline.yaml")
    done = penstock("check", cwd=tmp_path)
    assert (done.code, done.err) == (2, "pipeline.yaml:1:1: this is not a regular file\n  hint: name a file\n")


@pytest.mark.parametrize("linked", ["pipeline.yaml", "app-sam.yaml"])
def test_a_link_out_of_the_repository_is_neither_read_nor_shown(tmp_path: Path, linked: str) -> None:
    secret = tmp_path / "credentials"
    secret.write_text("[default]\naws_secret_access_key: abcdefgh\n")
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "pipeline.yaml").write_text("service: shop\nsource:\n  codecommit: {repository: shop}\n")
    (repository / linked).unlink(missing_ok=True)
    (repository / linked).symlink_to(secret)
    done = penstock("check", cwd=repository)
    assert done.code in {1, 2}
    assert "the repository" in done.err
    assert "abcdefgh" not in done.err + done.out
