"""A job that its function left open is followed until it is answered, or nothing is at work that could answer it."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.functions.left_jobs import LeftJobs, at_work
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.codepipeline.emulated_pipeline import EmulatedPipeline
from tests.rehearsal.emulator.stacks import role_trust


class Pipelines:
    """One job; `answered` by somebody, or `left`."""

    def __init__(self) -> None:
        self.answered = threading.Event()
        self.left = threading.Event()

    def waits_for(self, _job: str) -> bool:
        return not self.answered.is_set() and not self.left.is_set()

    def leave(self, _job: str) -> None:
        self.left.set()


class Quiet:
    """An account in which nothing is at work."""

    def get_paginator(self, _operation: str) -> Quiet:
        return self

    def paginate(self) -> Iterator[dict[str, Any]]:
        yield {"stateMachines": [], "Schedules": [], "Rules": []}

    def list_builds(self) -> dict[str, Any]:
        return {"ids": []}


def followed(pipelines: Pipelines, busy: threading.Event) -> None:
    LeftJobs(lambda _service: Quiet(), lambda: pipelines, busy.is_set, quiet=0.1).follow("job")


def test_a_job_is_left_once_all_is_quiet() -> None:
    pipelines = Pipelines()
    followed(pipelines, threading.Event())
    assert pipelines.left.wait(60)


def test_a_job_is_not_left_while_a_function_runs() -> None:
    pipelines, busy = Pipelines(), threading.Event()
    busy.set()
    followed(pipelines, busy)
    assert not pipelines.left.wait(1.5)
    busy.clear()
    assert pipelines.left.wait(60)


def test_a_job_that_is_answered_is_followed_no_more() -> None:
    pipelines = Pipelines()
    pipelines.answered.set()
    followed(pipelines, threading.Event())
    assert not any(thread.name == "left-job" for thread in threading.enumerate())


WAITING = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}}


def at(emulator: Emulator, part: str) -> list[str]:
    """What is at work with this in its name: other tests have things at work, too."""
    return [name for name in at_work(emulator.client) if part in name]


@pytest.fixture
def role(emulator: Emulator) -> Iterator[str]:
    iam = emulator.client("iam")
    answer = iam.create_role(RoleName="left-jobs", AssumeRolePolicyDocument=json.dumps(role_trust("states")))
    yield answer["Role"]["Arn"]
    iam.delete_role(RoleName="left-jobs")


def test_what_could_answer_later_counts_as_at_work(emulator: Emulator, role: str) -> None:
    assert at(emulator, "left-jobs") == []
    states, sqs, events = (emulator.client(name) for name in ("stepfunctions", "sqs", "events"))
    machine = states.create_state_machine(name="left-jobs", definition=json.dumps(WAITING), roleArn=role)
    execution = states.start_execution(stateMachineArn=machine["stateMachineArn"])["executionArn"]
    queue = sqs.create_queue(QueueName="left-jobs")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="{}", DelaySeconds=900)
    rule = events.put_rule(Name="left-jobs", ScheduleExpression="rate(1 hour)")["RuleArn"]
    assert at(emulator, "left-jobs") == [execution, queue, rule]
    states.stop_execution(executionArn=execution)
    sqs.delete_queue(QueueUrl=queue)
    events.disable_rule(Name="left-jobs")
    assert at(emulator, "left-jobs") == []
    events.delete_rule(Name="left-jobs")
    states.delete_state_machine(stateMachineArn=machine["stateMachineArn"])


@pytest.mark.slow
def test_a_job_that_was_handed_on_is_waited_for_and_one_that_was_left_is_red(tmp_path: Path) -> None:
    """In an emulator of its own: whatever another test leaves at work could answer, too."""
    with Emulator({**os.environ, "TMPDIR": str(tmp_path)}) as emulator:
        emulated = EmulatedPipeline(emulator, "left", tmp_path)
        words = {"HandOn": "hand on", "Leave": "leave"}
        stages = (
            {"name": name, "actions": [{**emulated.tests(word, 1), "namespace": name}]} for name, word in words.items()
        )
        execution = emulated.create(*stages)
        assert emulated.ended(execution)["status"] == "Failed"
        handed_on, left = (emulated.latest(name, "Test") for name in ("HandOn", "Leave"))
    assert (handed_on["status"], handed_on["summary"]) == ("Succeeded", "3 passed later")
    assert left["status"] == "Failed"
    assert "returned without calling PutJobSuccessResult" in left["errorDetails"]["message"]
