"""What a launched template covers is read from it, and kept."""

from __future__ import annotations

from typing import Any

import pytest

from generator.permissions import coverage
from generator.permissions.corrections import BASELINE
from generator.permissions.launched import NOTHING, Kept, covered_by

QUEUE, TABLE = "AWS::SQS::Queue", "AWS::DynamoDB::Table"


def template(**variables: str) -> dict[str, Any]:
    listed = [{"Name": name, "Value": value} for name, value in variables.items()]
    return {"Resources": {"BuildProject": {"Properties": {"Environment": {"EnvironmentVariables": listed}}}}}


def test_the_stages_and_the_test_stack_keep_their_own() -> None:
    written = template(
        COVERED_TYPES=coverage.named([QUEUE, "AWS::Serverless::Function"]),
        COVERED_TEST_TYPES=coverage.named([TABLE]),
    )
    assert covered_by(written) == Kept(frozenset({QUEUE}), frozenset({TABLE}))


def test_a_baseline_is_kept_whole_by_all() -> None:
    assert covered_by(template(COVERED_TYPES=coverage.named(BASELINE))) == Kept(
        frozenset(BASELINE), frozenset(BASELINE)
    )


@pytest.mark.parametrize(
    "foreign", [{}, {"Resources": []}, template(), template(COVERED_TYPES="("), {"Resources": {"BuildProject": {}}}]
)
def test_a_template_that_does_not_say_it_keeps_nothing(foreign: dict[str, Any]) -> None:
    assert covered_by(foreign) == NOTHING
