"""The Lambda action: the job contract between CodePipeline and a function."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.codepipeline.context import ActionContext
from tests.rehearsal.codepipeline.bench import ACCOUNT, ROLE, action
from tests.rehearsal.codepipeline.workshop import KEY, Workshop, code, message, stubbed


class Function:
    """A function that is invoked, and reports when its script says so."""

    def __init__(self, workshop: Workshop, invocations: int = 1) -> None:
        self.workshop = workshop
        self.events: list[dict[str, Any]] = []
        client, self.stubber = stubbed("lambda")
        client.meta.events.register("provide-client-params.lambda.Invoke", self._keep)
        for _ in range(invocations):
            self.stubber.add_response("invoke", {"StatusCode": 202})
        workshop.clients["lambda"] = client

    def _keep(self, params: dict[str, Any], **_arguments: Any) -> None:
        assert (params["FunctionName"], params["InvocationType"]) == ("tests", "Event")
        self.events.append(json.loads(params["Payload"])["CodePipeline.job"])

    @property
    def job(self) -> str:
        return str(self.events[-1]["id"])

    def succeeds(self, **request: Any) -> Callable[[], object]:
        return lambda: self.workshop.bench.call("PutJobSuccessResult", jobId=self.job, **request)

    def fails(self, text: str, kind: str = "JobFailed") -> Callable[[], object]:
        details = {"type": kind, "message": text}
        return lambda: self.workshop.bench.call("PutJobFailureResult", jobId=self.job, failureDetails=details)


def invoke(**fields: Any) -> dict[str, Any]:
    configuration = {"FunctionName": "tests", **fields.pop("configuration", {})}
    return action("Test", category="Invoke", provider="Lambda", configuration=configuration, **fields)


def context(workshop: Workshop, declared: dict[str, Any], *script: Callable[[], object]) -> ActionContext:
    setting = workshop.context(declared, *(workshop.artifact(item["name"], {}) for item in declared["inputArtifacts"]))
    workshop.clock.script = list(script)
    return setting


def test_a_function_that_reports_success_ends_the_action(workshop: Workshop) -> None:
    function = Function(workshop)
    report = function.succeeds(
        executionDetails={"summary": "7 passed", "externalExecutionId": "run-1"},
        outputVariables={"passed": "7"},
    )
    outcome = workshop.start(context(workshop, invoke(), report))
    assert (outcome.summary, outcome.external_id, outcome.variables) == (
        "7 passed",
        "run-1",
        {"passed": "7"},
    )


def test_a_function_that_reports_failure_fails_the_action(workshop: Workshop) -> None:
    function = Function(workshop)
    outcome = workshop.fails(context(workshop, invoke(), function.fails("2 failed", "ConfigurationError")))
    assert (code(outcome), message(outcome)) == ("ConfigurationError", "2 failed")


def test_the_event_is_what_aws_sends(workshop: Workshop) -> None:
    function = Function(workshop)
    declared = invoke(configuration={"UserParameters": "beta"}, inputs=["code"], outputs=["report"])
    outcome = workshop.start(context(workshop, declared, function.succeeds()))
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


def test_what_is_not_configured_is_not_in_the_event(workshop: Workshop) -> None:
    workshop.key = None
    function = Function(workshop)
    workshop.start(context(workshop, invoke(), function.succeeds()))
    data = function.events[0]["data"]
    assert "encryptionKey" not in data
    assert "continuationToken" not in data
    assert data["actionConfiguration"]["configuration"] == {"FunctionName": "tests"}


def test_the_details_of_a_job_say_where_it_belongs(workshop: Workshop) -> None:
    function = Function(workshop)
    jobs: list[dict[str, Any]] = []

    def look() -> None:
        jobs.append(workshop.bench.call("GetJobDetails", jobId=function.job)["jobDetails"])

    setting = context(workshop, invoke(inputs=["code"]), look, function.succeeds())
    workshop.start(setting)
    details = jobs[0]
    assert (details["id"], details["accountId"]) == (function.job, ACCOUNT)
    assert details["data"]["pipelineContext"] == {
        "pipelineName": "line",
        "pipelineArn": setting.pipeline_arn,
        "pipelineExecutionId": setting.execution,
        "stage": {"name": "Go"},
        "action": {"name": "Test", "actionExecutionId": setting.run},
    }


def test_a_continuation_token_calls_the_function_again_with_a_new_job(workshop: Workshop) -> None:
    function = Function(workshop, invocations=3)
    goes_on = function.succeeds(continuationToken="t1", executionDetails={"summary": "half", "percentComplete": 50})
    setting = context(workshop, invoke(), goes_on, function.succeeds(continuationToken="t2"), function.succeeds())
    # Between two calls the action pauses, which is a wait as well; the script must not answer then.
    outcome = run_with_pauses(workshop, setting)
    assert outcome.error is None
    assert len({event["id"] for event in function.events}) == 3
    assert [event["data"].get("continuationToken") for event in function.events] == [None, "t1", "t2"]


def run_with_pauses(workshop: Workshop, context: ActionContext) -> Any:
    """Start the action, with every second wait being the pause before the next call."""
    steps = workshop.clock.script
    workshop.clock.script = []
    plain_wait = workshop.clock.wait
    waits = iter(range(100))

    def wait(changed: Any, ready: Callable[[], bool], until: Any) -> bool:
        if next(waits) % 2 == 0:
            steps.pop(0)()
        return plain_wait(changed, ready, until)

    workshop.clock.wait = wait  # type: ignore[method-assign]  # the fake itself is what is shaped here
    return workshop.start(context)


@pytest.mark.parametrize("late", [False, True])
def test_silence_for_twenty_minutes_fails_the_action(workshop: Workshop, late: bool) -> None:
    function = Function(workshop)
    setting = context(workshop, invoke())
    begun = setting.now()
    outcome = workshop.fails(setting)
    assert code(outcome) == "TimeoutError"
    assert "failed to return a result" in message(outcome)
    assert (setting.now() - begun).total_seconds() == 20 * 60
    if late:
        error = workshop.bench.refused("PutJobSuccessResult", jobId=function.job)
        assert error.code == "InvalidJobStateException"


def test_a_report_that_never_ends_is_ended_after_a_day(workshop: Workshop) -> None:
    function = Function(workshop, invocations=100)
    setting = context(workshop, invoke())
    begun = setting.now()

    def wait(changed: Any, ready: Callable[[], bool], until: Any) -> bool:
        del changed
        left = until - workshop.clock.now()
        if left > timedelta(minutes=19):
            workshop.clock.advance(minutes=19)
            function.succeeds(continuationToken="more")()
        else:
            workshop.clock.advance(seconds=left.total_seconds())
        return ready()

    workshop.clock.wait = wait  # type: ignore[method-assign]  # the fake itself is what is shaped here
    assert code(workshop.fails(setting)) == "TimeoutError"
    assert setting.now() - begun == timedelta(hours=24)


def test_a_function_that_is_not_there_fails_the_action(workshop: Workshop) -> None:
    function = Function(workshop, invocations=0)
    function.stubber.add_client_error("invoke", "ResourceNotFoundException", "no function", 404)
    with pytest.raises(ClientError, match="no function"):
        workshop.start(context(workshop, invoke()))


def reported(workshop: Workshop) -> str:
    """A job that was reported on already."""
    function = Function(workshop)
    workshop.start(context(workshop, invoke(), function.succeeds()))
    return function.job


def test_a_job_is_reported_on_once(workshop: Workshop) -> None:
    job = reported(workshop)
    assert workshop.bench.refused("PutJobSuccessResult", jobId=job).code == "InvalidJobStateException"
    details = {"type": "JobFailed", "message": "late"}
    error = workshop.bench.refused("PutJobFailureResult", jobId=job, failureDetails=details)
    assert error.code == "InvalidJobStateException"


@pytest.mark.parametrize(
    ("operation", "settings"),
    [
        ("GetJobDetails", {}),
        ("PutJobSuccessResult", {}),
        ("PutJobFailureResult", {"failureDetails": {"type": "JobFailed", "message": "m"}}),
    ],
)
def test_a_job_nobody_gave_is_refused(workshop: Workshop, operation: str, settings: dict[str, Any]) -> None:
    unknown = "00000000-0000-0000-0000-000000000000"
    assert workshop.bench.refused(operation, jobId=unknown, **settings).code == "JobNotFoundException"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"continuationToken": "t", "outputVariables": {"a": "1"}}, "ValidationException"),
        ({"outputVariables": {"a": "x" * 122_880}}, "OutputVariablesSizeExceededException"),
        ({"executionDetails": {"summary": ""}}, "ValidationException"),
    ],
)
def test_a_report_has_its_limits(workshop: Workshop, settings: dict[str, Any], expected: str) -> None:
    function = Function(workshop)
    codes: list[str] = []

    def wrong() -> None:
        codes.append(workshop.bench.refused("PutJobSuccessResult", jobId=function.job, **settings).code)

    workshop.start(context(workshop, invoke(), wrong, function.succeeds()))
    assert codes == [expected]


def test_failures_have_their_limits(workshop: Workshop) -> None:
    details = {"type": "JobFailed", "message": ""}
    error = workshop.bench.refused("PutJobFailureResult", jobId=reported(workshop), failureDetails=details)
    assert error.code == "ValidationException"
