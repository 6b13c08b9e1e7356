"""What is rehearsed: a commit, or files as they are; the user's repository stays as it was."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import InvalidInputError, RefusedError
from generator.rehearsal.driver.source import Source, SourceChoice, take
from tests.rehearsal.emulator.repositories import commit, git

Take = Callable[..., Source]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with two commits, and changes on top."""
    folder = tmp_path / "repository"
    (folder / "service").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "first", **{".gitignore": "*.log\n", "app": "1", "gone": "soon", "service/app": "s1"})
    commit(folder, "second", **{"app": "2", "service/app": "s2"})
    (folder / "app").write_text("3")
    (folder / "gone").unlink()
    (folder / "new").write_text("new")
    (folder / "build.log").write_text("noise")
    (folder / "service" / "app").write_text("s3")
    return folder


@pytest.fixture
def taken(tmp_path: Path) -> Take:
    def take_it(folder: Path, **choice: str | bool) -> Source:
        return take(folder, SourceChoice(**choice), tmp_path / "taken", os.environ)  # type: ignore[arg-type]  # by name

    return take_it


def files(source: Source) -> dict[str, str]:
    return {
        path.relative_to(source.files).as_posix(): path.read_text()
        for path in source.files.rglob("*")
        if path.is_file()
    }


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder, git's own too, with its contents and when it was written."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in paths}


def test_at_the_root_of_a_repository_head_is_taken(root: Path, taken: Take) -> None:
    source = taken(root)
    assert source.commit == git(root, "rev-parse", "HEAD")
    assert source.description == f"commit {source.commit[:12]} (second)"
    assert files(source) == {".gitignore": "*.log\n", "app": "2", "gone": "soon", "service/app": "s2"}


def test_a_repository_may_lie_below_any_name(root: Path, taken: Take, tmp_path: Path) -> None:
    folder = root.rename(tmp_path / 'a\n"b\\ ü $(c)')
    assert files(taken(folder))["app"] == "2"


def test_what_is_not_committed_is_said_to_be_left_out(root: Path, taken: Take) -> None:
    assert taken(root).left_out == "4 uncommitted changes: --worktree takes the files as they are"


def test_nothing_is_left_out_of_a_clean_repository(root: Path, taken: Take) -> None:
    commit(root, "third")
    assert taken(root).left_out == ""


def test_a_revision_takes_the_place_of_head(root: Path, taken: Take) -> None:
    source = taken(root, revision="HEAD~1")
    assert source.commit == git(root, "rev-parse", "HEAD~1")
    assert files(source)["app"] == "1"


def test_the_worktree_is_what_git_does_not_ignore_of_the_files_as_they_are(root: Path, taken: Take) -> None:
    source = taken(root, worktree=True)
    assert files(source) == {".gitignore": "*.log\n", "app": "3", "new": "new", "service/app": "s3"}
    assert source.description == f"the files of {root} as they are"


def test_a_file_that_is_tracked_although_it_is_ignored_belongs_to_the_worktree(root: Path, taken: Take) -> None:
    git(root, "add", "--force", "build.log")
    assert files(taken(root, worktree=True))["build.log"] == "noise"


def test_below_the_root_the_folder_is_the_whole_source(root: Path, taken: Take) -> None:
    assert files(taken(root / "service")) == {"app": "s3"}


def test_below_the_root_a_revision_means_the_folder_in_that_commit(root: Path, taken: Take) -> None:
    source = taken(root / "service", revision="HEAD~1")
    assert files(source) == {"app": "s1"}
    assert source.description.startswith("service/ of commit ")
    assert source.description.endswith("(first)")


def test_before_the_first_commit_the_files_are_taken(tmp_path: Path, taken: Take) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "app").write_text("0")
    assert files(taken(folder)) == {"app": "0"}


def test_without_a_repository_gitignore_counts_all_the_same(tmp_path: Path, taken: Take) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    for name, text in {"app": "0", "x.log": "noise", ".gitignore": "*.log\n"}.items():
        (folder / name).write_text(text)
    assert files(taken(folder)) == {"app": "0", ".gitignore": "*.log\n"}


