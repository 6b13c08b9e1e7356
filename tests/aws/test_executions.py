"""Starting, stopping and retrying: what is asked of AWS, and what is refused before or by it."""

from __future__ import annotations

from typing import Any

import pytest

from generator.aws import executions
from generator.aws.pipeline import Pipeline
from generator.aws.pipeline_answers import pipeline_of
from generator.errors import InvalidInputError, RefusedError
from tests.aws import answers
from tests.aws.answers import COMMIT, FIRST, NAME, SECOND, stage_state, state, summary
from tests.aws.stubbed import Stubbed


def pipeline(*stages: dict[str, Any], sources: tuple[str, ...] = ("CodeCommit",), **statuses: str) -> Pipeline:
    """A pipeline with sources of these providers, its stages in this state and its executions first and second."""
    source = [answers.action(f"Source{n}", "Source", provider) for n, provider in enumerate(sources)]
    declared = answers.declared(("Source", source), ("Beta", [answers.TEST]), ("Prod", [answers.APPROVE]))
    ids = {"first": FIRST, "second": SECOND}
    summaries = [summary(ids[name], status) for name, status in statuses.items()]
    return pipeline_of(declared, state(*stages), summaries, [])


def test_it_starts_with_the_newest_commit() -> None:
    aws = Stubbed()
    aws.answers("codepipeline", "start_pipeline_execution", {"pipelineExecutionId": FIRST})
    assert executions.start(aws.door, pipeline()) == FIRST
    aws.check()


def test_variables_take_the_place_of_their_defaults() -> None:
    aws = Stubbed()
    request = {"name": NAME, "sourceRevisions": [], "variables": [{"name": "Force", "value": "yes"}]}
    aws.answers("codepipeline", "start_pipeline_execution", {"pipelineExecutionId": FIRST}, **request)
    assert executions.start(aws.door, pipeline(), variables={"Force": "yes"}) == FIRST
    aws.check()


@pytest.mark.parametrize(
    ("provider", "revision", "kind"),
    [
        ("CodeCommit", COMMIT, "COMMIT_ID"),
        ("CodeStarSourceConnection", COMMIT, "COMMIT_ID"),
        ("CodeStarSourceConnection", "f" * 64, "COMMIT_ID"),
        ("S3", "3/L4kqtJlcpXroDTDmJ", "S3_OBJECT_VERSION_ID"),
    ],
)
def test_a_commit_overrides_the_source_in_its_provider_s_words(provider: str, revision: str, kind: str) -> None:
    aws = Stubbed()
    aws.answers(
        "codepipeline",
        "start_pipeline_execution",
        {"pipelineExecutionId": FIRST},
        name=NAME,
        sourceRevisions=[{"actionName": "Source0", "revisionType": kind, "revisionValue": revision}],
    )
    assert executions.start(aws.door, pipeline(sources=(provider,)), revision) == FIRST


@pytest.mark.parametrize("commit", ["a1b2c3d", COMMIT.upper(), "main", COMMIT[:-1]])
def test_a_commit_that_is_not_whole_is_refused_before_aws_is_asked(commit: str) -> None:
    with pytest.raises(InvalidInputError, match=r"not the whole id of a commit\n.*git rev-parse"):
        executions.start(Stubbed().door, pipeline(), commit)


@pytest.mark.parametrize("sources", [("ECR",), ("CodeCommit", "S3")])
def test_a_source_that_takes_no_commit_says_which_it_is(sources: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInputError, match=rf"takes no commit: Source0 \({sources[0]}\)"):
        executions.start(Stubbed().door, pipeline(sources=sources), COMMIT)


def test_the_only_execution_that_runs_is_the_one_to_stop() -> None:
    assert executions.to_stop(pipeline(second="InProgress", first="Failed")).id == SECOND


@pytest.mark.parametrize("value", [SECOND, SECOND[:8]])
def test_one_of_several_is_stopped_by_how_its_id_begins(value: str) -> None:
    assert executions.to_stop(pipeline(second="InProgress", first="InProgress"), value).id == SECOND


@pytest.mark.parametrize("value", ["", "2", "20000001", "99999999"])
def test_which_of_several_has_to_be_said(value: str) -> None:
    with pytest.raises(InvalidInputError, match=f"--execution names it: .*{SECOND}.*{FIRST}"):
        executions.to_stop(pipeline(second="InProgress", first="Stopping"), value)


