"""start_tests: the functions it invokes, their answers, and what it makes of them."""

import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from test_runner_lambda import start_tests
from tests.test_runner_lambda.doubles import Aws, Context, http_ok, job_event

ASKED = {"service": "s", "stage": "beta", "stack": "s-beta", "execution_id": "e", "commit": "c"}
ARN = "arn:aws:lambda:eu-west-1:111122223333:function:"
GREEN = {"passed": 3, "failed": 0, "summary": "all fine"}


def answered(answer: Any, result: str, **more: str) -> Aws:
    """What start_tests reports when its one function, called time-tests, answers so."""
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.function(answer, **more)
        aws.takes(result)
        start_tests.handler(job_event({**ASKED, "functions": [f"{ARN}time-tests:7"]}), Context())
    return aws


def many(answers: dict[str, Any], result: str, seconds: float = 900) -> Aws:
    """The same for several functions that answer by their names."""
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.functions(answers)
        aws.takes(result)
        start_tests.handler(job_event({**ASKED, "functions": list(answers)}), Context(seconds))
    return aws


def hanging() -> threading.Thread:
    """The one thread that still waits for a function."""
    (thread,) = [thread for thread in threading.enumerate() if thread.name.endswith("(invoke)")]
    return thread


def test_a_green_answer_is_a_success_with_counts_and_summary() -> None:
    details = answered({"passed": 12, "failed": 0, "summary": "smoke and contract"}, "success").success()
    assert details["outputVariables"] == {"Passed": "12", "Failed": "0", "Summary": "smoke and contract"}
    assert details["executionDetails"] == {"summary": "12 passed, 0 failed: smoke and contract"}


@pytest.mark.parametrize("summary", [{}, {"summary": None}, {"summary": ""}, {"summary": "\x00\n"}])
def test_a_missing_summary_is_said_in_words_since_a_variable_must_not_be_empty(summary: dict[str, Any]) -> None:
    details = answered({"passed": 1, "failed": 0, **summary}, "success").success()
    assert details["outputVariables"]["Summary"] == "no summary"


def test_a_summary_becomes_one_line_without_control_characters() -> None:
    summary = "first\r\nsecond\tthird\x07\x1b[31m\u2028fourth\x85 end "
    details = answered({**GREEN, "summary": summary}, "success").success()
    assert details["outputVariables"]["Summary"] == "first second third [31m fourth end"


@pytest.mark.parametrize(("letter", "room"), [("x", 200), ("\u00e9", 200), ("\U0001f600", 100)])
def test_a_long_summary_is_cut_at_200_utf_16_units(letter: str, room: int) -> None:
    details = answered({**GREEN, "summary": letter * 300}, "success").success()
    assert details["outputVariables"]["Summary"] == letter * room


def test_lone_surrogates_which_no_request_can_carry_are_replaced() -> None:
    details = answered(b'{"passed": 1, "failed": 0, "summary": "a\\ud800b"}', "success").success()
    assert details["outputVariables"]["Summary"] == "a?b"


def test_failed_tests_are_a_failure_with_counts_and_summary() -> None:
    answer = {"passed": 10, "failed": 2, "summary": "test_clock, test_zone"}
    expected = "time-tests: 2 failed, 10 passed: test_clock, test_zone"
    assert answered(answer, "failure").failure() == expected


def test_nothing_run_is_a_failure() -> None:
    answer = {"passed": 0, "failed": 0, "summary": "collected nothing"}
    expected = "time-tests: 0 failed, 0 passed: collected nothing"
    assert answered(answer, "failure").failure() == expected


@pytest.mark.parametrize("answer", [b"", b"null", b'""'])
def test_returning_nothing_without_having_answered_is_a_failure(answer: bytes) -> None:
    expected = "time-tests: returned nothing and had not answered the job"
    assert answered(answer, "failure").failure() == expected


