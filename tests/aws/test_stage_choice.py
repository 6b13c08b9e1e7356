"""What a pipeline does, in one line, whatever it does."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws.pipeline_answers import pipeline_of
from generator.aws.stage_choice import in_short
from tests.aws import answers
from tests.aws.answers import FIRST, SECOND, detail, stage_state, state, summary

FAILED = detail("Beta/Test", status="Failed", error="2 failed")
ASKED = detail("Prod/Approve", status="InProgress")
LATEST = f"a1b2c3d4e5f6 Set the clock (execution {SECOND})"


def summary_of(stages: list[dict[str, Any]], **statuses: str) -> str:
    ids = {"first": FIRST, "second": SECOND}
    summaries = [summary(ids[name], status) for name, status in statuses.items()]
    return in_short(pipeline_of(answers.declared(), state(*stages), summaries, [FAILED, ASKED]))


def inbound(execution: str) -> dict[str, Any]:
    return {"inboundExecutions": [{"pipelineExecutionId": execution, "status": "InProgress"}]}


@pytest.mark.parametrize(
    ("stages", "statuses", "message"),
    [
        ([], {}, "it has never run"),
        ([], {"second": "Succeeded"}, f"its last execution succeeded, {LATEST}"),
        ([stage_state("Source", SECOND, "InProgress")], {"second": "InProgress"}, f"{LATEST} is in Source"),
        ([stage_state("Source", SECOND)], {"second": "InProgress"}, f"{LATEST} is on its way"),
        ([stage_state("Beta", FIRST, **inbound(SECOND))], {"second": "InProgress"}, f"{LATEST} is before Beta"),
        ([stage_state("Beta", FIRST, "Failed")], {"first": "Failed"}, "Beta/Test failed: 2 failed"),
        ([stage_state("Prod", FIRST, "InProgress")], {"first": "InProgress"}, "Prod/Approve waits for an approval"),
        (
            [stage_state("Source", SECOND, "InProgress"), stage_state("Beta", FIRST, "Failed")],
            {"second": "InProgress", "first": "Failed"},
            f"{LATEST} is in Source; Beta/Test failed: 2 failed",
        ),
    ],
)
def test_it_says_what_runs_and_what_holds_it_up(
    stages: list[dict[str, Any]], statuses: dict[str, str], message: str
) -> None:
    assert summary_of(stages, **statuses) == message
