"""CodeBuild's file patterns."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.rehearsal.codebuild.patterns import files_below, folders_matching, is_pattern, matches


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a.txt", "a.txt", True),
        ("./a.txt", "a.txt", True),
        ("a.txt", "x/a.txt", False),
        ("*", "a.txt", True),
        ("*", ".hidden", True),
        ("*", "x/a.txt", False),
        ("x/*", "x/a.txt", True),
        ("x/*", "x/y/a.txt", False),
        ("**/*", "a.txt", True),
        ("**/*", "x/y/.hidden", True),
        ("x/**/*", "x/a.txt", True),
        ("x/**/*", "x/y/z/a.txt", True),
        ("x/**/*", "y/a.txt", False),
        ("x/**", "x/y/a.txt", True),
        ("**/.*", "x/.env", True),
        ("**/.*", "x/env", False),
        ("**/.*/**/*", "x/.git/config", True),
        ("**/.*/**/*", "x/.env", False),
        ("**/node_modules/**/*", "node_modules/a/b.js", True),
        ("*.{js}", "a.{js}", True),
        ("a?.txt", "ab.txt", True),
        ("a?.txt", "a/.txt", False),
        ("a[0-9].txt", "a7.txt", True),
        ("a[!0-9].txt", "a7.txt", False),
        ("a+(b).txt", "a+(b).txt", True),
        ("*.txt", "two\nlines.txt", True),
    ],
)
def test_a_pattern_matches_as_codebuild_does(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


def test_a_name_is_no_pattern() -> None:
    assert [text for text in ("a", "a*", "a?", "[a]", "a/b") if is_pattern(text)] == ["a*", "a?", "[a]"]


def tree(folder: Path, *names: str) -> None:
    """Make empty files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_files_are_found_in_order(tmp_path: Path) -> None:
    tree(tmp_path, "b", "a/z", "a/b/c", ".hidden/x")
    assert files_below(tmp_path, through_links=False) == [".hidden/x", "a/b/c", "a/z", "b"]


def test_links_are_followed_or_are_files_themselves(tmp_path: Path) -> None:
    tree(tmp_path, "real/file")
    (tmp_path / "link").symlink_to("real")
    assert files_below(tmp_path, through_links=True) == ["link/file", "real/file"]
    assert files_below(tmp_path, through_links=False) == ["link", "real/file"]


def test_a_link_to_a_folder_above_it_ends(tmp_path: Path) -> None:
    tree(tmp_path, "a/file")
    (tmp_path / "a" / "up").symlink_to("..")
    assert files_below(tmp_path, through_links=True) == ["a/file"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", ["."]),
        (".", ["."]),
        ("build-1", ["build-1"]),
        ("build-*", ["build-1", "build-2"]),
        ("*/dist", ["build-1/dist"]),
        ("nowhere", []),
        ("no*", []),
        ("file", []),
    ],
)
def test_base_directories_are_folders(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    tree(tmp_path, "build-1/dist/x", "build-2/x", "file")
    as_posixs = [folder.relative_to(tmp_path).as_posix() for folder in folders_matching(pattern, tmp_path)]
    assert as_posixs == expected
