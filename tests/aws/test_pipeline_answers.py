"""CodePipeline's answers become a pipeline as it stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.aws.pipeline import Action, Commit, Counts, Pipeline, Stage, as_data
from generator.aws.pipeline_answers import (
    execution_of,
    executions_seen,
    latest_try,
    pipeline_of,
    stage_executions,
    with_runs,
)
from generator.execution import ErrorDetails
from tests.aws import answers
from tests.aws.answers import COMMIT, FIRST, SECOND, THIRD, at, detail, stage_state, state, summary


def standing(*stages: dict[str, Any], details: tuple[dict[str, Any], ...] = (), **statuses: str) -> Pipeline:
    """The pipeline in these stages, with the executions first, second, third by their status."""
    ids = {"first": FIRST, "second": SECOND, "third": THIRD}
    summaries = [summary(ids[name], status) for name, status in statuses.items()]
    return pipeline_of(answers.declared(), state(*stages), summaries, details)


def beta(*details: dict[str, Any], status: str = "Succeeded") -> Stage:
    stage = standing(stage_state("Beta", FIRST, status), details=details, first="InProgress").stage("beta")
    assert stage is not None
    return stage


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        ("Set the clock\n\nIt was late.", "Set the clock"),
        ("\n  Set the clock", "Set the clock"),
        (json.dumps({"ProviderType": "GitHub", "CommitMessage": "Set the clock\nmore"}), "Set the clock"),
        (json.dumps({"ProviderType": "GitHub"}), ""),
        ("17", "17"),
        ('"quoted"', '"quoted"'),
    ],
)
def test_a_commit_has_the_first_line_of_its_message_whatever_the_source(expected: str, message: str) -> None:
    assert execution_of(summary(FIRST, message=expected)).commit == Commit(COMMIT, message)


def test_an_execution_that_found_no_commit_has_none() -> None:
    execution = execution_of(summary(FIRST, "Failed", sourceRevisions=[]))
    assert execution.commit is None
    assert str(execution) == f"an unknown commit (execution {FIRST})"


def test_an_execution_says_why_it_was_stopped_and_what_it_brings_back() -> None:
    rollback: dict[str, Any] = {
        "rollbackMetadata": {"rollbackTargetPipelineExecutionId": SECOND},
        "executionType": "ROLLBACK",
    }
    execution = execution_of(summary(FIRST, "Stopped", stopTrigger={"reason": "wrong branch"}, **rollback))
    assert (execution.reason, execution.rollback_of, execution.over) == ("wrong branch", SECOND, True)


def test_a_stage_shows_the_execution_that_entered_it_last_and_those_that_wait() -> None:
    inbound = {"inboundExecutions": [{"pipelineExecutionId": SECOND, "status": "InProgress"}]}
    stages = (stage_state("Source", THIRD), stage_state("Beta", FIRST, "InProgress", **inbound), stage_state("Prod"))
    pipeline = standing(*stages, third="InProgress", second="InProgress", first="InProgress")
    shown = [(s.name, s.status, s.execution and s.execution.id, [w.id for w in s.waiting]) for s in pipeline.stages]
    assert shown == [
        ("Source", "Succeeded", THIRD, []),
        ("Beta", "InProgress", FIRST, [SECOND]),
        ("Prod", None, None, []),
    ]


def test_which_executions_have_to_be_asked_for_stands_in_the_state() -> None:
    inbound: dict[str, Any] = {"inboundExecution": {"pipelineExecutionId": SECOND, "status": "InProgress"}}
    current = state(stage_state("Source", THIRD), stage_state("Beta", FIRST, **inbound), stage_state("Prod", FIRST))
    assert executions_seen(current) == [THIRD, FIRST, SECOND]
    assert stage_executions(current) == [THIRD, FIRST]


def test_actions_stand_in_the_order_they_run_in_with_the_run_of_this_execution() -> None:
    stage = beta(detail("Beta/Deploy"), detail("Beta/Test", SECOND), detail("Prod/Test"), status="InProgress")
    assert [(a.name, a.category, a.provider, a.run and a.run.status) for a in stage.actions] == [
        ("Deploy", "Deploy", "CloudFormation", "Succeeded"),
        ("Test", "Invoke", "Lambda", None),
    ]


def test_a_failed_action_has_its_error() -> None:
    stage = beta(detail("Beta/Deploy"), detail("Beta/Test", status="Failed", start=3, error="2 failed"))
    (failed,) = stage.failed
    assert failed.run is not None
    assert failed.run.error == ErrorDetails("JobFailed", "2 failed")


def test_a_retry_of_all_actions_forgets_what_came_after_the_first_one() -> None:
    tries = [detail("Beta/Deploy"), detail("Beta/Test", status="Failed", start=3), detail("Beta/Deploy", start=10)]
    assert list(latest_try({"Deploy": 1, "Test": 2}, tries)) == ["Deploy"]


def test_a_retry_of_failed_actions_keeps_those_before_them() -> None:
    tries = [detail("Beta/Deploy"), detail("Beta/Test", status="Failed", start=3), detail("Beta/Test", start=10)]
    runs = latest_try({"Deploy": 1, "Test": 2}, tries[::-1])
    assert {name: (run.started, run.status) for name, run in runs.items()} == {
        "Deploy": (at(0), "Succeeded"),
        "Test": (at(10), "Succeeded"),
    }


def test_actions_side_by_side_do_not_outdate_each_other() -> None:
    runs = latest_try({"One": 1, "Other": 1}, [detail("Beta/One", start=4), detail("Beta/Other", start=3)])
    assert sorted(runs) == ["One", "Other"]


def test_a_stage_counts_its_tests_together() -> None:
    passed = {"Passed": "3", "Failed": "0", "Summary": "all well"}
    other = {"Passed": "2", "Failed": "1", "Summary": "late"}
    both = beta(detail("Beta/Test", variables=passed), detail("Beta/Deploy", variables=other, start=-3))
    assert both.tests == Counts(5, 1, "late; all well")
    assert str(both.tests) == "5 passed, 1 failed: late; all well"


@pytest.mark.parametrize("published", [{}, {"Passed": "3"}, {"Passed": "many", "Failed": "0"}])
def test_what_counts_nothing_is_no_test(published: dict[str, str]) -> None:
    assert beta(detail("Beta/Test", variables=published)).tests is None


@pytest.mark.parametrize(
    ("expected", "url"),
    [({"url": "ApiUrl"}, "https://beta"), ({"url": "Other"}, ""), ({"url": None}, ""), ({}, "")],
)
def test_the_url_of_a_stage_is_the_output_its_tests_are_told_to_call(expected: dict[str, Any], url: str) -> None:
    deployed = detail("Beta/Deploy", variables={"ApiUrl": "https://beta", "Table": "clock"})
    tested = detail("Beta/Test", start=3, configuration=answers.user_parameters(**expected))
    assert beta(deployed, tested).url == url


@pytest.mark.parametrize(
    ("service", "url"), [("api", "https://api"), ("old", "https://old"), ("jobs", ""), ("gone", "")]
)
def test_the_url_of_several_services_is_the_output_of_one(service: str, url: str) -> None:
    stacks = {"clock-api-beta": "https://api", "legacy": "https://old", "clock-jobs-beta": ""}
    deployed = [
        detail(f"Beta/Deploy{number}", variables={"Url": value} if value else {}, configuration={"StackName": stack})
        for number, (stack, value) in enumerate(stacks.items())
    ]
    stacks_of_tests = answers.user_parameters(url=f"{service}.Url", stack="clock-*-beta api jobs old=legacy")
    tested = detail("Beta/Test", start=3, configuration=stacks_of_tests)
    actions = [Action(f"Deploy{number}", "Deploy", "CloudFormation", 1) for number in range(len(stacks))]
    stage = Stage("Beta", (*actions, Action("Test", "Invoke", "Lambda", 2)))
    assert with_runs(stage, [*deployed, tested]).url == url


@pytest.mark.parametrize("text", ["not JSON", "[1]", ""])
def test_parameters_that_are_no_object_name_no_url(text: str) -> None:
    assert beta(detail("Beta/Test", configuration={"UserParameters": text})).url == ""


def test_the_url_is_known_before_the_tests_begin() -> None:
    assert beta(detail("Beta/Deploy", variables={"ApiUrl": "https://beta"}), status="InProgress").url == "https://beta"


def test_a_stage_takes_from_its_first_action_s_start_to_its_last_one_s_end() -> None:
    runs = (detail("Beta/Deploy"), detail("Beta/Test", start=10))
    assert beta(*runs).seconds(at(100)) == 13
    assert beta(*runs, status="InProgress").seconds(at(100)) == 100
    assert beta().seconds(at(100)) is None


def test_an_action_takes_until_now_while_it_runs() -> None:
    (run,) = beta(detail("Beta/Deploy", status="InProgress")).runs
    assert run.seconds(at(100)) == 100


def test_the_latest_execution_is_the_newest_that_was_not_superseded() -> None:
    pipeline = standing(third="Superseded", second="Failed", first="Succeeded")
    assert pipeline.latest is not None
    assert pipeline.latest.id == SECOND


@pytest.mark.parametrize(
    ("statuses", "red"),
    [
        ({}, False),
        ({"second": "Succeeded", "first": "Failed"}, False),
        ({"second": "InProgress", "first": "Failed"}, False),
        ({"second": "Stopping"}, False),
        ({"second": "Failed", "first": "InProgress"}, False),
        ({"second": "Failed", "first": "Succeeded"}, True),
        ({"second": "Stopped"}, True),
        ({"second": "Cancelled"}, True),
    ],
)
def test_it_is_red_when_nothing_runs_and_the_latest_did_not_succeed(statuses: dict[str, str], red: bool) -> None:
    assert standing(**statuses).red is red  # type: ignore[arg-type]  # none of them is called details


def blocked(*stages: dict[str, Any], details: tuple[dict[str, Any], ...] = ()) -> list[tuple[str, str, str, str]]:
    pipeline = standing(*stages, details=details, first="Failed")
    return [(b.kind, b.stage, b.action, b.reason) for b in pipeline.blockers]


def test_a_waiting_approval_blocks() -> None:
    waits = (detail("Prod/Approve", status="InProgress"),)
    assert blocked(stage_state("Prod", FIRST, "InProgress"), details=waits) == [("approval", "Prod", "Approve", "")]


def test_an_answered_approval_does_not_block() -> None:
    assert blocked(stage_state("Prod", FIRST, "InProgress"), details=(detail("Prod/Approve"),)) == []


def test_a_closed_transition_blocks_and_says_who_closed_it_when_and_why() -> None:
    closed = {"enabled": False, "disabledReason": "freeze", "lastChangedBy": "arn:ann", "lastChangedAt": at(5)}
    pipeline = standing(stage_state("Prod", inboundTransitionState=closed))
    prod = pipeline.stage("Prod")
    assert prod is not None
    assert (prod.gate.reason, prod.gate.by, prod.gate.since) == ("freeze", "arn:ann", at(5))
    assert [(b.kind, b.reason, b.since) for b in pipeline.blockers] == [("disabled", "freeze", at(5))]


def test_a_failed_action_blocks_with_the_first_line_of_why() -> None:
    failed = detail("Beta/Test", status="Failed", error="\n2 failed\nthe clock is late\n")
    assert blocked(stage_state("Beta", FIRST, "Failed"), details=(failed,)) == [("failed", "Beta", "Test", "2 failed")]


def test_an_action_that_fails_without_a_word_says_its_status() -> None:
    failed = detail("Beta/Test", status="Failed")
    assert blocked(stage_state("Beta", FIRST, "Failed"), details=(failed,)) == [("failed", "Beta", "Test", "Failed")]


@pytest.mark.parametrize(
    ("expected", "reason"),
    [({"statusSummary": "Window: closed"}, "Window: closed"), ({}, "a condition of the stage was not met")],
)
def test_a_stage_that_failed_without_a_failed_action_blocks_too(expected: dict[str, str], reason: str) -> None:
    pipeline = pipeline_of(
        answers.declared(), state(stage_state("Beta", FIRST, "Failed")), [summary(FIRST, "Failed", **expected)], []
    )
    assert [(b.kind, b.stage, b.action, b.reason) for b in pipeline.blockers] == [("failed", "Beta", "", reason)]


def test_a_stopped_stage_blocks_once_whatever_was_abandoned() -> None:
    abandoned = detail("Beta/Test", status="Abandoned")
    stopped = summary(FIRST, "Stopped", stopTrigger={"reason": "wrong branch"})
    states = state(stage_state("Beta", FIRST, "Stopped"))
    pipeline = pipeline_of(answers.declared(), states, [stopped], [abandoned])
    assert [(b.kind, b.stage, b.reason) for b in pipeline.blockers] == [("stopped", "Beta", "wrong branch")]


def test_an_action_that_failed_in_a_stage_that_runs_again_does_not_block() -> None:
    failed = detail("Beta/Deploy", status="Failed")
    assert blocked(stage_state("Beta", FIRST, "InProgress"), details=(failed,)) == []


def test_a_stage_is_found_however_it_is_written() -> None:
    pipeline = standing()
    assert [s and s.name for s in map(pipeline.stage, ("prod", "PROD", "Prod", "gamma"))] == ["Prod"] * 3 + [None]


def test_the_stages_before_one_are_the_nearest_first() -> None:
    pipeline = standing()
    assert [stage.name for stage in pipeline.before(pipeline.stages[2])] == ["Beta", "Source"]


def test_data_has_times_as_text_and_nothing_of_configurations_and_variables() -> None:
    secret = detail("Beta/Deploy", variables={"Key": "secret"}, configuration={"Key": "secret"})
    pipeline = standing(stage_state("Beta", FIRST), details=(secret,), first="Succeeded")
    text = json.dumps(as_data(pipeline))
    assert '"started": "2026-01-02T12:00:00+00:00"' in text
    assert "secret" not in text
    assert "secret" not in repr(pipeline)
