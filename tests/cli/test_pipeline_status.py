"""The words of `penstock status` and its kin: times, names, and what cannot be provoked on this machine."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws.pipeline import Pipeline
from generator.aws.pipeline_answers import pipeline_of
from generator.cli.live_status import changes
from generator.cli.output import ago, confirmed, duration, person
from generator.cli.pipeline_status import brief, lines, verdict
from generator.errors import InvalidInputError
from tests.aws import answers
from tests.aws.answers import FIRST, SECOND, at, detail, stage_state, state, summary


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        (-3, "0 s"),
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (61, "1 min 1 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (86399, "23 h 59 min"),
        (90000, "1 d 1 h"),
    ],
)
def test_times_have_at_most_two_units(seconds: float, message: str) -> None:
    assert duration(seconds) == message
    assert ago(at(0), at(seconds)) == f"{message} ago"


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:iam::123456789012:user/team/ann", "team/ann"),
        ("arn:aws:iam::123456789012:root", "root"),
        ("arn:aws:sts::123456789012:assumed-role/Approver/ann@example.com", "ann@example.com (Approver)"),
        ("ann", "ann"),
    ],
)
def test_people_are_called_by_their_names(arn: str, name: str) -> None:
    assert person(arn) == name


def test_yes_needs_nobody_to_ask() -> None:
    assert confirmed("go on?", yes=True)


def test_where_nobody_can_be_asked_the_option_is_named() -> None:
    with pytest.raises(InvalidInputError, match="--yes"):
        confirmed("go on?", yes=False)


def standing(*stages: dict[str, Any], details: tuple[dict[str, Any], ...] = (), **summaries: Any) -> Pipeline:
    executions = summaries.pop("executions", [summary(FIRST, "Failed")])
    return pipeline_of(answers.declared(), state(*stages), executions, details)


def words(pipeline: Pipeline) -> list[str]:
    return [" ".join(line.split()) for line in lines(pipeline, at(60))]


def test_a_pipeline_that_never_ran_says_so_and_shows_its_stages() -> None:
    assert words(standing(executions=[])) == [
        "clock-pipeline: has never run",
        "",
        "Source -",
        "",
        "Beta -",
        "",
        "Prod -",
    ]


@pytest.mark.parametrize(
    ("status", "message"),
    [("Succeeded", "green (succeeded)"), ("Stopped", "red (stopped)"), ("InProgress", "running")],
)
def test_the_pipeline_in_a_word(status: str, message: str) -> None:
    assert verdict(standing(executions=[summary(FIRST, status)])) == message


def test_a_source_that_failed_needs_another_start() -> None:
    failed = detail("Source/Source", status="Failed", error="The repository has no branch main")
    text = words(standing(stage_state("Source", FIRST, "Failed"), details=(failed,)))
    assert text[-3:] == [
        "Source/Source failed: The repository has no branch main (57 s ago)",
        "why: penstock logs Source",
        "again: push a commit, or penstock start",
    ]


def test_a_rejection_names_who_rejected_and_why() -> None:
    rejected = detail(
        "Prod/Approve", status="Failed", updatedBy="arn:aws:iam::1:user/ann", result={"externalExecutionSummary": "no"}
    )
    text = words(standing(stage_state("Prod", FIRST, "Failed"), details=(rejected,)))
    assert "Approve failed 3 s rejected by ann: no" in text


def test_a_rollback_is_marked() -> None:
    back = summary(SECOND, executionType="ROLLBACK", rollbackMetadata={"rollbackTargetPipelineExecutionId": FIRST})
    text = words(standing(stage_state("Prod", SECOND), executions=[back]))
    assert any(line.startswith("Prod succeeded") and line.endswith("Set the clock (rollback)") for line in text)


def test_a_stop_is_shown_with_its_reason() -> None:
    stopped = summary(FIRST, "Stopped", stopTrigger={"reason": "wrong branch"})
    text = words(standing(stage_state("Beta", FIRST, "Stopped"), executions=[stopped]))
    assert text[-2:] == ["the execution was stopped in Beta: wrong branch", "again: penstock retry Beta"]


def test_a_closed_transition_is_shown_with_how_long_it_has_been() -> None:
    closed = {"enabled": False, "disabledReason": "freeze", "lastChangedAt": at(0)}
    text = words(standing(stage_state("Prod", inboundTransitionState=closed), executions=[]))
    assert "the transition into Prod is disabled: freeze (for 1 min 0 s)" in text


def seen(before: Pipeline | None, after: Pipeline) -> list[str]:
    return [" ".join(line.split()) for line in changes(before, after, at(60))]


def test_following_begins_with_what_is_at_work_and_goes_on_with_what_changed() -> None:
    begun = (detail("Beta/Deploy"), detail("Beta/Test", status="InProgress", start=3))
    ended = (detail("Beta/Deploy"), detail("Beta/Test", start=3), detail("Prod/Approve", status="InProgress", start=50))
    stages = (stage_state("Beta", FIRST, "InProgress"), stage_state("Prod", FIRST, "InProgress"))
    first, second = standing(*stages, details=begun), standing(*stages, details=ended)
    assert seen(None, first) == ["Beta Test running 57 s"]
    assert seen(first, first) == []
    assert seen(first, second) == ["Beta Test succeeded 3 s", "Prod Approve waiting 10 s"]


def test_a_retry_is_a_change_though_the_status_is_the_same() -> None:
    stages = (stage_state("Beta", FIRST, "Failed"),)
    first = standing(*stages, details=(detail("Beta/Deploy", status="Failed"),))
    again = standing(
        *stages, details=(detail("Beta/Deploy", status="Failed"), detail("Beta/Deploy", status="Failed", start=9))
    )
    assert seen(first, again) == ["Beta Deploy failed 3 s"]


def test_a_transition_that_is_closed_meanwhile_is_a_change() -> None:
    closed = {"enabled": False, "disabledReason": "freeze", "lastChangedAt": at(0)}
    before, after = standing(stage_state("Prod")), standing(stage_state("Prod", inboundTransitionState=closed))
    assert seen(before, after) == seen(None, after) == ["the transition into Prod is disabled: freeze"]
    assert seen(after, after) == []


def test_in_brief_only_what_is_not_done_has_its_actions() -> None:
    stages = (stage_state("Source", FIRST), stage_state("Beta", FIRST, "InProgress"))
    runs = (detail("Source/Source"), detail("Beta/Deploy", status="InProgress", start=50))
    usage = standing(*stages, details=runs, executions=[summary(FIRST, "InProgress")])
    assert [" ".join(line.split()) for line in brief(usage, at(60))] == [
        "clock-pipeline: running",
        "Source succeeded 3 s a1b2c3d4e5f6 Set the clock",
        "Beta running 10 s a1b2c3d4e5f6 Set the clock",
        "Deploy running 10 s",
        "Test -",
        "Prod -",
    ]