@pytest.mark.parametrize(
    "answer",
    [
        b"Complete.",
        b"{'passed': 1}",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[3, 0]",
        b"7",
        b"true",
        b"{}",
        b'{"passed": 3}',
        b'{"failed": 0}',
        b'{"passed": true, "failed": false}',
        b'{"passed": "3", "failed": 0}',
        b'{"passed": 3.0, "failed": 0}',
        b'{"passed": 1e3, "failed": 0}',
        b'{"passed": NaN, "failed": 0}',
        b'{"passed": -1, "failed": 0}',
        b'{"passed": 3, "failed": -1}',
        b'{"passed": 3, "failed": null}',
        b'{"passed": 1' + b"0" * 4000 + b', "failed": 0}',
        b'{"passed": 1' + b"0" * 5000 + b', "failed": 0}',
    ],
    ids=lambda answer: answer[:30].decode("ascii", "replace"),
)
def test_an_answer_without_two_whole_counts_is_a_failure_that_shows_it(answer: bytes) -> None:
    message = answered(answer, "failure").failure()
    shown = answer.decode("utf-8", "replace")[:200]
    assert message == f'time-tests: returned {shown}; wanted: {{"passed": 1, "failed": 0}}'


@pytest.mark.parametrize("trace", [{"stackTrace": ["a\n", "b\n"]}, {"trace": ["a", "b"]}, {"stackTrace": 3}, {}])
def test_a_function_that_raised_shows_its_error_and_leaves_the_trace_to_its_log(trace: dict[str, Any]) -> None:
    crash = {"errorType": "AssertionError", "errorMessage": "clock is wrong", **trace}
    message = answered(crash, "failure", FunctionError="Unhandled").failure()
    assert message == "time-tests: AssertionError: clock is wrong"


def test_a_function_that_timed_out_says_so() -> None:
    crash = {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: 1 Error: Task timed out after 900.00 seconds"}
    message = answered(crash, "failure", FunctionError="Unhandled").failure()
    assert "Sandbox.Timedout: RequestId: 1 Error: Task timed out after 900.00 seconds" in message


@pytest.mark.parametrize("body", [b"segmentation fault", b'"segmentation fault"'])
def test_a_crash_that_is_told_in_no_known_form_is_shown_as_it_is(body: bytes) -> None:
    message = answered(body, "failure", FunctionError="Unhandled").failure()
    assert message == f"time-tests: failed: {body.decode()}"


def test_of_a_long_error_the_beginning_is_kept_on_one_line() -> None:
    crash = {"errorType": "E", "errorMessage": "begin\n" + "m" * 9000}
    message = answered(crash, "failure", FunctionError="Unhandled").failure()
    assert message.startswith("time-tests: E: begin mmm")
    assert len(message) == len("time-tests: ") + 1500


@pytest.mark.parametrize(
    "code",
    ["ResourceNotFoundException", "AccessDeniedException", "SnapStartException"],
)
def test_a_function_that_cannot_be_invoked_fails_with_aws_s_words(code: str) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.stubs["lambda"].add_client_error("invoke", code, "in AWS's words")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": ["time-tests"]}), Context())
        message = aws.failure()
    assert message.startswith("time-tests: ")
    assert message.endswith(f"An error occurred ({code}) when calling the Invoke operation: in AWS's words")


def test_a_throttled_function_has_not_run_and_is_invoked_again() -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.stubs["lambda"].add_client_error("invoke", "TooManyRequestsException", "Rate Exceeded.")
        aws.function({"passed": 1, "failed": 0, "summary": "ran at last"})
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "functions": ["time-tests"]}), Context())
        assert len(aws.called("Invoke")) == 2


def test_a_function_that_stays_throttled_is_told_in_aws_s_words() -> None:
    done: dict[str, Any] = {}
    with Aws(start_tests.client) as aws:
        for _ in range(3):
            aws.stubs["lambda"].add_client_error("invoke", "TooManyRequestsException", "Rate Exceeded.")
        start_tests.invoke(aws.clients["lambda"], "time-tests", "{}", done, (0, 0))
    assert done["time-tests"].passed == 0
    assert done["time-tests"].text.endswith("when calling the Invoke operation: Rate Exceeded.")


def test_a_test_that_was_itself_refused_for_its_rate_is_not_run_again() -> None:
    crash = {"errorType": "TooManyRequestsException", "errorMessage": "Rate Exceeded."}
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.function(crash, FunctionError="Unhandled")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": ["time-tests"]}), Context())
        assert len(aws.called("Invoke")) == 1


