"""The words of messages."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.pipeline_file.validation.words import alternatives, article, as_yaml, foreign, nearest, plural


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c"), (["a", "a"], "a")],
)
def test_alternatives_read_like_a_sentence(words: list[str], expected: str) -> None:
    assert alternatives(words) == expected


@pytest.mark.parametrize(
    ("noun", "several", "singular"),
    [
        ("source", "sources", "a source"),
        ("key", "keys", "a key"),
        ("policy", "policies", "a policy"),
        ("environment", "environments", "an environment"),
    ],
)
def test_nouns_have_articles_and_plurals(noun: str, several: str, singular: str) -> None:
    assert (plural(noun), article(noun)) == (several, singular)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("githb", "github"),
        ("GitHub", "github"),
        ("codecomit", "codecommit"),
        ("S3", "s3"),
        ("perforce", ""),
        ("", ""),
        ("g" * 10_000_000, ""),
    ],
)
def test_the_nearest_word_was_meant(word: str, expected: str) -> None:
    assert nearest(word, ["codecommit", "github", "s3"]) == expected


def test_nothing_is_near_to_nothing() -> None:
    assert nearest("a", []) == ""


def test_only_a_character_beyond_ascii_is_foreign() -> None:
    assert foreign("abc") == ""
    assert foreign("aéç") == ": it holds 'é', U+00E9 LATIN SMALL LETTER E WITH ACUTE"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"))),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab: #,", min_size=1), inner, max_size=3),
)


@given(
    value=VALUES
    | st.sampled_from(["3.10", "yes", "a: b", "a #b", "- a", "a, b", "[a", "a]", "*", "", " a", "a ", "a:"])
)
def test_what_is_shown_as_yaml_is_that_value_in_yaml(value: Any) -> None:
    assert yaml.safe_load(f"[{as_yaml(value)}]") == [value]
