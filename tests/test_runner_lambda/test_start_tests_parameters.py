"""start_tests: what it is asked to do, and on what stack."""

import json
import re
from typing import Any

import pytest
from botocore.session import Session

from test_runner_lambda import start_tests
from tests.test_runner_lambda.doubles import JOB_ID, KEYS, Aws, Context, job_event

ASKED = {
    "service": "time-service",
    "stage": "beta",
    "stack": "time-service-beta",
    "execution_id": "5d1f2c3e",
    "commit": "0123456789abcdef",
    "url": "ApiUrl",
    "tests_stack": "time-service-tests",
    "outputs": ["TestFunction"],
    "functions": ["arn:aws:lambda:eu-west-1:111122223333:function:time-tests:7"],
}
GREEN = {"passed": 3, "failed": 0, "summary": "all fine"}
STATES = set(
    Session().get_service_model("cloudformation").shape_for("StackStatus").metadata["enum"]
)  # as AWS publishes them
# A stack that was rolled back has its last good template again; a new one has none.
ROLLED_BACK = {status for status in STATES if re.match("(UPDATE|IMPORT)_ROLLBACK_COMPLETE", status)}
BAD_STATES = {status for status in STATES if "ROLLBACK" in status or "FAILED" in status} - ROLLED_BACK
BAD_STATES |= {"DELETE_IN_PROGRESS", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}


def refused(parameters: Any) -> str:
    """Message of the failure that these UserParameters lead to, before anything is asked of AWS."""
    with Aws(start_tests.client) as aws:
        aws.takes("failure")
        start_tests.handler(job_event(parameters), Context())
        assert [operation for operation, _ in aws.calls] == ["PutJobFailureResult"]
        return aws.failure()


@pytest.mark.parametrize("parameters", [None, "", "{", "text", "null", "3", "[]", '"{}"', "[" * 100_000])
def test_user_parameters_that_are_no_json_object_are_said_to_be_none(parameters: str | None) -> None:
    assert refused(parameters) == "UserParameters is missing or is not a JSON object"


@pytest.mark.parametrize("key", ["service", "stage", "stack", "commit", "execution_id"])
@pytest.mark.parametrize("value", [None, "", 3, ["beta"]])
def test_a_key_without_usable_text_is_named(key: str, value: Any) -> None:
    assert refused({**ASKED, key: value}) == f"UserParameters has no usable {key}"


def test_all_missing_keys_are_named_at_once() -> None:
    message = "UserParameters has no usable service, stage, commit, execution_id, stack, tests_stack, outputs"
    assert refused({}) == message


@pytest.mark.parametrize("functions", ["a-name", {"a": 1}, 7])
def test_functions_that_are_no_list_are_named(functions: Any) -> None:
    assert refused({**ASKED, "functions": functions}) == "UserParameters has no usable functions"


@pytest.mark.parametrize(
    "wrong", [{"functions": [3]}, {"functions": [""]}, {"functions": ["a", None]}, {"url": ["ApiUrl"]}, {"url": 3}]
)
def test_names_that_are_no_texts_fail_the_job(wrong: dict[str, Any]) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="u")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, **wrong}), Context())
        assert aws.failure()


@pytest.mark.parametrize(("key", "value"), [("outputs", "TestFunction"), ("outputs", []), ("tests_stack", "")])
def test_without_functions_the_tests_stack_and_its_outputs_are_needed(key: str, value: Any) -> None:
    asked = {**ASKED, "functions": [], key: value}
    assert refused(asked) == f"UserParameters has no usable {key}"


def test_the_function_gets_the_job_the_url_and_every_output() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="https://beta.example.com", TableName="times")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event(ASKED), Context())
        (invoked,) = aws.called("Invoke")
    assert json.loads(invoked.pop("Payload")) == {
        "job_id": JOB_ID,
        "api_url": "https://beta.example.com",
        "stage": "beta",
        "service": "time-service",
        "commit": "0123456789abcdef",
        "execution_id": "5d1f2c3e",
        "outputs": {"ApiUrl": "https://beta.example.com", "TableName": "times"},
        "subset": None,
    }
    assert invoked == {"FunctionName": ASKED["functions"][0]}  # to wait for its answer is the default


def test_the_function_is_told_which_of_the_tests_to_run() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="https://beta.example.com")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "subset": "smoke"}), Context())
        (invoked,) = aws.called("Invoke")
    assert json.loads(invoked["Payload"])["subset"] == "smoke"


def test_of_a_stage_without_stack_the_outputs_come_with_the_job() -> None:
    asked = {key: value for key, value in ASKED.items() if key != "stack"}
    with Aws(start_tests.client) as aws:
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event({**asked, "deployed": {"ApiUrl": "https://beta.example.com"}}), Context())
        (invoked,) = aws.called("Invoke")
        assert aws.called("DescribeStacks") == []
    sent = json.loads(invoked["Payload"])
    assert (sent["api_url"], sent["outputs"]) == ("https://beta.example.com", {"ApiUrl": "https://beta.example.com"})


@pytest.mark.parametrize("url", [{}, {"url": None}, {"url": ""}])
def test_an_application_without_url_is_tested_with_a_null_url(url: dict[str, Any]) -> None:
    asked = {key: value for key, value in ASKED.items() if key != "url"}
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", QueueName="jobs")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event({**asked, **url}), Context())
        (invoked,) = aws.called("Invoke")
    sent = json.loads(invoked["Payload"])
    assert sent["api_url"] is None
    assert sent["outputs"] == {"QueueName": "jobs"}


