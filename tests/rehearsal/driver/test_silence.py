"""Nothing is waited for in silence: what is known at once ends at once, all else says what it waits for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.driver.waits import Waits
from generator.rehearsal.emulator.functions.python_environment import interpreter_for, python_environment
from generator.rehearsal.emulator.handle import Emulator
from generator.repository.cache.folder import cache_folder
from tests.rehearsal.caches import own_cache
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small, template_data

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_an_answer_that_the_role_may_not_give_is_red_at_once(stage: Stage) -> None:
    file = Small("unheard").commit(stage.folder / "unheard")
    data = template_data(file)
    answers = ["codepipeline:PutJobFailureResult", "codepipeline:PutJobSuccessResult"]
    text = json.dumps(data)
    assert json.dumps(answers) in text
    outcome = stage.rehearse_file(file, text.replace(json.dumps(answers), '["codepipeline:GetPipeline"]')).outcome
    assert (outcome.status, outcome.stage, outcome.action) == ("Failed", "Beta", "Test")
    assert "failed to return a result" in outcome.reason
    assert "not authorized to perform: codepipeline:PutJobSuccessResult" in outcome.reason


@pytest.mark.slow
def test_an_environment_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    cache = own_cache(tmp_path / "cache")
    environ = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    result = python_environment(cache_folder(os.environ), interpreter_for("python3.13", os.environ))
    # It is not there, and what is to be the lock of its making is a folder.
    for name in (result.name, f"{result.name}.lock"):
        (cache / "penstock" / name).unlink()
    (cache / "penstock" / f"{result.name}.lock").mkdir()
    with Emulator(environ) as emulator:
        outcome = Stage(emulator, tmp_path).rehearse(Small("unmade")).outcome
    assert (outcome.status, outcome.exit_code, outcome.stage) == ("NotRehearsed", 5, "Beta")
    assert "unmade_start_tests was not run" in outcome.reason
    assert f"{result.name}.lock" in outcome.reason


FULL = """
mount -t tmpfs -o size=1m none "$TMPDIR"
exec "$0" -m generator.cli rehearse "$1" --approve yes
"""
_MAY_MOUNT = subprocess.run(
    ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
)


@pytest.mark.slow
@pytest.mark.skipif(_MAY_MOUNT.returncode != 0, reason="this system lets its users mount nothing")
def test_a_full_disk_is_red_with_the_cause(tmp_path: Path) -> None:
    file = Small("full", build="head -c 3000000 /dev/zero > big").commit(tmp_path / "full")
    (tmp_path / "small").mkdir()
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", FULL, sys.executable, str(file)],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "TMPDIR": str(tmp_path / "small")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "red at Build/Build" in done.stdout
    assert "No space left on device" in done.stdout[done.stdout.index("red at Build/Build") :]


def test_a_build_that_takes_its_time_says_which_phase_it_is_in_and_until_when(stage: Stage) -> None:
    result = stage.rehearse(Small("slow", build="sleep 1"), until="Build", silence=0.2)
    assert result.outcome.status == "Stopped"
    assert "Build/Build waits for phase BUILD of build " in result.remarks
    assert " at the latest" in result.remarks


class Account:
    """Answers of an account in which one action is under way."""

    def __init__(self, provider: str, configuration: dict[str, str], *events: dict[str, Any]) -> None:
        self._provider = provider
        self._configuration = configuration
        self._events = list(events)
        self.places: list[dict[str, str]] = []
        self.there: dict[str, str] = {}

    def client(self, _service: str, **place: str) -> Any:
        self.places.append(place)
        return self

    def list_action_executions(self, **_asked: Any) -> dict[str, Any]:
        kind = {
            "actionTypeId": {"provider": self._provider},
            "resolvedConfiguration": self._configuration,
            **self.there,
        }
        place = {"stageName": "Beta", "actionName": "Act", "startTime": MOMENT, "lastUpdateTime": MOMENT}
        ended = {"status": "Succeeded"}
        return {"actionExecutionDetails": [{**place, "status": "InProgress", "input": kind, "output": {}}, ended]}

    def describe_stack_events(self, **_asked: Any) -> dict[str, Any]:
        if not self._events:
            refusal: Any = {"Error": {"Code": "ValidationError", "Message": "Stack with id app-beta does not exist"}}
            raise ClientError(refusal, "DescribeStackEvents")
        return {"StackEvents": self._events}


def event(logical_id: str, kind: str, status: str, physical_id: str = "it") -> dict[str, Any]:
    names = {"LogicalResourceId": logical_id, "ResourceType": kind, "ResourceStatus": status}
    return {**names, "PhysicalResourceId": physical_id, "StackId": "stack", "Timestamp": MOMENT}


STACK = {"StackName": "app-beta"}
OWN = event("app-beta", "AWS::CloudFormation::Stack", "CREATE_IN_PROGRESS", "stack")
QUEUE = event("Queue", "AWS::SQS::Queue", "CREATE_IN_PROGRESS")
DONE = event("Queue", "AWS::SQS::Queue", "CREATE_COMPLETE")
CUSTOM = event("Seed", "Custom::Seed", "CREATE_IN_PROGRESS")
TWENTY, HOUR = (f"{datetime(2026, 1, 2, *at, 5, tzinfo=UTC).astimezone():%H:%M:%S}" for at in ((3, 24), (4, 4)))


@pytest.mark.parametrize(
    ("account", "words"),
    [
        (
            Account("Lambda", {"FunctionName": "start"}),
            f"the answer of start to its job, until {TWENTY} at the latest",
        ),
        (
            Account("CloudFormation", STACK, CUSTOM, DONE, QUEUE, OWN),
            (
                "the answer of Seed (Custom::Seed, CREATE_IN_PROGRESS) to its ResponseURL,"
                f" until {HOUR} at the latest unless it has a ServiceTimeout"
            ),
        ),
        (
            Account("CloudFormation", STACK, QUEUE, OWN),
            "Queue (AWS::SQS::Queue, CREATE_IN_PROGRESS); AWS sets no limit to that",
        ),
        (
            Account("CloudFormation", STACK, DONE, QUEUE, OWN),
            "CloudFormation to end with app-beta; AWS sets no limit to that",
        ),
        (Account("CloudFormation", STACK), "CloudFormation to begin with app-beta; AWS sets no limit to that"),
        (Account("CodeBuild", {}), "a build that has not begun; AWS sets no limit to that"),
        (Account("S3", {}), "S3; AWS sets no limit to that"),
    ],
    ids=["job", "custom resource", "resource", "stack", "no stack yet", "build", "anything else"],
)
def test_what_is_waited_for_is_said_once(account: Account, words: str) -> None:
    lines: list[str] = []
    waits = Waits(account.client, lines.append)
    waits.of_execution("pipeline", "execution")
    waits.of_execution("pipeline", "execution")
    assert lines == [f"Beta/Act waits for {words}"]


def test_what_is_waited_for_in_another_account_is_asked_for_there() -> None:
    account = Account("CloudFormation", STACK, DONE, QUEUE, OWN)
    account.there = {"roleArn": "arn:aws:iam::444455556666:role/app-ActionRole-production", "region": "eu-west-1"}
    lines: list[str] = []
    Waits(account.client, lines.append).of_execution("pipeline", "execution")
    assert account.places == [{}, {"account": "444455556666", "region": "eu-west-1"}]
