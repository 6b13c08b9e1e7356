"""Data is what PyYAML reads, as far as it can be: by both parsers, for words, whole files, anchors and merges."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.document import PIPELINE_FILE, TEMPLATE, Rules, attempt_text, resolve
from generator.document.events import from_libyaml, from_pyyaml

FRAGMENTS = [
    *"[]{}:,-?#|>'\" \n",
    *(
        ": ",
        "- ",
        "\n  ",
        "\n",
        "a",
        "b: c",
        "1",
        "3.10",
        "012",
        "yes",
        "null",
        "~",
        "é😀",
        '"x"',
        "# c",
        "a:\n",
        "- d\n",
    ),
]
ALIASES = ["&a ", "*a", "&b ", "*b", "<<: ", "[", "]", "{", "}", ", ", "k: ", "l: ", "1", "x", "\n", "- ", "  "]


@pytest.mark.parametrize(
    "word",
    [
        *("yes", "No", "ON", "off", "y", "n", "true", "TRUE", "tRue", "null", "Null", "~", "", "none"),
        *("0", "-1", "+1", "012", "0o12", "08", "0x1F", "0b101", "0b_", "1_000", "_1", "12:30", "1:2:3", "09:30"),
        *("1.5", ".5", "+.5", "-1.", "1e3", "1.0e3", "1.0e+3", "1:30.5", "1__0.0", "=", "<<", "3.10", "0.0", "00"),
    ],
)
def test_a_word_means_what_it_means_to_pyyaml(word: str) -> None:
    try:
        expected = yaml.safe_load(word)
    except (ValueError, yaml.YAMLError):
        expected = word
    assert resolve(word) == expected
    assert type(resolve(word)) is type(expected)


@pytest.mark.parametrize("word", [".inf", "-.INF", ".nan", "2024-01-01", "1.0e+999", "9" * 5_000])
def test_what_json_has_no_value_for_stays_text(word: str) -> None:
    assert resolve(word) == word


def is_json(value: Any) -> bool:
    """Whether JSON has such values and our keys are the same as PyYAML's."""
    if isinstance(value, dict):
        return all(isinstance(key, str) for key in value) and all(map(is_json, value.values()))
    if isinstance(value, list):
        return all(map(is_json, value))
    return not isinstance(value, dt.date) and not (isinstance(value, float) and not math.isfinite(value))


@given(text=st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
@pytest.mark.parametrize("rules", [PIPELINE_FILE, TEMPLATE])
def test_a_file_is_read_as_pyyaml_reads_it(text: str, rules: Rules) -> None:
    attempted = attempt_text(text, "f", rules)
    assume(not attempted.problems)
    expected = yaml.load(text, Loader=yaml.CSafeLoader)
    assume(is_json(expected))
    assert attempted.document.data == expected


@given(text=st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join))
def test_both_parsers_give_the_same(text: str) -> None:
    ours, other = (attempt_text(text, "f", PIPELINE_FILE, events) for events in (from_libyaml, from_pyyaml))
    assume(not ours.problems and not other.problems)
    assert ours.document.data == other.document.data


@given(text=st.lists(st.sampled_from(ALIASES), max_size=30).map("".join))
def test_anchors_and_merges_are_resolved_as_pyyaml_does(text: str) -> None:
    attempted = attempt_text(text, "f", TEMPLATE)
    try:
        expected = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        # An anchor that is set again; YAML allows it, and PyYAML does not.
        return
    assume(not attempted.problems and is_json(expected))
    assert attempted.document.data == expected
