"""Both Lambda functions: whatever comes in, exactly one result goes out, and AWS would take it."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from test_runner_lambda import describe_changes, start_tests
from tests.test_runner_lambda.doubles import Aws, Context, job_event

pytestmark = pytest.mark.slow

ASKED = {"service": "s", "stage": "beta", "stack": "s-beta", "execution_id": "e", "commit": "c"}
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:Journey"
KEYS = (*ASKED, "url", "tests_stack", "outputs", "functions", "pipeline", "change_set", "limit")

any_text = st.text(st.characters(), max_size=40)  # lone surrogates too: JSON can carry them
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=4),
    max_leaves=12,
)
nearly_right = st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, any_json | st.just("s-beta") | st.just(["t"])))
counts = st.integers(-2, 10**12) | st.booleans() | st.floats() | st.none()
nearly_green = st.fixed_dictionaries({}, optional={"passed": counts, "failed": counts, "summary": any_json})
any_answer = st.binary(max_size=60) | (any_json | nearly_green).map(lambda value: json.dumps(value).encode())


@pytest.mark.parametrize("module", [start_tests, describe_changes], ids=lambda module: module.__name__)
@given(parameters=any_json | nearly_right)
@settings(max_examples=150, deadline=None)
def test_any_json_as_user_parameters_leads_to_one_result(module: Any, parameters: Any) -> None:
    with Aws(module.client) as aws:  # every other call is refused as not stubbed
        aws.takes_either()
        module.handler(job_event(json.dumps(parameters)), Context())
        assert aws.report()


@given(text=st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_any_text_as_user_parameters_leads_to_one_result(text: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.takes_either()
        start_tests.handler(job_event(text), Context())
        assert aws.report()


@given(answer=any_answer, error=st.booleans())
@example(answer=b'{"passed": 1, "failed": 0, "summary": "\\ud800"}', error=False)
@example(answer=b"[" * 100_000, error=True)
@settings(max_examples=300, deadline=None)
def test_any_bytes_as_answer_of_a_function_lead_to_one_result(answer: bytes, error: bool) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.function(answer, **({"FunctionError": "Unhandled"} if error else {}))
        aws.takes_either()
        start_tests.handler(job_event({**ASKED, "functions": ["time-tests"]}), Context())
        operation, details = aws.report()
    if operation == "PutJobSuccessResult":
        parsed = json.loads(answer)
        assert (parsed["failed"], str(parsed["passed"])) == (0, details["outputVariables"]["Passed"])
        assert parsed["passed"] > 0
        assert not error


@given(token=any_text | any_json.map(json.dumps) | st.lists(st.lists(any_json, max_size=3)).map(json.dumps))
@settings(max_examples=150, deadline=None)
def test_any_continuation_token_leads_to_one_result(token: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.takes_either()
        start_tests.handler(job_event(None, token=token), Context())
        assert aws.report()


@given(answers=st.lists(any_answer, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_any_answers_beside_a_running_state_machine_fit_the_token(answers: list[bytes]) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.stubs["stepfunctions"].add_response("start_execution", {"executionArn": "arn:e", "startDate": "2026-01-01"})
        for answer in answers:
            aws.function(answer)
        aws.takes("success")
        functions = [f"f{number}" for number, _ in enumerate(answers)]
        start_tests.handler(job_event({**ASKED, "functions": [*functions, MACHINE]}), Context())
        assert "continuationToken" in aws.success()
