"""Changes by path: what they say, and that they are all there is to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.golden.changes import changed, changes

DEFAULT = """\
# A comment.
Resources:

 # The first.
 First: {Type: A}

 # The second.
 Second:
  Type: B
  Stages:
  - Name: Beta
    Actions: [x, 'y
     z']
  - {Name: Prod, Actions: [x]}
"""


def test_texts_that_are_the_same_have_no_changes() -> None:
    assert changes(DEFAULT, DEFAULT) == ""
    assert changed(DEFAULT, "") == DEFAULT


def test_a_change_shows_its_block_by_path() -> None:
    assert changes(DEFAULT, DEFAULT.replace("Type: B", "Type: C")) == (
        "change Resources / Second / Type\n-  Type: B\n+  Type: C\n"
    )


def test_a_value_over_several_lines_is_shown_in_full() -> None:
    assert changes(DEFAULT, DEFAULT.replace("     z", "     other")) == (
        "change Resources / Second / Stages / Beta / Actions\n     Actions: [x, 'y\n-     z']\n+     other']\n"
    )


def test_what_is_removed_is_only_named() -> None:
    assert changes(DEFAULT, DEFAULT.replace("  - {Name: Prod, Actions: [x]}\n", "")) == (
        "remove Resources / Second / Stages / Prod\n"
    )


def test_what_is_added_stands_behind_its_neighbour_with_its_comment() -> None:
    added = DEFAULT.replace("\n # The second", "\n # Between.\n Between: {}\n\n # The second")
    assert changes(DEFAULT, added) == ("add Resources / Between, after First\n+\n+ # Between.\n+ Between: {}\n")


def test_a_comment_that_changes_leaves_the_block_below_it_out() -> None:
    assert changes(DEFAULT, DEFAULT.replace("The second", "Another")) == (
        "change Resources / Second / (its first lines)\n \n- # The second.\n+ # Another.\n  Second:\n"
    )


def test_what_has_moved_is_removed_and_added() -> None:
    first, second = DEFAULT.index("\n # The first"), DEFAULT.index("\n # The second")
    moved = DEFAULT[:first] + DEFAULT[second:] + DEFAULT[first:second]
    described = changes(DEFAULT, moved)
    assert "remove Resources / " in described
    assert changed(DEFAULT, described) == moved


def test_a_new_block_in_the_default_leaves_the_changes_as_they_are() -> None:
    described = changes(DEFAULT, DEFAULT.replace("Type: B", "Type: C"))
    grown = DEFAULT.replace("  Stages:", "  New: 1\n  Stages:")
    assert changed(grown, described) == grown.replace("Type: B", "Type: C")


def test_changes_that_do_not_fit_the_default_are_refused() -> None:
    described = changes(DEFAULT, DEFAULT.replace("Type: B", "Type: C"))
    with pytest.raises(ValueError, match="Resources / Second / Type is not what it was"):
        changed(DEFAULT.replace("Type: B", "Type: D"), described)


_LINES = [
    "A:",
    " B: 1",
    " B: 2",
    " C:",
    "  D: 'x",
    "   y'",
    "  - E",
    "  - {Sid: F}",
    "# note",
    " # note",
    "",
    "G: 1",
    "+",
    "- x",
]
_TEXTS = st.lists(st.sampled_from(_LINES), max_size=12).map(lambda lines: "".join(f"{line}\n" for line in lines))


@given(default=_TEXTS, other=_TEXTS)
def test_the_changes_of_any_text_make_it_of_the_default(default: str, other: str) -> None:
    assert changed(default, changes(default, other)) == other
