"""Both Lambda functions: how they answer CodePipeline, and what they keep to themselves."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from test_runner_lambda import describe_changes, start_tests
from tests.test_runner_lambda.doubles import JOB_ID, SECRETS, Aws, Context, http_ok, job_event

ASKED = {"service": "s", "stage": "beta", "stack": "s-beta", "execution_id": "e", "commit": "c", "functions": ["t"]}
LAMBDAS = pytest.mark.parametrize("module", [start_tests, describe_changes], ids=lambda module: module.__name__)


def is_green(aws: Aws, **outputs: str) -> None:
    aws.stack("s-beta", **outputs)
    aws.function({"passed": 1, "failed": 0})


@pytest.mark.parametrize("code", ["InvalidJobStateException", "JobNotFoundException"])
def test_a_function_that_answered_the_job_itself_has_the_last_word(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.function(None)
        aws.stubs["codepipeline"].add_client_error("put_job_failure_result", code)
        start_tests.handler(job_event(ASKED), Context())
        assert "returned nothing and had not answered the job" in aws.failure()
    assert "a test has answered, or it is too late" in capsys.readouterr().out


@pytest.mark.parametrize("code", ["InvalidJobStateException", "JobNotFoundException"])
def test_an_answer_that_comes_too_late_is_left(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    with Aws(start_tests.client) as aws:
        is_green(aws)
        aws.stubs["codepipeline"].add_client_error("put_job_success_result", code)
        start_tests.handler(job_event(ASKED), Context())
        aws.success()
    assert code in capsys.readouterr().out


def test_a_job_that_cannot_be_answered_is_raised() -> None:
    with Aws(start_tests.client) as aws:
        is_green(aws)
        aws.stubs["codepipeline"].add_client_error("put_job_success_result", "ThrottlingException")
        with pytest.raises(ClientError, match="ThrottlingException"):
            start_tests.handler(job_event(ASKED), Context())
        aws.success()


@LAMBDAS
@pytest.mark.parametrize("code", ["InvalidJobStateException", "JobNotFoundException", "ThrottlingException"])
def test_a_failure_that_cannot_be_told_is_raised_unless_the_job_is_over(module: Any, code: str) -> None:
    with Aws(module.client) as aws:
        aws.stubs["codepipeline"].add_client_error("put_job_failure_result", code)
        if code == "ThrottlingException":
            with pytest.raises(ClientError):
                module.handler(job_event("no JSON"), Context())
        else:
            module.handler(job_event("no JSON"), Context())
        assert aws.failure()


@LAMBDAS
def test_a_passing_fault_of_codepipeline_is_retried(module: Any) -> None:
    statuses = [503, 200]

    def reply(**_: Any) -> Any:
        response: Any = http_ok()
        response.status_code = statuses.pop(0)
        response._content = b"{}"
        return response

    with Aws(module.client) as aws:
        aws.stubs["codepipeline"].deactivate()
        aws.hook("codepipeline", "before-send", reply)
        module.handler(job_event("no JSON"), Context())
    assert statuses == []


@LAMBDAS
@pytest.mark.parametrize("event", [{}, {"CodePipeline.job": {}}, {"CodePipeline.job": None}, [], None])
def test_an_event_without_a_job_raises_and_answers_nothing(module: Any, event: Any) -> None:
    with Aws(module.client) as aws:
        with pytest.raises((KeyError, TypeError)):
            module.handler(event, Context())
        assert [name for name, _ in aws.calls if name.startswith("PutJob")] == []


@LAMBDAS
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, RecursionError, MemoryError])
def test_whatever_is_raised_the_job_is_answered(module: Any, error: type[BaseException]) -> None:
    def fail(*, model: Any, **_: Any) -> None:
        if not model.name.startswith("PutJob"):
            raise error("of all things")

    asked = {**ASKED, "pipeline": "p", "change_set": "c"}
    with Aws(module.client) as aws:
        aws.hook("cloudformation", "provide-client-params", fail)
        aws.hook("codepipeline", "provide-client-params", fail)
        aws.takes("failure")
        module.handler(job_event(asked), Context())
        assert aws.failure() == f"{error.__name__}: of all things"


@LAMBDAS
@pytest.mark.parametrize("parameters", ["no JSON", ASKED])
def test_no_credentials_of_the_event_reach_the_log(
    module: Any, parameters: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with Aws(module.client) as aws:
        aws.takes_either()
        module.handler(job_event(parameters), Context())
    printed = capsys.readouterr().out
    assert ("answering job" in printed) == (module is start_tests)  # the other has nothing to tell
    assert [secret for secret in SECRETS.values() if secret in printed] == []


def test_no_output_of_a_stack_reaches_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with Aws(start_tests.client) as aws:
        is_green(aws, ApiUrl="https://beta", Database="hunter2hunter2")
        aws.takes("success")
        start_tests.handler(job_event({**ASKED, "url": "ApiUrl"}), Context())
    assert "hunter2" not in capsys.readouterr().out


def test_each_step_is_one_line_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.function(b'{"passed": 1, "failed": 0, "summary": "two\\nlines \\ud800"}')
        aws.takes("success")
        start_tests.handler(job_event(ASKED), Context())
    testing, result, answering = capsys.readouterr().out.splitlines()
    assert testing == "testing s-beta with t"
    assert result == "Result(name='t', passed=1, text='two lines ?')"
    assert answering.startswith(f"answering job {JOB_ID}: ")


def test_a_crash_is_one_line_of_the_log_too(capsys: pytest.CaptureFixture[str]) -> None:
    with Aws(start_tests.client) as aws:
        aws.stack("s-beta")
        aws.function({"errorType": "E", "errorMessage": "a\nb"}, FunctionError="Unhandled")
        aws.takes("failure")
        start_tests.handler(job_event(ASKED), Context())
    assert "Result(name='t', passed=0, text='E: a\\nb')" in capsys.readouterr().out.splitlines()


@LAMBDAS
def test_a_client_is_made_once_and_only_when_needed(module: Any) -> None:
    make: Callable[[str], Any] = module.client
    module.client_at_home.cache_clear()
    with pytest.raises(KeyError):
        module.handler({}, Context())
    assert module.client_at_home.cache_info().currsize <= 1
    assert make("codepipeline") is make("codepipeline")
    assert json.dumps(make("codepipeline").meta.region_name) == '"eu-west-1"'
