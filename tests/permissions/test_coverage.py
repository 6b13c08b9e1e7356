"""What a launched role covers, written in few words and read back."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.permissions import coverage, deploy_role
from generator.permissions.corrections import BASELINE
from generator.permissions.extraction import DATA

TYPES = sorted({*json.loads((DATA / "types.json").read_text())["types"], *BASELINE})
TOPIC, QUEUE, PIPE = "AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::Pipes::Pipe"

some_types = st.lists(st.sampled_from(TYPES), min_size=1, max_size=30, unique=True)


@given(some_types)
def test_types_written_in_full_are_read_back(types: list[str]) -> None:
    assert coverage.covered(coverage.pattern(types), ()) == set(types)


@given(some_types)
def test_types_written_short_match_no_other_known_one(types: list[str]) -> None:
    written = coverage.pattern(types, TYPES)
    assert coverage.covered(written, TYPES) == set(types)
    assert {kind for kind in TYPES if re.fullmatch(written, kind, re.IGNORECASE)} == set(types)


def test_the_baseline_is_covered_and_no_other_type() -> None:
    written = deploy_role.covers()
    assert coverage.covered(written, TYPES) == set(BASELINE)
    assert coverage.covers(written, "AWS::Serverless::Function")
    assert coverage.covers(written, "Custom::Anything")
    assert not coverage.covers(written, PIPE)


def test_grep_takes_the_words_as_we_do() -> None:
    asked = "\n".join(TYPES)
    said = subprocess.run(
        ["grep", "-Eix", deploy_role.covers()], input=asked, text=True, capture_output=True, check=True
    )
    assert set(said.stdout.split()) == set(BASELINE)


def test_all_types_of_a_service_may_be_covered() -> None:
    written = coverage.pattern([QUEUE, "AWS::Pipes::*"])
    assert coverage.covers(written, PIPE)
    assert coverage.covered(written, [PIPE, TOPIC]) == {QUEUE, PIPE}


@pytest.mark.parametrize("foreign", ["", "AWS::SQS::Queue", "(", "AWS::(", "something else"])
def test_a_text_that_is_none_of_ours_covers_nothing(foreign: str) -> None:
    assert coverage.covered(foreign, TYPES) == frozenset()
    assert not coverage.covers(foreign, QUEUE)


def test_custom_resources_are_covered_by_their_one_type() -> None:
    assert not coverage.covers(coverage.pattern([QUEUE]), "Custom::Anything")
    assert coverage.covers(coverage.pattern([coverage.CUSTOM]), "Custom::Anything")


def test_what_is_looked_at_are_types_and_the_words_that_add_uncovered_ones() -> None:
    found = coverage.checked([coverage.pattern([QUEUE])], {"SQS": [QUEUE], "SNS": [QUEUE, TOPIC], "Domain:": [PIPE]})
    matched = [one for one in ("AWS::A::B", "Fn::Sub:", "SQS", "SNS", "Domain:", "Type:") if re.fullmatch(found, one)]
    assert matched == ["AWS::A::B", "SNS", "Domain:"]
