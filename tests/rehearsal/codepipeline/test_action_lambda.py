"""The Lambda action: the job contract between CodePipeline and a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.codepipeline.context import ActionContext
from tests.rehearsal.codepipeline.action_runner import KEY, ActionRunner, code, message, stubbed
from tests.rehearsal.codepipeline.pipeline_api import ACCOUNT, ROLE, action


class Function:
    """A function that is invoked, and reports when its script says so."""

    def __init__(self, runner: ActionRunner, invocations: int = 1) -> None:
        self.runner = runner
        self.events: list[dict[str, Any]] = []
        client, self.stubber = stubbed("lambda")
        client.meta.events.register("provide-client-params.lambda.Invoke", self._keep)
        for _ in range(invocations):
            self.stubber.add_response("invoke", {"StatusCode": 202})
        runner.clients["lambda"] = client

    def _keep(self, params: dict[str, Any], **_arguments: Any) -> None:
        assert (params["FunctionName"], params["InvocationType"]) == ("tests", "Event")
        self.events.append(json.loads(params["Payload"])["CodePipeline.job"])

    @property
    def job(self) -> str:
        return str(self.events[-1]["id"])

    def succeeds(self, **request: Any) -> Callable[[], object]:
        return lambda: self.runner.api.call("PutJobSuccessResult", jobId=self.job, **request)

    def fails(self, text: str, kind: str = "JobFailed") -> Callable[[], object]:
        details = {"type": kind, "message": text}
        return lambda: self.runner.api.call("PutJobFailureResult", jobId=self.job, failureDetails=details)


def invoke(**fields: Any) -> dict[str, Any]:
    configuration = {"FunctionName": "tests", **fields.pop("configuration", {})}
    return action("Test", category="Invoke", provider="Lambda", configuration=configuration, **fields)


def context(runner: ActionRunner, declared: dict[str, Any], *script: Callable[[], object]) -> ActionContext:
    setting = runner.context(declared, *(runner.artifact(item["name"], {}) for item in declared["inputArtifacts"]))
    runner.clock.script = list(script)
    return setting


def test_a_function_that_reports_success_ends_the_action(runner: ActionRunner) -> None:
    function = Function(runner)
    report = function.succeeds(
        executionDetails={"summary": "7 passed", "externalExecutionId": "run-1"},
        outputVariables={"passed": "7"},
    )
    outcome = runner.start(context(runner, invoke(), report))
    assert (outcome.summary, outcome.external_id, outcome.variables) == (
        "7 passed",
        "run-1",
        {"passed": "7"},
    )


def test_a_function_that_reports_failure_fails_the_action(runner: ActionRunner) -> None:
    function = Function(runner)
    outcome = runner.fails(context(runner, invoke(), function.fails("2 failed", "ConfigurationError")))
    assert (code(outcome), message(outcome)) == ("ConfigurationError", "2 failed")


def test_the_event_is_what_aws_sends(runner: ActionRunner) -> None:
    function = Function(runner)
    declared = invoke(configuration={"UserParameters": "beta"}, inputs=["code"], outputs=["report"])
    outcome = runner.start(context(runner, declared, function.succeeds()))
    (event,) = function.events
    place = outcome.artifacts[0]
    assert event == {
        "id": function.job,
        "accountId": ACCOUNT,
        "data": {
            "actionConfiguration": {"configuration": {"FunctionName": "tests", "UserParameters": "beta"}},
            "inputArtifacts": [
                {
                    "name": "code",
                    "revision": None,
                    "location": {
                        "type": "S3",
                        "s3Location": {"bucketName": "artifacts", "objectKey": "line/code/earlier"},
                    },
                }
            ],
            "outputArtifacts": [
                {
                    "name": "report",
                    "revision": None,
                    "location": {
                        "type": "S3",
                        "s3Location": {"bucketName": "artifacts", "objectKey": place.key},
                    },
                }
            ],
            "artifactCredentials": {
                "accessKeyId": f"key of {ROLE}",
                "secretAccessKey": "secret",
                "sessionToken": "token",
            },
            "encryptionKey": {"id": KEY, "type": "KMS"},
        },
    }


def test_what_is_not_configured_is_not_in_the_event(runner: ActionRunner) -> None:
    runner.key = None
    function = Function(runner)
    runner.start(context(runner, invoke(), function.succeeds()))
    data = function.events[0]["data"]
    assert "encryptionKey" not in data
    assert "continuationToken" not in data
    assert data["actionConfiguration"]["configuration"] == {"FunctionName": "tests"}


def test_the_details_of_a_job_say_where_it_belongs(runner: ActionRunner) -> None:
    function = Function(runner)
    jobs: list[dict[str, Any]] = []

    def look() -> None:
        jobs.append(runner.api.call("GetJobDetails", jobId=function.job)["jobDetails"])

    setting = context(runner, invoke(inputs=["code"]), look, function.succeeds())
    runner.start(setting)
    details = jobs[0]
    assert (details["id"], details["accountId"]) == (function.job, ACCOUNT)
    assert details["data"]["pipelineContext"] == {
        "pipelineName": "line",
        "pipelineArn": setting.pipeline_arn,
        "pipelineExecutionId": setting.execution,
        "stage": {"name": "Go"},
        "action": {"name": "Test", "actionExecutionId": setting.run},
    }


def test_a_continuation_token_calls_the_function_again_with_a_new_job(runner: ActionRunner) -> None:
    function = Function(runner, invocations=3)
    goes_on = function.succeeds(continuationToken="t1", executionDetails={"summary": "half", "percentComplete": 50})
    setting = context(runner, invoke(), goes_on, function.succeeds(continuationToken="t2"), function.succeeds())
    # Between two calls the action pauses, which is a wait as well; the script must not answer then.
    outcome = run_with_pauses(runner, setting)
    assert outcome.error is None
    assert len({event["id"] for event in function.events}) == 3
    assert [event["data"].get("continuationToken") for event in function.events] == [None, "t1", "t2"]


def run_with_pauses(runner: ActionRunner, action_context: ActionContext) -> Any:
    """Start the action, with every second wait being the pause before the next call."""
    steps = runner.clock.script
    runner.clock.script = []
    plain_wait = runner.clock.wait
    waits = iter(range(100))

    def wait(changed: Any, ready: Callable[[], bool], until: Any) -> bool:
        if next(waits) % 2 == 0:
            steps.pop(0)()
        return plain_wait(changed, ready, until)

    runner.clock.wait = wait  # type: ignore[method-assign]  # the fake itself is what is shaped here
    return runner.start(action_context)


@pytest.mark.parametrize("late", [False, True])
def test_silence_for_twenty_minutes_fails_the_action(runner: ActionRunner, late: bool) -> None:
    function = Function(runner)
    setting = context(runner, invoke())
    begun = setting.now()
    outcome = runner.fails(setting)
    assert code(outcome) == "TimeoutError"
    assert "failed to return a result" in message(outcome)
    assert (setting.now() - begun).total_seconds() == 20 * 60
    if late:
        error = runner.api.refused("PutJobSuccessResult", jobId=function.job)
        assert error.code == "InvalidJobStateException"


def test_a_report_that_never_ends_is_ended_after_a_day(runner: ActionRunner) -> None:
    function = Function(runner, invocations=100)
    setting = context(runner, invoke())
    begun = setting.now()

    def wait(changed: Any, ready: Callable[[], bool], until: Any) -> bool:
        del changed
        left = until - runner.clock.now()
        if left > timedelta(minutes=19):
            runner.clock.advance(minutes=19)
            function.succeeds(continuationToken="more")()
        else:
            runner.clock.advance(seconds=left.total_seconds())
        return ready()

    runner.clock.wait = wait  # type: ignore[method-assign]  # the fake itself is what is shaped here
    assert code(runner.fails(setting)) == "TimeoutError"
    assert setting.now() - begun == timedelta(hours=24)


def test_a_function_that_is_not_there_fails_the_action(runner: ActionRunner) -> None:
    function = Function(runner, invocations=0)
    function.stubber.add_client_error("invoke", "ResourceNotFoundException", "no function", 404)
    with pytest.raises(ClientError, match="no function"):
        runner.start(context(runner, invoke()))


def reported(runner: ActionRunner) -> str:
    """A job that was reported on already."""
    function = Function(runner)
    runner.start(context(runner, invoke(), function.succeeds()))
    return function.job


def test_a_job_is_reported_on_once(runner: ActionRunner) -> None:
    job = reported(runner)
    assert runner.api.refused("PutJobSuccessResult", jobId=job).code == "InvalidJobStateException"
    details = {"type": "JobFailed", "message": "late"}
    error = runner.api.refused("PutJobFailureResult", jobId=job, failureDetails=details)
    assert error.code == "InvalidJobStateException"


@pytest.mark.parametrize(
    ("operation", "settings"),
    [
        ("GetJobDetails", {}),
        ("PutJobSuccessResult", {}),
        ("PutJobFailureResult", {"failureDetails": {"type": "JobFailed", "message": "m"}}),
    ],
)
def test_a_job_nobody_gave_is_refused(runner: ActionRunner, operation: str, settings: dict[str, Any]) -> None:
    unknown = "00000000-0000-0000-0000-000000000000"
    assert runner.api.refused(operation, jobId=unknown, **settings).code == "JobNotFoundException"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"continuationToken": "t", "outputVariables": {"a": "1"}}, "ValidationException"),
        ({"outputVariables": {"a": "x" * 122_880}}, "OutputVariablesSizeExceededException"),
        ({"executionDetails": {"summary": ""}}, "ValidationException"),
    ],
)
def test_a_report_has_its_limits(runner: ActionRunner, settings: dict[str, Any], expected: str) -> None:
    function = Function(runner)
    codes: list[str] = []

    def wrong() -> None:
        codes.append(runner.api.refused("PutJobSuccessResult", jobId=function.job, **settings).code)

    runner.start(context(runner, invoke(), wrong, function.succeeds()))
    assert codes == [expected]


def test_failures_have_their_limits(runner: ActionRunner) -> None:
    details = {"type": "JobFailed", "message": ""}
    error = runner.api.refused("PutJobFailureResult", jobId=reported(runner), failureDetails=details)
    assert error.code == "ValidationException"
