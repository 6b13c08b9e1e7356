"""describe_changes: change sets that change nothing or cannot be executed, and what it may not read."""

from typing import Any

import pytest

from test_runner_lambda import describe_changes
from tests.test_runner_lambda.change_sets import ASKED, DIRECT, has_commit
from tests.test_runner_lambda.doubles import Aws, Context, job_event

IDS = {
    "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/s-prod/1",
    "ChangeSetId": "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c-1/2",
}


def read(status: str, reason: str, result: str) -> Aws:
    """What describe_changes reports of a change set without changes in this status."""
    with Aws(describe_changes.client) as aws:
        has_commit(aws, None)
        response = {"Status": status, "StatusReason": reason, **IDS}
        aws.stubs["cloudformation"].add_response("describe_change_set", response)
        aws.takes(result)
        describe_changes.handler(job_event(ASKED), Context())
    return aws


@pytest.mark.parametrize(
    "reason",
    [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ],
)
def test_a_change_set_that_failed_for_want_of_changes_changes_nothing(reason: str) -> None:
    details = read("FAILED", reason, "success").success()
    assert details["outputVariables"]["Text"].splitlines()[:2] == ["0123456789ab", "changes nothing"]
    assert details["executionDetails"] == {"summary": "changes nothing"}


def test_a_change_set_without_a_resource_changes_nothing() -> None:
    details = read("CREATE_COMPLETE", "", "success").success()
    assert details["executionDetails"] == {"summary": "changes nothing"}


@pytest.mark.parametrize("status", ["FAILED", "CREATE_IN_PROGRESS"])
def test_a_change_set_that_cannot_be_executed_is_a_failure_with_its_reason(status: str) -> None:
    failure = read(status, "Transform failed: no such handler", "failure").failure()
    assert failure == f"RuntimeError: change set {status} Transform failed: no such handler"


@pytest.mark.parametrize("status", ["DELETE_COMPLETE", "DELETE_IN_PROGRESS"])
def test_a_deleted_change_set_is_told_and_fails_nothing(status: str) -> None:
    details = read(status, "No updates are to be performed.", "success").success()
    assert details["executionDetails"] == {"summary": "the change set c-1 is gone: what changes is not known"}


@pytest.mark.parametrize("parameters", [None, "", "{", "[]", "3", "null", '"text"', "{}", '{"pipeline": "p"}'])
def test_unusable_user_parameters_are_a_failure(parameters: str | None) -> None:
    with Aws(describe_changes.client) as aws:
        aws.takes("failure")
        describe_changes.handler(job_event(parameters), Context())
        assert aws.failure()


@pytest.mark.parametrize("key", ["pipeline", "execution_id"])
def test_a_missing_key_is_named(key: str) -> None:
    asked = {name: value for name, value in ASKED.items() if name != key}
    with Aws(describe_changes.client) as aws:
        aws.takes("failure")
        describe_changes.handler(job_event(asked), Context())
        assert aws.failure().endswith(f"missing 1 required keyword-only argument: '{key}'")


@pytest.mark.parametrize("limit", ["700", None, 7.5, [700]])
def test_a_limit_that_is_no_integer_is_a_failure(limit: Any) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        aws.takes("failure")
        describe_changes.handler(job_event({**DIRECT, "limit": limit}), Context())
        assert aws.failure().startswith("TypeError: ")


@pytest.mark.parametrize(
    "code", ["AccessDeniedException", "PipelineExecutionNotFoundException", "ThrottlingException", "SomethingNew"]
)
def test_an_execution_that_cannot_be_read_is_a_failure_with_aws_s_words(code: str) -> None:
    with Aws(describe_changes.client) as aws:
        aws.stubs["codepipeline"].add_client_error("get_pipeline_execution", code, "in AWS's words")
        aws.takes("failure")
        describe_changes.handler(job_event(ASKED), Context())
        assert f"({code}) when calling the GetPipelineExecution operation: in AWS's words" in aws.failure()


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling"])
def test_a_change_set_that_cannot_be_read_is_a_failure_with_aws_s_words(code: str) -> None:
    with Aws(describe_changes.client) as aws:
        has_commit(aws)
        aws.stubs["cloudformation"].add_client_error("describe_change_set", code, "in AWS's words")
        aws.takes("failure")
        describe_changes.handler(job_event(ASKED), Context())
        assert f"({code}) when calling the DescribeChangeSet operation: in AWS's words" in aws.failure()


@pytest.mark.parametrize("execution", [{}, {"artifactRevisions": []}, {"artifactRevisions": [{"name": "Source"}]}])
def test_an_execution_without_a_commit_is_told_and_fails_nothing(execution: dict[str, Any]) -> None:
    with Aws(describe_changes.client) as aws:
        aws.stubs["codepipeline"].add_response("get_pipeline_execution", {"pipelineExecution": execution})
        aws.takes("success")
        describe_changes.handler(job_event(DIRECT), Context())
        assert aws.success()["outputVariables"]["Text"].startswith("the commit is not known")


@pytest.mark.parametrize("reason", ["r" * 9000, "\U0001f600" * 9000, "\x00" * 10 + "x"])
def test_a_reason_of_any_length_is_a_message_that_aws_takes(reason: str) -> None:
    assert read("FAILED", reason, "failure").failure().startswith("RuntimeError: change set FAILED ")


@pytest.mark.parametrize("value", [3, ["p"], {}])
def test_a_name_that_is_no_text_is_a_failure(value: Any) -> None:
    with Aws(describe_changes.client) as aws:
        aws.takes_either()
        describe_changes.handler(job_event({**ASKED, "pipeline": value}), Context())
        assert "pipelineName" in aws.failure()
