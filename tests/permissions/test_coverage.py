"""What a launched role covers, by exact names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.permissions import coverage
from generator.permissions.corrections import BASELINE, RARE
from generator.permissions.extraction import DATA

TYPES = sorted({*json.loads((DATA / "types.json").read_text())["types"], *BASELINE})
TOPIC, QUEUE, PIPE = "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::Pipes::Pipe"

some_types = st.lists(st.sampled_from(TYPES), min_size=1, max_size=30, unique=True)


@given(some_types)
def test_exactly_the_named_types_are_covered(types: list[str]) -> None:
    names = coverage.named(types).split()
    assert {kind for kind in TYPES if coverage.covers(names, kind)} == set(types)


def test_the_names_of_the_baseline_are_those_of_its_types() -> None:
    assert coverage.named(BASELINE).split() == sorted({*BASELINE, "Custom::*"})
    assert not set(BASELINE) & set(RARE)


def test_all_types_of_a_service_may_be_covered() -> None:
    assert coverage.covers([QUEUE, "AWS::pipes::*"], PIPE)
    assert not coverage.covers([QUEUE, "AWS::pipes::*"], TOPIC)


def test_capitals_mean_nothing() -> None:
    assert coverage.covers([QUEUE], "aws::sqs::queue")


@pytest.mark.parametrize(("types", "are"), [([QUEUE], False), ([coverage.CUSTOM], True)])
def test_custom_resources_are_covered_by_their_one_type(types: list[str], are: bool) -> None:
    assert coverage.covers(coverage.named(types).split(), "Custom::Anything") is are


def test_words_are_named_that_add_what_one_of_the_roles_does_not_cover() -> None:
    adding = {"SQS": [QUEUE], "SNS": [QUEUE, TOPIC], "Domain:": [PIPE]}
    assert coverage.uncovered([[QUEUE]], adding) == "Domain: SNS"
    assert coverage.uncovered([[QUEUE, TOPIC, PIPE], [QUEUE, PIPE]], adding) == "SNS"
    assert coverage.uncovered([[QUEUE, TOPIC, PIPE]], adding) == ""
