"""Git is run in one place: where, as whom and for how long stands in the value, never in the caller's surroundings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.repository.git import ForeignRepositoryError, Git, NoGitError, committed, remote, start, users_repository

AUTHOR = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com"}
COMMITTER = {"GIT_COMMITTER_NAME": "Bob", "GIT_COMMITTER_EMAIL": "bob@example.com"}


@pytest.fixture
def git(tmp_path: Path) -> Git:
    start(tmp_path)
    return Git.folder(tmp_path, {"PATH": os.environ["PATH"], **AUTHOR, **COMMITTER})


def test_the_environment_of_a_command_is_the_one_that_was_passed(git: Git) -> None:
    assert git("commit", "--allow-empty", "--message", "first").status == 0
    assert git("log", "--format=%an %cn").text == "Ada Bob"


def test_what_git_reads_on_stdin_and_writes_may_be_any_bytes(git: Git) -> None:
    blob = git("hash-object", "-w", "--stdin", stdin=b"\xff\x00").text
    assert git("cat-file", "blob", blob).output == b"\xff\x00"


def test_a_bare_repository_needs_no_working_folder(git: Git, tmp_path: Path) -> None:
    git("commit", "--allow-empty", "--message", "first")
    bare = Git.bare(tmp_path / ".git", git.environ)
    assert bare("log", "--format=%s").text == "first"


def test_a_refusal_has_gits_own_reason(git: Git) -> None:
    answer = git("rev-parse", "--verify", "nowhere")
    assert answer.status
    assert answer.reason == "fatal: Needed a single revision"


def test_a_machine_without_git_is_told_apart_from_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(NoGitError, match="git is not installed"):
        Git.folder(tmp_path, {"PATH": str(tmp_path)})("status")


def test_a_committed_file_is_read_without_its_byte_order_mark(git: Git, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: \xff\n")
    git("add", "a.yaml")
    git("commit", "--message", "first")
    assert committed(tmp_path, "a.yaml") == "a: \ufffd\n"
    assert committed(tmp_path, "b.yaml") is None


@pytest.fixture
def marker(git: Git, tmp_path: Path) -> Path:
    """A file that is made when git runs any program that the repository's own configuration names."""
    marker = tmp_path / ".git" / "ran"
    program = f"touch '{marker}'; cat"
    (tmp_path / ".gitattributes").write_text("* filter=some.name=odd diff=theirs\n")
    (tmp_path / "file").write_text("1\n")
    git("add", ".")
    git("commit", "--message", "first")
    for name in (
        "core.fsmonitor",
        "filter.some.name=odd.clean",
        "diff.theirs.textconv",
        "gpg.program",
        "diff.external",
    ):
        git.text("config", name, program)
    git.text("config", "log.showSignature", "true")
    git.text("config", "filter.some.name=odd.required", "true")
    (tmp_path / "file").write_text("2\n")
    return marker


def test_nothing_that_a_repository_is_configured_to_run_is_run(marker: Path, tmp_path: Path) -> None:
    theirs = users_repository(tmp_path, os.environ)
    assert theirs.text("status", "--porcelain") == " M file"
    assert theirs.text("ls-files") == ".gitattributes\nfile"
    theirs.text("show", "--no-patch", "--format=%s", "HEAD")
    assert committed(tmp_path, "file") == "1\n"
    assert not marker.exists()


def test_no_missing_object_is_fetched_by_a_command_of_the_repository(git: Git, marker: Path, tmp_path: Path) -> None:
    git.text("remote", "add", "origin", f"ext::sh -c 'touch {marker}'")
    for name, value in {"remote.origin.promisor": "true", "protocol.ext.allow": "always"}.items():
        git.text("config", name, value)
    git.text("config", "core.repositoryFormatVersion", "1")
    git.text("config", "extensions.partialClone", "origin")
    assert users_repository(tmp_path, os.environ)("cat-file", "-p", "1" * 40).status
    assert not marker.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_repository_of_another_user_is_refused_as_git_refuses_it(git: Git, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    repository = Path(git.text("rev-parse", "--show-toplevel"))
    for place in (repository, repository / ".git"):
        os.chown(place, 65534, 65534)
    with pytest.raises(ForeignRepositoryError) as refused:
        users_repository(repository, environ).text("status")
    assert f"git config --global --add safe.directory {repository}" in str(refused.value)
    with pytest.raises(ForeignRepositoryError):
        remote(repository)
    (tmp_path / ".gitconfig").write_text(f"[safe]\n\tdirectory = {repository}\n")
    assert users_repository(repository, environ).text("rev-parse", "--is-inside-work-tree") == "true"
