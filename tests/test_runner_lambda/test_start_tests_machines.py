"""start_tests: state machines as tests, started once and polled through continuation tokens."""

import json
from typing import Any

import pytest

from test_runner_lambda import start_tests
from tests.test_runner_lambda.doubles import JOB_ID, Aws, Context, job_event

ASKED = {"service": "s", "stage": "beta", "stack": "s-beta", "execution_id": "e", "commit": "c"}
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:Journey"
EXECUTION = f"arn:aws:states:eu-west-1:111122223333:execution:Journey:{JOB_ID}-0"
NEXT_JOB = "22222222-abcd-2222-abcd-222222abcdef"
GREEN = {"passed": 3, "failed": 0, "summary": "walked through"}


def starts(aws: Aws, execution: str = EXECUTION) -> None:
    """Step Functions starts an execution."""
    response = {"executionArn": execution, "startDate": "2026-01-01"}
    aws.stubs["stepfunctions"].add_response("start_execution", response)


def is_seen(aws: Aws, status: str, execution: str = EXECUTION, **more: str) -> None:
    """Step Functions tells how an execution goes."""
    response = {"executionArn": execution, "stateMachineArn": MACHINE, "status": status, "startDate": "2026-01-01"}
    stub = aws.stubs["stepfunctions"]
    stub.add_response("describe_execution", {**response, **more}, {"executionArn": execution})


def started(tests: list[str], answers: Any = None) -> str:
    """The continuation token after the first job."""
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        if answers is not None:
            aws.functions(answers)
        for number, _ in enumerate(test for test in tests if ":stateMachine:" in test):
            starts(aws, f"{EXECUTION[:-1]}{number}")
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "functions": tests}), Context())
        details = aws.success()
    assert details.keys() == {"jobId", "continuationToken"}  # AWS refuses output variables beside a token
    return str(details["continuationToken"])


def test_a_state_machine_is_started_with_the_same_input_as_a_function() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta", TableName="times")
        starts(aws)
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "functions": [MACHINE]}), Context())
        (call,) = aws.called("StartExecution")
    sent = json.loads(call.pop("input"))
    assert call == {"stateMachineArn": MACHINE, "name": f"{JOB_ID}-0"}
    assert sent["job_id"] == JOB_ID
    assert sent["outputs"] == {"TableName": "times"}


@pytest.mark.parametrize("status", ["RUNNING", "PENDING_REDRIVE"])
def test_while_it_runs_each_new_job_is_continued_with_its_own_id(status: str) -> None:
    token = started([MACHINE])
    with Aws(start_tests.client) as aws:
        is_seen(aws, status)
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "functions": [MACHINE]}, token=token, job_id=NEXT_JOB), Context())
        assert aws.success() == {"jobId": NEXT_JOB, "continuationToken": token}


def test_the_answer_of_an_execution_that_succeeded_is_read_like_a_function_s() -> None:
    token = started([MACHINE])
    with Aws(start_tests.client) as aws:
        is_seen(aws, "SUCCEEDED", output=json.dumps(GREEN))
        aws.takes("success")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        details = aws.success()
    assert details["jobId"] == NEXT_JOB
    assert details["outputVariables"] == {"Passed": "3", "Failed": "0", "Summary": "walked through"}


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ({"output": '{"passed": 1, "failed": 2}'}, "2 failed, 1 passed: no summary"),
        ({"output": "null"}, "returned nothing and had not answered the job"),
        ({}, "returned nothing and had not answered the job"),
        ({"output": "[1]"}, 'returned [1]; wanted: {"passed": 1, "failed": 0}'),
    ],
)
def test_an_execution_that_succeeded_without_a_green_answer_is_a_failure(output: dict[str, str], message: str) -> None:
    token = started([MACHINE])
    with Aws(start_tests.client) as aws:
        is_seen(aws, "SUCCEEDED", **output)
        aws.takes("failure")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        assert aws.failure() == f"Journey: {message}"


@pytest.mark.parametrize("status", ["FAILED", "TIMED_OUT", "ABORTED"])
def test_an_execution_that_did_not_succeed_is_a_failure_with_error_and_cause(status: str) -> None:
    token = started([MACHINE])
    with Aws(start_tests.client) as aws:
        is_seen(aws, status, error="States.TaskFailed", cause="no such page")
        aws.takes("failure")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        assert aws.failure() == f"Journey: {status} States.TaskFailed no such page"


