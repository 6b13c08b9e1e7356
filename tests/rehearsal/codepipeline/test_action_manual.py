"""The approval action: asked, answered, too late."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.execution import ActionWaiting
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionAbandonedError
from tests.rehearsal.codepipeline.action_runner import ActionRunner, code, message, stubbed
from tests.rehearsal.codepipeline.pipeline_api import CALLER, action

TOPIC = "arn:aws:sns:eu-west-1:123456789012:approvals"


def approval(**fields: Any) -> dict[str, Any]:
    return action("Ask", category="Approval", provider="Manual", **fields)


def token(runner: ActionRunner) -> str:
    return str(runner.api.state("Go")["actionStates"][0]["latestExecution"]["token"])


def answer(runner: ActionRunner, status: str, summary: str = "", **changes: str) -> dict[str, Any]:
    request: dict[str, Any] = {"pipelineName": "line", "stageName": "Go", "actionName": "Ask"}
    result = {"status": status, "summary": summary}
    approval_request = {**request, "token": token(runner), **changes, "result": result}
    return runner.api.call("PutApprovalResult", **approval_request)


def asked(runner: ActionRunner, declared: dict[str, Any], *script: Any) -> ActionContext:
    runner.clock.script = list(script)
    return runner.context(declared)


def test_an_approval_waits_for_its_answer(runner: ActionRunner) -> None:
    context = asked(runner, approval(), lambda: answer(runner, "Approved", "looks good"))
    outcome = runner.start(context)
    assert (outcome.summary, outcome.answered_by, outcome.error) == ("looks good", CALLER.arn, None)


def test_a_rejection_fails_the_action_and_says_who(runner: ActionRunner) -> None:
    context = asked(runner, approval(), lambda: answer(runner, "Rejected", "not on Friday"))
    outcome = runner.fails(context)
    assert code(outcome) == "ApprovalRejected"
    assert message(outcome) == f"Rejected by {CALLER.arn}: not on Friday"


@pytest.mark.parametrize(("settings", "minutes"), [({}, 10080), ({"timeoutInMinutes": 5}, 5)])
def test_nobody_answering_in_time_fails_the_action(
    runner: ActionRunner, settings: dict[str, int], minutes: int
) -> None:
    context = asked(runner, approval(**settings))
    begun = context.now()
    outcome = runner.fails(context)
    assert code(outcome) == "TimeoutError"
    assert (context.now() - begun).total_seconds() == minutes * 60


def test_whoever_watches_is_told_what_to_answer(runner: ActionRunner) -> None:
    configuration = {"CustomData": "3 tests passed", "ExternalEntityLink": "https://gamma"}
    context = asked(runner, approval(configuration=configuration), lambda: answer(runner, "Approved"))
    runner.start(context)
    (waiting,) = [event for event in runner.api.events if isinstance(event, ActionWaiting)]
    assert (waiting.message, waiting.link) == ("3 tests passed", "https://gamma")
    assert len(waiting.token) == 36


def test_the_topic_is_told_in_aws_form(runner: ActionRunner) -> None:
    client, stubber = stubbed("sns")
    mail: dict[str, Any] = {}

    def keep(params: dict[str, Any], **_arguments: Any) -> None:
        mail.update(params)

    client.meta.events.register("provide-client-params.sns.Publish", keep)
    stubber.add_response("publish", {"MessageId": "1"})
    runner.clients["sns"] = client
    configuration = {"NotificationArn": TOPIC, "CustomData": "look"}
    context = asked(runner, approval(configuration=configuration), lambda: answer(runner, "Approved"))
    runner.start(context)
    assert mail["TopicArn"] == TOPIC
    assert mail["Subject"] == "APPROVAL NEEDED: AWS CodePipeline line for action Ask"
    approval_said = json.loads(mail["Message"])["approval"]
    assert approval_said["approvalReviewLink"].endswith(f"/approve/{approval_said['token']}")
    assert {k: approval_said[k] for k in ("pipelineName", "stageName", "actionName", "customData", "expires")} == {
        "pipelineName": "line",
        "stageName": "Go",
        "actionName": "Ask",
        "customData": "look",
        "expires": "2026-01-09T03:04Z",
    }


def test_an_approval_that_is_given_up_stops_waiting(runner: ActionRunner) -> None:
    def stop() -> None:
        execution = runner.api.begun[-1].execution.id
        runner.api.call("StopPipelineExecution", pipelineName="line", pipelineExecutionId=execution, abandon=True)

    context = asked(runner, approval(), stop)
    with pytest.raises(ActionAbandonedError):
        runner.start(context)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"token": "00000000-0000-0000-0000-000000000000"}, "InvalidApprovalTokenException"),
        ({"stageName": "Nowhere"}, "StageNotFoundException"),
        ({"actionName": "Nobody"}, "ActionNotFoundException"),
        ({"pipelineName": "none"}, "PipelineNotFoundException"),
    ],
)
def test_an_answer_to_something_else_is_refused(runner: ActionRunner, settings: dict[str, str], expected: str) -> None:
    refused: list[str] = []

    def wrong() -> None:
        request = {"pipelineName": "line", "stageName": "Go", "actionName": "Ask", "token": token(runner)}
        result = {"status": "Approved", "summary": ""}
        error = runner.api.refused("PutApprovalResult", **{**request, **settings, "result": result})
        refused.append(error.code)

    runner.start(asked(runner, approval(), wrong, lambda: answer(runner, "Approved")))
    assert refused == [expected]


def test_an_answer_is_final(runner: ActionRunner) -> None:
    refused: list[str] = []

    def twice() -> None:
        approval_token = token(runner)
        answer(runner, "Approved")
        request = {"pipelineName": "line", "stageName": "Go", "actionName": "Ask", "token": approval_token}
        result = {"status": "Rejected", "summary": ""}
        refused.append(runner.api.refused("PutApprovalResult", **request, result=result).code)

    assert runner.start(asked(runner, approval(), twice)).error is None
    assert refused == ["ApprovalAlreadyCompletedException"]


def test_the_token_is_shown_only_while_it_can_be_used(runner: ActionRunner) -> None:
    runner.start(asked(runner, approval(), lambda: answer(runner, "Approved")))
    assert "token" not in runner.api.state("Go")["actionStates"][0]["latestExecution"]