def test_a_repository_within_the_folder_is_left_out(root: Path, taken: Take) -> None:
    inner = root / "inner"
    inner.mkdir()
    git(inner, "init", "--quiet")
    commit(inner, "inner", file="x")
    assert not (taken(root, worktree=True).files / "inner").exists()


def test_the_working_folder_of_whoever_asks_does_not_matter(
    root: Path, taken: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "service")
    assert "app" in files(taken(Path(".."), worktree=True))


def test_names_that_are_no_ascii_are_taken(root: Path, taken: Take) -> None:
    (root / "Grüße mit Raum").write_text("hallo")
    (root / os.fsdecode(b"latin\xe9")).write_text("1")
    there = {os.fsencode(path.name) for path in taken(root, worktree=True).files.iterdir()}
    assert {"Grüße mit Raum".encode(), b"latin\xe9"} <= there


def test_a_program_stays_a_program_and_a_link_a_link(root: Path, taken: Take) -> None:
    (root / "run").write_text("#!/bin/sh\n")
    (root / "run").chmod(0o755)
    (root / "link").symlink_to("app")
    source = taken(root, worktree=True)
    assert os.access(source.files / "run", os.X_OK)
    assert (source.files / "link").readlink() == Path("app")


@pytest.mark.parametrize("expected", [{}, {"worktree": True}, {"revision": "HEAD~1"}], ids=str)
def test_the_users_repository_is_not_written_to(expected: dict[str, str | bool], root: Path, taken: Take) -> None:
    before = snapshot(root)
    taken(root, **expected)
    assert snapshot(root) == before


def test_a_shallow_clone_is_rehearsed_as_the_commit_it_is(root: Path, tmp_path: Path, taken: Take) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", root.as_uri(), str(clone))
    assert taken(clone).commit == git(root, "rev-parse", "HEAD")


def test_a_working_tree_beside_its_repository_is_one(root: Path, tmp_path: Path, taken: Take) -> None:
    git(root, "worktree", "add", "--quiet", str(tmp_path / "beside"), "HEAD~1")
    assert files(taken(tmp_path / "beside"))["app"] == "1"


@pytest.mark.parametrize(
    ("revision", "message"),
    [("no-such-branch", "'no-such-branch' names no commit"), ("--all", "'--all' names no commit")],
)
def test_a_revision_that_there_is_none_of_is_said(revision: str, message: str, root: Path, taken: Take) -> None:
    with pytest.raises(InvalidInputError, match=message):
        taken(root, revision=revision)


def test_a_folder_that_a_commit_does_not_have_is_said(root: Path, taken: Take) -> None:
    (root / "later").mkdir()
    with pytest.raises(InvalidInputError, match=r"has no folder later/"):
        taken(root / "later", revision="HEAD")


def test_a_revision_needs_a_repository(tmp_path: Path, taken: Take) -> None:
    (tmp_path / "plain").mkdir()
    with pytest.raises(InvalidInputError, match="is not in a git repository"):
        taken(tmp_path / "plain", revision="HEAD")


def test_without_git_it_is_said_that_git_is_needed(root: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="git is not installed"):
        take(root, SourceChoice(), tmp_path / "taken", {"PATH": str(tmp_path)})


def test_the_archive_holds_the_files_of_the_commit(root: Path, taken: Take, tmp_path: Path) -> None:
    taken(root).archive(tmp_path / "source.zip")
    with zipfile.ZipFile(tmp_path / "source.zip") as archive:
        assert archive.read("app") == b"2"


def test_what_git_refuses_is_said_in_its_own_words(root: Path, tmp_path: Path) -> None:
    git_of_old = tmp_path / "git"
    git_of_old.write_text("#!/bin/sh\necho 'fatal: no space left' >&2; exit 128\n")
    git_of_old.chmod(0o755)
    with pytest.raises(RefusedError, match=r"^git: fatal: no space left$"):
        take(root, SourceChoice(), tmp_path / "taken", {"PATH": str(tmp_path)})
