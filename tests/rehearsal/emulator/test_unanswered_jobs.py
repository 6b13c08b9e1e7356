"""Who waits for the answer of a function hears at once when there will be none, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from generator.rehearsal.emulator.functions.jobs import NOT_REHEARSED, Jobs
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.emulator.ledger import Ledger
from generator.rehearsal.iam.question import Answer, Question
from tests.rehearsal.emulator.stacks import Stack, role_trust

ROLE = "arn:aws:iam::123456789012:role/path/tests"
SESSION = "arn:aws:sts::123456789012:assumed-role/tests/session"
JOB = {"CodePipeline.job": {"id": "job-1"}}
RAISED = {"error": True, "body": {"errorType": "ValueError", "errorMessage": "boom"}}
SILENT = "The AWS Lambda function it failed to return a result, as CodePipeline would say after 20 minutes of silence: "


class Watched:
    """A function whose invocations end as the answers say, one after the other, and what was given up for it."""

    def __init__(self, *answers: Mapping[str, Any], retries: int | None = 0, refused: str = "") -> None:
        self.ledger = Ledger()
        self.given_up: list[tuple[str, str]] = []
        self._answers = iter(answers)
        self._refused = refused
        config = {"FunctionName": "it", "Role": ROLE}
        self._function = {"config": config, "event_invoke_config": {"MaximumRetryAttempts": retries}}
        self.left: list[str] = []
        jobs = Jobs(self.ledger, lambda job, why: self.given_up.append((job, why)), self.left.append)
        self._run = jobs.watching(self._answer)

    def _answer(self, _function: Mapping[str, Any], _event: Any, _request_id: str) -> dict[str, Any]:
        if self._refused:
            question = Question(SESSION, f"codepipeline:{self._refused}")
            self.ledger.denied(question, Answer(allowed=False, why=f"not authorized to perform {self._refused}"))
        return dict(next(self._answers))

    def invoke(self, event: Any = JOB) -> list[tuple[str, str]]:
        self._run(self._function, event, "request-1")
        return self.given_up


def test_a_function_that_failed_and_is_not_run_again_answers_no_more() -> None:
    assert Watched(RAISED).invoke() == [("job-1", f"{SILENT}ValueError: boom")]


def test_a_function_that_lambda_runs_again_may_still_answer() -> None:
    watched = Watched(RAISED, RAISED, RAISED, retries=None)
    assert [len(watched.invoke()) for _ in range(3)] == [0, 0, 1]


@pytest.mark.parametrize("answer", [{"body": None}, RAISED], ids=["ended well", "failed"])
def test_a_function_whose_answer_is_refused_is_not_waited_for(answer: Mapping[str, Any]) -> None:
    watched = Watched(answer, retries=2, refused="PutJobSuccessResult")
    assert watched.invoke() == [("job-1", f"{SILENT}not authorized to perform PutJobSuccessResult")]


def test_another_refusal_is_no_reason() -> None:
    assert Watched({"body": None}, refused="GetPipeline").invoke() == []


def test_a_function_that_cannot_be_run_is_not_waited_for() -> None:
    unable = {"error": True, "body": {"errorType": NOT_REHEARSED, "errorMessage": "no room"}}
    assert Watched(unable, retries=2).invoke() == [("job-1", "The AWS Lambda function it was not run: no room")]


def test_a_function_that_ended_well_may_have_passed_its_job_on() -> None:
    watched = Watched({"body": {}})
    assert (watched.invoke(), watched.left) == ([], ["job-1"])


def test_a_function_that_is_run_again_has_not_left_its_job() -> None:
    watched = Watched(RAISED, retries=2)
    assert (watched.invoke(), watched.left) == ([], [])


def test_an_event_without_a_job_is_nobodys_business() -> None:
    assert Watched(RAISED).invoke({"a": 1}) == []


FAILING = "def handler(event, context):\n    raise ValueError('no ' + event['RequestType'])"


def test_a_custom_resource_whose_function_fails_fails_at_once(emulator: Emulator) -> None:
    function = {
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Code": {"ZipFile": FAILING},
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
    }
    stack = Stack(
        emulator,
        {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": role_trust("lambda")}},
            "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
            "Made": {
                "Type": "Custom::Thing",
                "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}},
            },
        },
    )
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any("ended without an answer: ValueError: no Create" in reason for reason in stack.failures)
