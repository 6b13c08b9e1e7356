"""Actions on threads of their own: how each way to end is understood, and what an action finds around it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from generator.execution import ActionEnded, Event, ExecutionEnded
from generator.rehearsal.codepipeline.actions import provider_of
from generator.rehearsal.codepipeline.context import ActionContext, ActionProvider
from generator.rehearsal.codepipeline.declaration import ActionType
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.service import CodePipeline
from generator.rehearsal.codepipeline.state import Outcome
from generator.rehearsal.codepipeline.workers import Neighbours
from generator.rehearsal.service import Credentials, ServiceError
from tests.rehearsal.codepipeline.action_runner import (
    ActionRunner,
    FakeBuilds,
    FakeRepositories,
    FakeS3,
    FakeSurroundings,
    made_by_hand,
    stubbed,
)
from tests.rehearsal.codepipeline.pipeline_api import (
    ACCOUNT,
    CALLER,
    PATIENCE,
    REGION,
    ROLE,
    START,
    action,
    pipeline,
    stage,
)

Start = Callable[[ActionContext], Outcome]


class Provider:
    """Does what a test says."""

    def __init__(self, start: Start) -> None:
        self._start = start

    def start(self, context: ActionContext) -> Outcome:
        return self._start(context)


class Running:
    """A service whose actions of provider Fake do what a test says; others are not known."""

    def __init__(self, folder: Path) -> None:
        self.events: list[Event] = []
        self.ended = threading.Event()
        self.starts: dict[str, Start] = {}
        place: dict[str, Any] = {"endpoint": "http://here", "ca_file": folder / "ca.pem", "folder": folder}
        place["root"] = Credentials("AKIA", "secret")
        surroundings = FakeSurroundings(**place, account=ACCOUNT, region=REGION, principal="codepipeline.amazonaws.com")
        surroundings.prepare({"s3": FakeS3()})
        neighbours = Neighbours(surroundings, FakeBuilds(), FakeRepositories())
        self.service = CodePipeline(neighbours, self._tell, find=self._find)

    def _tell(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, ExecutionEnded):
            self.ended.set()

    def _find(self, kind: ActionType) -> ActionProvider | None:
        if kind.provider != "Fake":
            return None
        return Provider(lambda context: self.starts.get(context.action.name, made_by_hand)(context))

    def run(self, *actions: dict[str, Any]) -> list[ActionEnded]:
        """Run a pipeline of these actions to its end; how each ended."""
        stores = {region: {"type": "S3", "location": "artifacts"} for region in (REGION, "us-west-2")}
        declared = {**pipeline(stage("Go", *actions)), "artifactStores": stores}
        del declared["artifactStore"]
        self.service.handle("CreatePipeline", {"pipeline": declared}, CALLER)
        assert self.ended.wait(PATIENCE)
        return [event for event in self.events if isinstance(event, ActionEnded)]


@pytest.fixture
def running(tmp_path: Path) -> Running:
    return Running(tmp_path)


def raising(error: Exception) -> Start:
    def start(_context: ActionContext) -> Outcome:
        raise error

    return start


DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "CreateStack")
MISSING = ClientError({"Error": {"Code": "NoSuchBucket", "Message": "gone"}}, "GetObject")


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (ActionFailedError("JobFailed", "red"), "JobFailed", "red"),
        (DENIED, "PermissionError", "not you (operation CreateStack) (AccessDenied)"),
        (MISSING, "NoSuchBucket", "gone (operation GetObject) (NoSuchBucket)"),
        (ServiceError("AccessDenied", "no such role"), "PermissionError", "no such role (AccessDenied)"),
        (ServiceError("NotRehearsed", "a batch"), "NotRehearsed", "a batch"),
        (ParamValidationError(report="x"), "ConfigurationError", "Parameter validation failed:\nx"),
        (KeyError("oops"), "InternalError", "KeyError: 'oops'"),
    ],
)
def test_every_way_to_fail_is_told(running: Running, error: Exception, code: str, message: str) -> None:
    running.starts["a"] = raising(error)
    ended = running.run(action("a"))[-1]
    assert ended.status == "Failed"
    assert ended.error is not None
    assert (ended.error.code, ended.error.message) == (code, message)


def test_a_bug_of_ours_shows_where_it_is(running: Running) -> None:
    running.starts["a"] = raising(KeyError("oops"))
    assert any("in start" in line for line in running.run(action("a"))[-1].log)


def test_output_variables_have_a_limit(running: Running) -> None:
    running.starts["a"] = lambda _context: Outcome(variables={"k": "x" * 122_880})
    error = running.run(action("a"))[-1].error
    assert error is not None
    assert error.code == "OutputVariablesSizeExceeded"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"provider": "Tomorrow"}, "An action of Deploy provider Tomorrow (AWS) is not rehearsed"),
    ],
)
def test_what_nobody_here_does_is_not_rehearsed(running: Running, settings: dict[str, Any], message: str) -> None:
    ended = running.run(action("a", **settings))[-1]
    assert ended.error is not None
    assert ended.error.not_rehearsed
    assert ended.error.message.startswith(message)
    last = running.events[-1]
    assert isinstance(last, ExecutionEnded)
    assert last.not_rehearsed


def test_actions_of_one_run_order_really_run_side_by_side(running: Running) -> None:
    meeting = threading.Barrier(2, timeout=PATIENCE)

    def meet(_context: ActionContext) -> Outcome:
        meeting.wait()
        return Outcome()

    running.starts.update(a=meet, b=meet)
    assert [ended.status for ended in running.run(action("a"), action("b"))] == ["Succeeded"] * 3


def test_an_action_has_a_folder_that_goes_with_it(running: Running) -> None:
    folders: list[Path] = []

    def look(context: ActionContext) -> Outcome:
        folders.append(context.folder)
        assert context.folder.is_dir()
        return Outcome()

    running.starts.update(a=look, b=look)
    running.run(action("a"), action("b"))
    assert len(set(folders)) == 2
    assert not any(folder.exists() for folder in folders)


def test_an_artifact_travels_from_action_to_action_by_the_bucket_alone(running: Running) -> None:
    contents: list[bytes] = []

    def read(context: ActionContext) -> Outcome:
        contents.append(context.fetch("code").read_bytes())
        return Outcome()

    running.starts["a"] = read
    running.run(action("a", inputs=["code"]))
    assert contents == [b"made by Source"]


def test_many_executions_at_once_all_come_to_their_end(running: Running) -> None:
    declared = pipeline(
        stage("One", action("a", inputs=["code"]), action("b")), stage("Two", action("c")), executionMode="PARALLEL"
    )
    running.service.handle("CreatePipeline", {"pipeline": declared}, CALLER)
    for _ in range(30):
        running.service.handle("StartPipelineExecution", {"name": "line"}, CALLER)
    state = running.service.state
    with state.lock:
        executions = state.pipeline("line").executions.values()
        assert state.changed.wait_for(lambda: all(execution.over for execution in executions), PATIENCE)
        assert [execution.status for execution in executions] == ["Succeeded"] * 31


def test_closing_gives_up_what_waits(running: Running) -> None:
    waiting = threading.Event()

    def wait(context: ActionContext) -> Outcome:
        waiting.set()
        context.handle.pause(3600)
        return Outcome()

    running.starts["Source"] = wait
    running.service.handle("CreatePipeline", {"pipeline": pipeline(stage("Go", action("a")))}, CALLER)
    assert waiting.wait(PATIENCE)
    running.service.close()
    last = running.events[-1]
    assert isinstance(last, ExecutionEnded)
    assert last.status == "Stopped"
    assert not [thread for thread in threading.enumerate() if thread.name == "action Source"]


def test_an_operation_that_is_not_rehearsed_says_so(running: Running) -> None:
    with pytest.raises(ServiceError) as caught:
        running.service.handle("PollForThirdPartyJobs", {}, CALLER)
    assert caught.value.code == "NotRehearsed"
    assert "PollForThirdPartyJobs" in caught.value.message


@pytest.mark.parametrize(
    ("kind", "module"),
    [
        (("Source", "AWS", "CodeCommit"), "codecommit"),
        (("Source", "AWS", "CodeStarSourceConnection"), "codestarsourceconnection"),
        (("Source", "AWS", "S3"), "s3"),
        (("Build", "AWS", "CodeBuild"), "codebuild"),
        (("Test", "AWS", "CodeBuild"), "codebuild"),
        (("Deploy", "AWS", "CloudFormation"), "cloudformation"),
        (("Invoke", "AWS", "Lambda"), "lambda_"),
        (("Approval", "AWS", "Manual"), "manual"),
        (("Deploy", "AWS", "S3"), "s3"),
        (("Deploy", "AWS", "Lambda"), None),
        (("Source", "ThirdParty", "CodeCommit"), None),
        (("Source", "ThirdParty", "GitHub"), "github"),
        (("Source", "Custom", "../../errors"), None),
    ],
)
def test_the_providers_name_finds_its_module(kind: tuple[str, str, str], module: str | None) -> None:
    result = provider_of(ActionType(*kind, "1"))
    assert (result and getattr(result, "__name__", "").rpartition(".")[2]) == module


def test_an_action_with_a_role_of_its_own_takes_it_through_the_pipelines(runner: ActionRunner) -> None:
    other = ROLE.replace("pipeline", "other")
    client, stubber = stubbed("sts")
    keys = {"AccessKeyId": "A" * 16, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": START}
    context = runner.context(action("a", provider="Fake", roleArn=other))
    expected = {"RoleArn": other, "RoleSessionName": context.run}
    for _ in range(2):
        stubber.add_response("assume_role", {"Credentials": keys}, expected)
    runner.clients["sts"] = client
    assert context.credentials() == Credentials("A" * 16, "s", "t")
    runner.clients["sqs"] = "a client of its own"
    assert context.client("sqs") == "a client of its own"
    asked = context.surroundings.asked  # type: ignore[attr-defined]  # the fake's
    assert asked == [("sts", ROLE), ("sts", ROLE), ("sqs", f"{'A' * 16} in {REGION}")]
