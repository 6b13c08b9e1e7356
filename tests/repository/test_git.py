"""Git is run in one place: where, as whom and for how long stands in the value, never in the caller's surroundings."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from generator.repository.git import Git, NoGitError, committed, start

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
    bare = Git.bare(tmp_path / ".git", git.environ, trusted=True)
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