def test_nothing_that_runs_cannot_be_stopped_and_says_how_it_ended() -> None:
    with pytest.raises(
        RefusedError, match="nothing runs in clock-pipeline: its last execution succeeded, a1b2c3d4e5f6"
    ):
        executions.to_stop(pipeline(first="Succeeded"))


def test_a_pipeline_that_never_ran_says_so() -> None:
    with pytest.raises(RefusedError, match="it has never run"):
        executions.to_stop(pipeline())


def test_stopping_says_which_why_and_whether_to_wait() -> None:
    aws, line = Stubbed(), pipeline(first="InProgress")
    expected = {"pipelineName": NAME, "pipelineExecutionId": FIRST, "abandon": True, "reason": "r" * 200}
    aws.answers("codepipeline", "stop_pipeline_execution", {"pipelineExecutionId": FIRST}, **expected)
    executions.stop(aws.door, line, line.executions[0], abandon=True, reason="r" * 200)
    aws.check()


def test_a_reason_aws_would_not_take_is_refused_before_it_is_asked() -> None:
    line = pipeline(first="InProgress")
    with pytest.raises(InvalidInputError, match="at most 200 characters, not 201"):
        executions.stop(Stubbed().door, line, line.executions[0], abandon=True, reason="r" * 201)


@pytest.mark.parametrize("code", ["PipelineExecutionNotStoppableException", "DuplicatedStopRequestException"])
def test_what_cannot_be_stopped_any_more_is_said_in_aws_s_words(code: str) -> None:
    aws, line = Stubbed(), pipeline(first="Stopping")
    aws.refuses("codepipeline", "stop_pipeline_execution", code, "It is stopping already")
    with pytest.raises(RefusedError, match=r"It is stopping already\n.*--abandon"):
        executions.stop(aws.door, line, line.executions[0], abandon=False, reason="")


@pytest.mark.parametrize("status", ["Failed", "Stopped"])
def test_the_only_halted_stage_is_the_one_to_retry(status: str) -> None:
    line = pipeline(stage_state("Source", FIRST), stage_state("Beta", FIRST, status), first="Failed")
    assert executions.to_retry(line).name == "Beta"
    assert executions.to_retry(line, "beta").name == "Beta"


def test_a_stage_that_did_not_fail_cannot_be_retried_and_says_what_did() -> None:
    line = pipeline(stage_state("Source", FIRST), stage_state("Beta", FIRST, "InProgress"), first="InProgress")
    with pytest.raises(RefusedError, match=r"Source of clock-pipeline is not to be tried again: .* is in Beta"):
        executions.to_retry(line, "Source")
    with pytest.raises(RefusedError, match="no stage of clock-pipeline is to be tried again"):
        executions.to_retry(line)


def test_which_of_several_failed_stages_has_to_be_said() -> None:
    states = (stage_state("Beta", SECOND, "Failed"), stage_state("Prod", FIRST, "Failed"))
    with pytest.raises(InvalidInputError, match="name one: Beta, Prod"):
        executions.to_retry(pipeline(*states, second="Failed", first="Failed"))


def test_a_stage_there_is_not_names_those_there_are() -> None:
    with pytest.raises(InvalidInputError, match=r"no stage 'gamma'\n.*Source, Beta, Prod"):
        executions.to_retry(pipeline(), "gamma")


def test_a_retry_takes_all_actions_of_the_stage() -> None:
    aws, line = Stubbed(), pipeline(stage_state("Beta", FIRST, "Failed"), first="Failed")
    expected = {"pipelineName": NAME, "stageName": "Beta", "pipelineExecutionId": FIRST, "retryMode": "ALL_ACTIONS"}
    aws.answers("codepipeline", "retry_stage_execution", {"pipelineExecutionId": FIRST}, **expected)
    executions.retry(aws.door, line, executions.to_retry(line))
    aws.check()


@pytest.mark.parametrize("code", ["StageNotRetryableException", "NotLatestPipelineExecutionException"])
def test_a_retry_aws_will_not_have_points_to_a_new_execution(code: str) -> None:
    aws, line = Stubbed(), pipeline(stage_state("Beta", FIRST, "Failed"), first="Failed")
    aws.refuses("codepipeline", "retry_stage_execution", code, "The pipeline was updated")
    with pytest.raises(RefusedError, match=r"The pipeline was updated\n.*penstock start"):
        executions.retry(aws.door, line, executions.to_retry(line))
