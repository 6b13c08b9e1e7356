"""Putting the values of variables into configurations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.variables import (
    UnresolvedError,
    resolved,
    too_large,
)

SPACES = {"src": {"CommitId": "abc", "Text": "#{src.CommitId}"}, "variables": {"A": ""}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("#{src.CommitId}", "abc"),
        ("<#{src.CommitId}|#{src.CommitId}>", "<abc|abc>"),
        ("#{variables.A}", ""),
        ("#{src.Text}", "#{src.CommitId}"),
        ("#{src}", "#{src}"),
        ("#{ src.CommitId }", "#{ src.CommitId }"),
        ("${src.CommitId}", "${src.CommitId}"),
    ],
)
def test_references_are_replaced_once(text: str, expected: str) -> None:
    assert resolved({"Key": text}, SPACES) == {"Key": expected}


def test_every_variable_without_a_value_is_named_with_those_there_are() -> None:
    with pytest.raises(UnresolvedError) as caught:
        resolved({"A": "#{src.No} #{none.X}", "B": "#{src.No}"}, SPACES)
    assert str(caught.value) == (
        "Unresolved variables in the action configuration: #{none.X}, #{src.No}."
        " There are: #{src.CommitId}, #{src.Text}, #{variables.A}."
    )


def test_a_configuration_that_grows_past_its_limit_is_refused() -> None:
    spaces = {"n": {"k": "x" * (limits.RESOLVED_CONFIGURATION_BYTES // 2)}}
    assert resolved({"A": "#{n.k}"}, spaces)
    with pytest.raises(UnresolvedError, match=str(limits.RESOLVED_CONFIGURATION_BYTES)):
        resolved({"A": "#{n.k}#{n.k}"}, spaces)


@given(st.dictionaries(st.text(), st.text().filter(lambda text: "#{" not in text)))
def test_text_without_references_stays_as_it_is(configuration: dict[str, str]) -> None:
    assert resolved(configuration, {}) == configuration


def test_output_variables_are_measured_in_bytes() -> None:
    assert not too_large({"a": "x" * (limits.OUTPUT_VARIABLES_BYTES - 1)})
    assert too_large({"a": "é" * (limits.OUTPUT_VARIABLES_BYTES // 2)})
