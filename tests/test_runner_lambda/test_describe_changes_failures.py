"""describe_changes: change sets that change nothing or cannot be executed, and what it may not read."""

from typing import Any

import pytest

from test_runner_lambda import describe_changes
from tests.test_runner_lambda.doubles import Aws, Context, job_event

ASKED = {"stage": "prod", "stack": "s-prod", "change_set": "c-1", "pipeline": "s-pipeline", "execution_id": "e-1"}
IDS = {
    "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/s-prod/1",
    "ChangeSetId": "arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c-1/2",
}
EXECUTION = {"pipelineExecution": {"artifactRevisions": [{"name": "Source", "revisionId": "0123456789abcdef"}]}}


def read(status: str, reason: str, result: str) -> Aws:
    """What describe_changes reports of a change set without changes in this status."""
    with Aws(describe_changes.client) as aws:
        aws.stubs["codepipeline"].add_response("get_pipeline_execution", EXECUTION)
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


def test_a_change_set_that_changes_outputs_alone_counts_no_resource() -> None:
    details = read("CREATE_COMPLETE", "", "success").success()
    assert details["executionDetails"] == {"summary": "0 added, 0 changed, 0 replaced, 0 removed"}


@pytest.mark.parametrize("status", ["FAILED", "CREATE_IN_PROGRESS", "DELETE_COMPLETE"])
def test_a_change_set_that_cannot_be_executed_is_a_failure_with_its_reason(status: str) -> None:
    failure = read(status, "Transform failed: no such handler", "failure").failure()
    expected = f"ChangeSetError: c-1 of stack s-prod is {status}: Transform failed: no such handler"
    assert failure == ("JobFailed", expected)


def test_a_deleted_change_set_is_a_failure_whatever_it_would_have_changed() -> None:
    assert "is DELETE_COMPLETE" in read("DELETE_COMPLETE", "No updates are to be performed.", "failure").failure()[1]


@pytest.mark.parametrize("parameters", [None, "", "{", "[]", "3", "null", '"text"', "{}", '{"pipeline": "p"}'])
def test_unusable_user_parameters_are_a_configuration_error(parameters: str | None) -> None:
    with Aws(describe_changes.client) as aws:
        aws.takes("failure")
        describe_changes.handler(job_event(parameters), Context())
        assert aws.failure()[0] == "ConfigurationError"


@pytest.mark.parametrize("key", ["pipeline", "execution_id", "stack"])
def test_a_missing_key_is_named(key: str) -> None:
    asked = {name: value for name, value in ASKED.items() if name != key}
    with Aws(describe_changes.client) as aws:
        if key == "stack":
            aws.stubs["codepipeline"].add_response("get_pipeline_execution", EXECUTION)
        aws.takes("failure")
        describe_changes.handler(job_event(asked), Context())
        assert aws.failure() == ("ConfigurationError", f"KeyError: '{key}'")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", "PermissionError"),
        ("PipelineExecutionNotFoundException", "ConfigurationError"),
        ("ThrottlingException", "SystemUnavailable"),
        ("SomethingNew", "JobFailed"),
    ],
)
def test_an_execution_that_cannot_be_read_is_a_failure_with_aws_s_words(code: str, kind: str) -> None:
    with Aws(describe_changes.client) as aws:
        aws.stubs["codepipeline"].add_client_error("get_pipeline_execution", code, "in AWS's words")
        aws.takes("failure")
        describe_changes.handler(job_event(ASKED), Context())
        found, message = aws.failure()
    assert (found, "in AWS's words" in message) == (kind, True)


@pytest.mark.parametrize(
    ("code", "kind"), [("AccessDenied", "PermissionError"), ("ChangeSetNotFound", "ConfigurationError")]
)
def test_a_change_set_that_cannot_be_read_is_a_failure_with_aws_s_words(code: str, kind: str) -> None:
    with Aws(describe_changes.client) as aws:
        aws.stubs["codepipeline"].add_response("get_pipeline_execution", EXECUTION)
        aws.stubs["cloudformation"].add_client_error("describe_change_set", code, "in AWS's words")
        aws.takes("failure")
        describe_changes.handler(job_event(ASKED), Context())
        found, message = aws.failure()
    assert (found, "in AWS's words" in message) == (kind, True)


@pytest.mark.parametrize("reason", ["r" * 9000, "\U0001f600" * 9000, "\x00" * 10 + "x"])
def test_a_reason_of_any_length_is_a_message_that_aws_takes(reason: str) -> None:
    assert read("FAILED", reason, "failure").failure()[1].startswith("ChangeSetError: c-1 of stack s-prod is FAILED: ")


@pytest.mark.parametrize("value", [3, ["p"], {}])
def test_a_name_that_is_no_text_is_a_failure(value: Any) -> None:
    with Aws(describe_changes.client) as aws:
        aws.takes_either()
        describe_changes.handler(job_event({**ASKED, "pipeline": value}), Context())
        assert "pipelineName" in aws.failure()[1]