def test_given_functions_the_tests_stack_is_not_read() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="u")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event(ASKED), Context())
        assert aws.called("DescribeStacks") == [{"StackName": "time-service-beta"}]


@pytest.mark.parametrize("functions", [{}, {"functions": None}, {"functions": []}])
def test_without_functions_the_outputs_of_the_tests_stack_are_invoked(functions: dict[str, Any]) -> None:
    asked = {key: value for key, value in ASKED.items() if key != "functions"}
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="u")
        aws.stack("time-service-tests", TestFunction="time-tests", Other="o")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event({**asked, **functions}), Context())
        assert [call["FunctionName"] for call in aws.called("Invoke")] == ["time-tests"]


@pytest.mark.parametrize(
    ("outputs", "there"), [({"WebUrl": "u", "Api": "a"}, "Api, WebUrl"), ({}, "none")], ids=["some", "none"]
)
def test_a_missing_output_names_those_there_are(outputs: dict[str, str], there: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", **outputs)
        aws.takes("failure")
        start_tests.handler(job_event(ASKED), Context())
        assert aws.failure() == f"the stack has no output ApiUrl; it has {there}"


def test_a_missing_output_of_the_tests_stack_names_those_there_are() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="u")
        aws.stack("time-service-tests", SmokeTest="smoke")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": []}), Context())
        assert aws.failure() == "the stack has no output TestFunction; it has SmokeTest"


@pytest.mark.parametrize("status", sorted(BAD_STATES))
def test_a_stack_whose_deployment_went_wrong_is_not_tested(status: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", status, ApiUrl="u")
        aws.takes("failure")
        start_tests.handler(job_event(ASKED), Context())
        assert aws.failure() == f"stack time-service-beta is {status}: the commit is not deployed"


@pytest.mark.parametrize("status", sorted(STATES - BAD_STATES))
def test_a_stack_in_any_other_state_is_tested(status: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", status, ApiUrl="u")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event(ASKED), Context())
        aws.success()


def test_a_tests_stack_whose_deployment_went_wrong_is_not_used() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="u")
        aws.stack("time-service-tests", "UPDATE_ROLLBACK_FAILED", TestFunction="time-tests")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": []}), Context())
        assert "time-service-tests is UPDATE_ROLLBACK_FAILED" in aws.failure()


@pytest.mark.parametrize("code", ["ValidationError", "AccessDenied", "Throttling", "SomethingNew"])
def test_a_stack_that_cannot_be_read_is_a_failure_with_aws_s_words(code: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stubs["cloudformation"].add_client_error("describe_stacks", code, "Stack with id x does not exist")
        aws.takes("failure")
        start_tests.handler(job_event(ASKED), Context())
        message = aws.failure()
    assert code in message
    assert "Stack with id x does not exist" in message


def test_the_function_gets_the_outputs_of_several_services_by_their_names() -> None:
    asked = {**ASKED, "stack": "shop-*-beta api database=old", "url": "api.Url"}
    with Aws(start_tests.client) as aws:
        aws.stack("shop-api-beta", Url="https://beta.example.com")
        aws.stack("old", Table="times")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event(asked), Context())
        (invoked,) = aws.called("Invoke")
    event = json.loads(invoked["Payload"])
    assert event["api_url"] == "https://beta.example.com"
    assert event["outputs"] == {"api.Url": "https://beta.example.com", "database.Table": "times"}


ROLE = "arn:aws:iam::444455556666:role/time-service-ReadRole-production"


def test_the_outputs_of_a_stack_in_another_account_are_read_there_with_its_role() -> None:
    there = {"role": ROLE, "region": "eu-west-1"}
    with Aws(start_tests.client) as aws:
        aws.elsewhere(of_role("eu-west-1"), ROLE)
        aws.stack("time-service-beta", ApiUrl="https://beta.example.com")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, **there}), Context())
        (invoked,) = aws.called("Invoke")
    assert json.loads(invoked["Payload"])["api_url"] == "https://beta.example.com"


def test_a_stage_with_the_pipeline_is_read_there_after_one_elsewhere() -> None:
    with Aws(start_tests.client) as aws:
        aws.elsewhere(of_role("eu-west-1"), ROLE)
        aws.stack("time-service-beta", ApiUrl="https://there.example.com")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "role": ROLE, "region": "eu-west-1"}), Context())
    with Aws(start_tests.client) as aws:
        aws.stack("time-service-beta", ApiUrl="https://here.example.com")
        aws.function(GREEN)
        aws.takes("success")
        start_tests.handler(job_event(ASKED), Context())
        (invoked,) = aws.called("Invoke")
    assert json.loads(invoked["Payload"])["api_url"] == "https://here.example.com"


def test_a_role_that_does_not_let_start_tests_in_is_a_failure_with_aws_s_words() -> None:
    with Aws(start_tests.client) as aws:
        aws.stubs["sts"].add_client_error("assume_role", "AccessDenied", f"not authorized to perform: {ROLE}")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "role": ROLE, "region": "eu-west-1"}), Context())
        message = aws.failure()
    assert f"not authorized to perform: {ROLE}" in message


def of_role(region: str) -> Any:
    """The client that start_tests asks with, once it has the role's keys."""
    return start_tests.session_client(
        "cloudformation",
        region_name=region,
        config=start_tests.QUICK,
        aws_access_key_id=KEYS["AccessKeyId"],
        aws_secret_access_key=KEYS["SecretAccessKey"],
        aws_session_token=KEYS["SessionToken"],
    )
