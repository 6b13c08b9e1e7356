"""Patterns say in few words exactly what is needed, reads of how something is set up apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.permissions.patterns import is_harmless, matches, shortest

_NAMES = st.lists(
    st.tuples(st.sampled_from(["Create", "Delete", "Get", "List", "Put"]), st.sampled_from(["", "Bucket", "Item"]))
    .flatmap(lambda words: st.sampled_from(["Policy", "Tags", "ACL", ""]).map(lambda end: "".join((*words, end))))
    .filter(bool),
    min_size=1,
    unique=True,
)


@given(_NAMES, st.data(), st.booleans())
def test_every_needed_action_is_matched_and_no_stranger(known: list[str], data: st.DataObject, reads: bool) -> None:
    needed = data.draw(st.lists(st.sampled_from(known), min_size=1, unique=True))
    patterns = shortest(needed, known, reads=reads)
    found = {name for name in known if any(matches(pattern, name) for pattern in patterns)}
    assert set(needed) <= found
    assert all(reads and is_harmless(name) for name in found - set(needed))
    assert len(" ".join(patterns)) <= len(" ".join(needed))


@pytest.mark.parametrize(
    ("pattern", "action", "does"),
    [
        ("*Alias", "CreateAlias", True),
        ("*Alias", "CREATEALIAS", True),
        ("*Alias", "ListAliases", False),
        ("Get*Config", "GetFunctionUrlConfig", True),
        ("Get.*", "GetAlias", False),
    ],
)
def test_a_star_stands_for_anything_and_capitals_for_nothing(pattern: str, action: str, does: bool) -> None:
    assert matches(pattern, action) is does


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("GetBucketVersioning", True),
        ("ListTagsForResource", True),
        ("DescribeTable", True),
        ("GetItem", False),
        ("GetObject", False),
        ("GetSecretValue", False),
        ("GetParameters", False),
        ("GetLogEvents", False),
        ("PutBucketPolicy", False),
    ],
)
def test_reading_how_something_is_set_up_is_harmless_and_what_it_holds_is_not(name: str, harmless: bool) -> None:
    assert is_harmless(name) is harmless