@pytest.mark.parametrize("error", [ReadTimeoutError, ConnectTimeoutError, EndpointConnectionError])
def test_a_connection_that_fails_is_told_by_its_name(error: type[Any]) -> None:
    def fail() -> None:
        raise error(endpoint_url="https://lambda")

    message = many({"time-tests": fail}, "failure").failure()
    assert message.startswith(f"time-tests: {error.__name__}: ")


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, MemoryError])
def test_whatever_is_raised_in_a_thread_becomes_the_function_s_result(error: type[BaseException]) -> None:
    def fail() -> None:
        raise error("of all things")

    assert many({"time-tests": fail}, "failure").failure() == f"time-tests: {error.__name__}: of all things"


def test_several_functions_run_side_by_side() -> None:
    together = threading.Barrier(3, timeout=120)

    def meet() -> dict[str, Any]:
        together.wait()  # raises after the timeout, unless all three are here at once
        return GREEN

    assert many({"a": meet, "b": meet, "c": meet}, "success").success()["outputVariables"]["Passed"] == "9"


def test_counts_of_several_functions_are_added_and_summaries_joined_with_names() -> None:
    answers = {
        f"{ARN}api": lambda: {"passed": 4, "failed": 0, "summary": "routes"},
        "web:live": lambda: {"passed": 5, "failed": 0},
    }
    details = many(answers, "success").success()
    assert details["outputVariables"] == {"Passed": "9", "Failed": "0", "Summary": "api: routes; web: no summary"}
    assert details["executionDetails"]["summary"] == "9 passed, 0 failed: api: routes; web: no summary"


def test_a_function_that_is_named_twice_runs_once() -> None:
    calls = []

    def count() -> dict[str, Any]:
        calls.append(1)
        return GREEN

    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.functions({"api": count})
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "functions": ["api", "api"]}), Context())
        assert aws.success()["outputVariables"]["Passed"] == "3"
    assert calls == [1]


def test_every_function_that_did_not_pass_is_named() -> None:
    answers = {
        "api": lambda: {"passed": 4, "failed": 1, "summary": "one"},
        "good": lambda: GREEN,
        "web": lambda: None,
    }
    message = "api: 1 failed, 4 passed: one; web: returned nothing and had not answered the job"
    assert many(answers, "failure").failure() == message


@pytest.mark.parametrize("letter", ["m", "\U0001f600"])
def test_a_message_over_5000_characters_is_cut(letter: str) -> None:
    answers = {name: lambda: {"passed": 0, "failed": 1, "summary": letter * 3000} for name in "abcde"}
    message = many(answers, "failure").failure()
    assert len(message.encode("utf-16-le")) // 2 in (4999, 5000)
    assert "; c: 1 failed" in message


def test_a_function_that_hangs_is_not_waited_for_when_time_is_nearly_up() -> None:
    over = threading.Event()

    def hang() -> dict[str, Any]:
        over.wait()
        return GREEN

    answers = {"slow": hang, "good": lambda: GREEN, "bad": lambda: {"passed": 0, "failed": 1}}
    report = many(answers, "failure", start_tests.ANSWER_SECONDS + 0.3)
    thread = hanging()
    assert thread.daemon  # else Lambda's runtime would wait for it at its end
    over.set()
    thread.join(120)
    message = report.failure()
    assert message.split("; ") == [
        "slow: had not answered when start_tests, its own time nearly up, had to",
        "bad: 1 failed, 0 passed: no summary",
    ]


def test_with_no_time_left_at_all_the_job_is_answered_at_once() -> None:
    over = threading.Event()
    message = many({"slow": over.wait}, "failure", seconds=0).failure()
    thread = hanging()
    over.set()
    thread.join(120)
    assert message.startswith("slow: had not answered")


def test_an_invocation_is_never_sent_twice_and_may_take_longer_than_900_seconds() -> None:
    sent = []

    def refuse(**_: Any) -> Any:
        sent.append(1)
        response: Any = http_ok()
        response.status_code = 500
        response._content = json.dumps({"message": "down"}).encode()
        return response

    with Aws(start_tests.client) as aws:
        aws.stubs["lambda"].deactivate()
        aws.hook("lambda", "before-send", refuse)
        aws.stack("s-beta")
        aws.takes("failure")
        start_tests.handler(job_event({**ASKED, "functions": ["time-tests"]}), Context())
    assert len(sent) == 1
    config = start_tests.client("lambda").meta.config
    assert config.read_timeout > 900
    assert config.connect_timeout <= 10
    assert config.tcp_keepalive
