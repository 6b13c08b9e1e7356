"""Which pushes a trigger's filters let through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.rehearsal.codepipeline.declaration import Globs, PushFilter
from generator.rehearsal.codepipeline.triggers import Push, matches, passes


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("main", "main", True),
        ("main", "main2", False),
        ("feature/*", "feature/a", True),
        ("feature/*", "feature/a/b", False),
        ("feature/**", "feature/a/b", True),
        ("**", "anything/at/all", True),
        ("**/docs", "docs", True),
        ("**/docs", "a/b/docs", True),
        ("**/*.py", "src/a.py", True),
        ("*.py", "src/a.py", False),
        ("v?", "v1", True),
        ("v?", "v12", False),
        ("{main,dev}", "dev", True),
        ("{main,dev}", "prod", False),
        ("release/{1,2}.*", "release/2.7", True),
        ("v[0-9]", "v7", True),
        ("v[!0-9]", "v7", False),
        ("a.b", "axb", False),
        ("a+(b)", "a+(b)", True),
    ],
)
def test_a_glob_means_what_git_users_expect(pattern: str, name: str, expected: bool) -> None:
    assert matches(Globs(includes=(pattern,)), [name]) is expected


@given(st.text(alphabet="ab/.-_", min_size=1))
def test_a_name_without_special_characters_matches_itself_alone(name: str) -> None:
    assert matches(Globs(includes=(name,)), [name])
    assert not matches(Globs(includes=(name,)), [name + "x"])


def test_excludes_win_over_includes() -> None:
    globs = Globs(includes=("release/**",), excludes=("release/old/**",))
    assert matches(globs, ["release/new/1"])
    assert not matches(globs, ["release/old/1"])


def test_without_includes_everything_not_excluded_passes() -> None:
    assert matches(Globs(excludes=("docs/**",)), ["src/a"])
    assert not matches(Globs(excludes=("docs/**",)), ["docs/a"])


def test_one_path_that_passes_is_enough() -> None:
    push_filter = PushFilter(paths=Globs(includes=("src/**",)))
    assert passes(push_filter, Push("r", "c", branch="main", paths=("docs/a", "src/b")))
    assert not passes(push_filter, Push("r", "c", branch="main", paths=("docs/a",)))


def test_branches_and_paths_must_both_agree() -> None:
    push_filter = PushFilter(branches=Globs(includes=("main",)), paths=Globs(includes=("src/**",)))
    assert passes(push_filter, Push("r", "c", branch="main", paths=("src/b",)))
    assert not passes(push_filter, Push("r", "c", branch="dev", paths=("src/b",)))
    assert not passes(push_filter, Push("r", "c", branch="main", paths=("docs/b",)))


def test_tags_are_heard_only_by_filters_of_tags() -> None:
    by_tag = PushFilter(tags=Globs(includes=("v*",)))
    by_branch = PushFilter(branches=Globs(includes=("**",)))
    tag, branch = Push("r", "c", tag="v1"), Push("r", "c", branch="main")
    assert (passes(by_tag, tag), passes(by_tag, branch)) == (True, False)
    assert (passes(by_branch, tag), passes(by_branch, branch)) == (False, True)
