"""`penstock init` finds the source and the branch in git."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.main import run
from generator.init import remotes
from generator.pipeline_file import kinds
from generator.repository import git
from tests.cli.repositories import APP, Folder, in_git, written


@pytest.mark.parametrize(
    ("address", "kind", "repository"),
    [
        ("https://github.com/acme/time.git", "github", "acme/time"),
        ("https://github.com/acme/time", "github", "acme/time"),
        ("https://token@github.com/acme/time/", "github", "acme/time"),
        ("git@github.com:acme/time.git", "github", "acme/time"),
        ("github.com:acme/time.git", "github", "acme/time"),
        ("ssh://git@GitHub.com:22/acme/time.git", "github", "acme/time"),
        ("ssh://git@ssh.github.com:443/acme/time.git", "github", "acme/time"),
        ("git@gitlab.com:acme/team/time.git", "gitlab", "acme/team/time"),
        ("https://bob@bitbucket.org/acme/time.git", "bitbucket", "acme/time"),
    ],
)
def test_a_hosted_remote_is_a_source_behind_a_connection(address: str, kind: str, repository: str) -> None:
    source = remotes.source_of(address, kinds.hosts())
    assert source == remotes.Remote(kind, {"repository": repository}, "time")


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/time", "eu-west-1"),
        ("https://git-codecommit-fips.us-east-1.amazonaws.com/v1/repos/time", "us-east-1"),
        ("https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/time", "cn-north-1"),
        ("ssh://APKAEXAMPLE@git-codecommit.eu-west-1.amazonaws.com/v1/repos/time", "eu-west-1"),
        ("codecommit::eu-west-1://time", "eu-west-1"),
        ("codecommit::eu-west-1://profile@time", "eu-west-1"),
        ("codecommit://profile@time", ""),
        ("codecommit://time", ""),
    ],
)
def test_a_codecommit_remote_is_a_repository_that_exists(address: str, region: str) -> None:
    source = remotes.source_of(address, kinds.hosts())
    assert source == remotes.Remote("codecommit", {"repository": "time", "create": False}, "time", region)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "/srv/git/time.git",
        "../time",
        "https://git.example.com/acme/time.git",
        "https://github.com.example.com/acme/time.git",
        "https://example.com/github.com/acme/time.git",
        "https://github.com/acme",
        "https://github.com/acme/time/tree/main",
        "https://github.com/acme/ti me.git",
        "https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/",
        "codecommit::eu-west-1://",
    ],
)
def test_other_addresses_are_no_source(address: str) -> None:
    assert remotes.source_of(address, kinds.hosts()) is None


def test_a_repository_without_a_remote_gets_one_in_codecommit(folder: Folder) -> None:
    root = folder({"app-sam.yaml": APP}, name="Time Service")
    assert run(["init", str(root)]) == 0
    assert written(root)["service"] == "time-service"
    assert written(root)["source"] == {"codecommit": {"repository": "time-service"}}


def test_a_password_in_a_remote_is_not_shown(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    root = folder(remote="https://bob:secret@git.example.com/acme/time.git")
    assert run(["init", str(root)]) == 0
    output = capsys.readouterr()
    assert "https://git.example.com/acme/time.git" in output.err
    assert "secret" not in output.err + output.out + (root / "pipeline.yaml").read_text(encoding="utf-8")


def test_a_repository_that_git_refuses_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".git").mkdir()
    assert run(["init", str(tmp_path)]) == 0
    assert "git does not take this for a repository" in capsys.readouterr().err


def test_a_folder_that_git_does_not_know_gets_a_file_too(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path)]) == 0
    assert "codecommit" in written(tmp_path)["source"]


def commit(root: Path) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    in_git(root, *who, "commit", "--allow-empty", "-m", "first")


def test_the_branch_is_the_remotes_own_default(folder: Folder) -> None:
    root = folder(remote="git@github.com:acme/time.git")
    commit(root)
    in_git(root, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    in_git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
    assert git.branch(root) == "trunk"
    assert run(["init", str(root)]) == 0
    assert written(root)["source"]["github"]["branch"] == "trunk"


def test_a_branch_on_which_the_pipeline_is_begun_is_not_the_one_delivered(folder: Folder) -> None:
    root = folder()
    commit(root)
    in_git(root, "checkout", "-b", "add-pipeline")
    assert git.branch(root) == "main"


def test_a_repository_with_one_branch_delivers_that(folder: Folder) -> None:
    root = folder()
    in_git(root, "symbolic-ref", "HEAD", "refs/heads/2026")
    assert run(["init", str(root)]) == 0
    assert written(root)["source"]["codecommit"]["branch"] == "2026"