def test_functions_run_in_the_first_job_and_their_results_travel_in_the_token() -> None:
    token = started(["api", MACHINE], {"api": lambda: {"passed": 4, "failed": 0, "summary": "routes"}})
    with Aws(start_tests.client) as aws:
        is_seen(aws, "SUCCEEDED", output=json.dumps(GREEN))
        aws.takes("success")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        assert aws.called("Invoke") == []
        expected = {"Passed": "7", "Failed": "0", "Summary": "api: routes; Journey: walked through"}
        assert aws.success()["outputVariables"] == expected


def test_a_function_that_failed_in_the_first_job_is_told_when_all_is_over() -> None:
    token = started(["api", MACHINE], {"api": lambda: {"passed": 0, "failed": 9, "summary": "routes"}})
    with Aws(start_tests.client) as aws:
        is_seen(aws, "ABORTED", cause="stopped")
        aws.takes("failure")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        assert aws.failure() == "api: 9 failed, 0 passed: routes; Journey: ABORTED stopped"


def test_of_several_executions_the_finished_are_remembered_while_others_run() -> None:
    token = started([MACHINE, f"{MACHINE}:live"])
    with Aws(start_tests.client) as aws:
        is_seen(aws, "SUCCEEDED", output=json.dumps(GREEN))
        is_seen(aws, "RUNNING", f"{EXECUTION[:-1]}1")
        aws.takes("success")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        token = aws.success()["continuationToken"]
    with Aws(start_tests.client) as aws:
        is_seen(aws, "SUCCEEDED", f"{EXECUTION[:-1]}1", output=json.dumps(GREEN))
        aws.takes("success")
        start_tests.handler(job_event(None, token=token), Context())
        assert aws.success()["outputVariables"]["Passed"] == "6"


@pytest.mark.parametrize("qualifier", ["", ":7", ":live"])
def test_a_job_delivered_twice_finds_the_first_execution_even_when_it_has_ended(qualifier: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.stubs["stepfunctions"].add_client_error("start_execution", "ExecutionAlreadyExists")
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "functions": [MACHINE + qualifier]}), Context())
        token = aws.success()["continuationToken"]
    with Aws(start_tests.client) as aws:
        is_seen(aws, "SUCCEEDED", output=json.dumps(GREEN))
        aws.takes("success")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        aws.success()


@pytest.mark.parametrize(
    "code", ["StateMachineDoesNotExist", "InvalidArn", "AccessDeniedException", "ExecutionLimitExceeded"]
)
def test_a_state_machine_that_cannot_be_started_is_a_failure(code: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.stubs["stepfunctions"].add_client_error("start_execution", code, "in AWS's words")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": [MACHINE]}), Context())
        message = aws.failure()
    assert code in message
    assert "in AWS's words" in message


@pytest.mark.parametrize("code", ["ExecutionDoesNotExist", "ThrottlingException"])
def test_an_execution_that_cannot_be_seen_is_a_failure(code: str) -> None:
    token = started([MACHINE])
    with Aws(start_tests.client) as aws:
        aws.stubs["stepfunctions"].add_client_error("describe_execution", code, "in AWS's words")
        aws.takes("failure")
        start_tests.handler(job_event(None, token=token, job_id=NEXT_JOB), Context())
        assert code in aws.failure()


@pytest.mark.parametrize("summary", ["x" * 5000, "\u6642" * 5000, "\U0001f550" * 5000, '"' * 5000, "\ud800" * 5000])
def test_results_are_cut_to_fit_the_token(summary: str) -> None:
    answers = {name: lambda: {"passed": 1, "failed": 1, "summary": summary} for name in "abcd"}
    token = started([*answers, MACHINE, f"{MACHINE}:live"], answers)
    assert len(token.encode("utf-16-le")) // 2 <= 2048
    assert "1 failed, 1 passed" in token


def test_more_state_machines_than_a_token_holds_are_a_failure_in_words() -> None:
    machines = [f"{MACHINE}:{number}" for number in range(30)]
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        for number, _ in enumerate(machines):
            starts(aws, f"{EXECUTION[:-1]}{number}")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": machines}), Context())
        expected = "too many tests for one action: no continuation token holds them"
        assert aws.failure() == expected


@pytest.mark.parametrize(
    "token",
    [
        "{",
        "{}",
        "[]",
        "[[], []]",
        '[[], [["a", "b", "OtherKind", 0]]]',
        "[[1], []]",
        '[["arn"]]',
        '["a", [["b"]]]',
        "7",
        "null",
    ],
)
def test_a_token_that_is_not_ours_is_a_failure(token: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stubs["stepfunctions"].deactivate()
        aws.takes("failure")
        start_tests.handler(job_event(None, token=token), Context())
        aws.failure()
