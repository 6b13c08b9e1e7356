"""Every assumption both ways: what the local services do with either value, and that they say which it was."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY

from generator.errors import InvalidInputError
from generator.execution import AssumptionMade
from generator.rehearsal.assumptions import ASSUMPTIONS, chosen
from generator.rehearsal.codebuild.environment import without_virtual_environments
from generator.rehearsal.codebuild.job import Host
from generator.rehearsal.codebuild.record import Ended
from generator.rehearsal.codepipeline.builds import BuildResult
from generator.rehearsal.codepipeline.context import ActionContext
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.repository.cache.folder import cache_folder
from tests.rehearsal.codebuild.build_runner import BuildRunner, no_client
from tests.rehearsal.codepipeline.action_runner import THEIR_ROLE, ActionRunner, FakeS3, TheirSts, message
from tests.rehearsal.codepipeline.formation import DEPLOYER, EMPTY, STACK_ID, TEMPLATE, Formation, deploy, request
from tests.rehearsal.codepipeline.pipeline_api import action, pipeline, stage
from tests.rehearsal.codepipeline.test_action_lambda import Function, invoke, run_with_pauses
from tests.rehearsal.codepipeline.test_action_sources import connected
from tests.rehearsal.codepipeline.test_rules import alarm

Scene = Callable[[ActionRunner], str]


def ending(runner: ActionRunner, context: ActionContext) -> str:
    """How an action ended, in a few words."""
    try:
        return runner.start(context).summary or "succeeded"
    except ActionFailedError as failed:
        return message(failed.outcome)
    except ClientError as error:
        return str(error.response["Error"]["Code"])


def of_a_rule_without_states(runner: ActionRunner) -> str:
    return ending(runner, alarm(runner, "INSUFFICIENT_DATA"))


def of_a_quiet_alarm(runner: ActionRunner) -> str:
    return ending(runner, alarm(runner, "OK", AlarmStates="ALARM", WaitTime="15"))


def of_a_pending_connection(runner: ActionRunner) -> str:
    """Past the connection it is the repository that is missing."""
    return ending(runner, runner.context(connected(runner, "PENDING", "acme/other"))).rpartition(" ")[2]


def of_a_continued_job(runner: ActionRunner) -> str:
    """How long the whole took, of which all is the pause between two calls."""
    function = Function(runner, 2)
    context = runner.context(invoke())
    runner.clock.script = [function.succeeds(continuationToken="more"), function.succeeds()]
    began = context.now()
    run_with_pauses(runner, context)
    return str(context.now() - began)


def of_a_job_that_its_function_left(runner: ActionRunner) -> str:
    """How long it is waited for."""
    function = Function(runner)
    context = runner.context(invoke())
    runner.clock.script = [lambda: runner.service.leave(function.job)]
    began = context.now()
    with pytest.raises(ActionFailedError, match="failed to return a result"):
        runner.start(context)
    return str(context.now() - began)


def build(runner: ActionRunner, spec: str, outputs: tuple[str, ...] = ()) -> Ended:
    """The end of a build of a buildspec, which an action of the pipeline then tells."""
    path = without_virtual_environments(os.environ["PATH"])
    variables = {"PATH": path, "HOME": str(runner.folder), "AWS_EC2_METADATA_DISABLED": "true"}
    host = Host(variables, dict, no_client, cache_folder(os.environ), assumptions=runner.assumptions)
    return BuildRunner(runner.folder, host).build(spec, outputs=outputs)


def told_by_an_action(runner: ActionRunner, ended: Ended) -> str:
    runner.builds.result_of = lambda _order: BuildResult(ended.status, assumptions=ended.assumptions)
    runner.clients["codebuild"] = None
    declared = action("Build", category="Build", provider="CodeBuild", inputs=["code"])
    configured = {**declared, "configuration": {"ProjectName": "p"}}
    return ending(runner, runner.context(configured, runner.artifact("code", {})))


def of_a_continued_phase(runner: ActionRunner) -> str:
    spec = "version: 0.2\nphases: {build: {commands: ['false'], on-failure: CONTINUE}}\n"
    return told_by_an_action(runner, build(runner, spec))


def of_an_absolute_path(runner: ActionRunner) -> str:
    """What the file is called in the artifact, behind its own folder."""
    outside = runner.folder / "outside.txt"
    outside.write_text("x")
    ended = build(runner, f"version: 0.2\nphases: {{}}\nartifacts: {{files: ['{outside}']}}\n", ("",))
    told_by_an_action(runner, ended)
    with zipfile.ZipFile(ended.artifacts[""]) as archive:
        (name,) = archive.namelist()
    return name.replace(str(runner.folder).lstrip("/"), "folder")


def of_an_empty_change_set(runner: ActionRunner) -> str:
    formation = Formation(runner).change_set("FAILED", EMPTY)
    if runner.assumptions:
        formation.refuses("execute_change_set", "it is in FAILED", "InvalidChangeSetStatus")
    else:
        formation.stack("UPDATE_COMPLETE")
    return ending(runner, runner.context(deploy("CHANGE_SET_EXECUTE"), runner.artifact("code", {})))


def of_an_empty_update(runner: ActionRunner) -> str:
    formation = Formation(runner).stack("CREATE_COMPLETE")
    formation.refuses("update_stack", "No updates are to be performed.")
    artifact = runner.artifact("code", {"app.json": TEMPLATE})
    return ending(runner, runner.context(deploy("CREATE_UPDATE"), artifact))


def of_a_stack_that_rolled_back(runner: ActionRunner) -> str:
    formation = Formation(runner).stack("ROLLBACK_COMPLETE")
    if runner.assumptions:
        formation.refuses("update_stack", "is in ROLLBACK_COMPLETE state and can not be updated.")
    else:
        formation.takes("delete_stack", {}, StackName="app", RoleARN=DEPLOYER).stack(None, STACK_ID)
        formation.takes("create_stack", {"StackId": STACK_ID}, **request()).stack("CREATE_COMPLETE", STACK_ID)
    artifact = runner.artifact("code", {"app.json": TEMPLATE})
    return ending(runner, runner.context(deploy("REPLACE_ON_FAILURE"), artifact))


def of_a_large_template(runner: ActionRunner) -> str:
    """Whose client laid the template down, for an action of another account."""
    formation = Formation(runner).stack(None)
    expected = {name: value for name, value in request(TemplateURL=ANY).items() if name != "TemplateBody"}
    formation.takes("create_stack", {"StackId": STACK_ID}, **expected)
    formation.stack("CREATE_COMPLETE", STACK_ID)
    artifact = runner.artifact("code", {"app.json": TEMPLATE + " " * 60_000})
    own = runner.clients["s3 of the action"] = FakeS3()
    own.objects = runner.s3.objects
    runner.clients["sts"] = TheirSts()
    runner.start(runner.context({**deploy("CREATE_UPDATE"), "roleArn": THEIR_ROLE}, artifact))
    return "the pipeline" if runner.s3.puts else "the action" if own.puts else "nobody"


def of_a_rollback(runner: ActionRunner) -> str:
    """The actions that run in a rollback of the stage in the middle."""
    api = runner.api
    runner.service.engine.chosen = runner.assumptions
    api.create(pipeline(stage("Go", action("a")), stage("Last", action("z"))))
    good = api.start()
    for name in ("Source", "a", "z"):
        api.end(name)
    before = len(api.begun)
    api.call("RollbackStage", pipelineName="line", stageName="Go", targetPipelineExecutionId=good)
    while api.at_work():
        api.end(api.at_work()[0])
    return " ".join(run.action.name for run in api.begun[before:])


SCENES: Mapping[str, tuple[Scene, str, str]] = {
    "absolute-artifact": (of_an_absolute_path, "folder/outside.txt", "outside.txt"),
    "alarm-states": (of_a_rule_without_states, "red is in state INSUFFICIENT_DATA", "Alarm red is in state"),
    "alarm-stays": (of_a_quiet_alarm, "red is in state OK", "Alarm red went off within 15 minutes."),
    "connection-completed": (of_a_pending_connection, "acme/other.", "PENDING."),
    "left-job": (of_a_job_that_its_function_left, "0:00:00", "0:20:00"),
    "continued-job": (of_a_continued_job, "0:00:00.5", "0:00:30"),
    "continued-phase": (of_a_continued_phase, "succeeded", "Build terminated with state: FAILED"),
    "empty-change-set": (of_an_empty_change_set, "Stack app: no changes", "InvalidChangeSetStatus"),
    "empty-update": (of_an_empty_update, "Stack app: no changes", "ValidationError"),
    "replace-rolled-back": (of_a_stack_that_rolled_back, "Stack app: CREATE_COMPLETE", "ValidationError"),
    "template-upload": (of_a_large_template, "the pipeline", "the action"),
    "rollback-ends": (of_a_rollback, "a", "a z"),
}


ELSEWHERE = {"traffic-shift": "tests/rehearsal/emulator/test_emulator_code_deployments.py"}
"""What services beside the pipeline assume, and where it is tried both ways."""


def test_every_assumption_is_tried_both_ways() -> None:
    assert sorted([*SCENES, *ELSEWHERE]) == [assumption.name for assumption in ASSUMPTIONS]
    assert all(name in Path(path).read_text(encoding="utf-8") for name, path in ELSEWHERE.items())


@pytest.mark.parametrize("turned", [False, True], ids=["default", "turned"])
@pytest.mark.parametrize("name", SCENES)
def test_an_assumption_decides_and_is_told(tmp_path: Path, name: str, turned: bool) -> None:
    (assumption,) = [each for each in ASSUMPTIONS if each.name == name]
    runner = ActionRunner(tmp_path)
    value = assumption.values[turned]
    runner.assumptions = dict(chosen([f"{assumption.name}={value}"])) if turned else {}
    scene, *expected = SCENES[assumption.name]
    assert scene(runner).startswith(expected[turned])
    (relied_on,) = [event for event in runner.api.events if isinstance(event, AssumptionMade)]
    assert (relied_on.assumption, relied_on.value) == (assumption.name, value)
    assert (relied_on.meaning, relied_on.why) == (assumption.meanings[turned], assumption.silent)


def test_words_choose_values() -> None:
    assert chosen(["alarm-stays=no", "continued-job=later"]) == {"alarm-stays": "no", "continued-job": "later"}
    assert chosen([]) == {}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["nothing=no"], ["--assume nothing=no: there is no such assumption"]),
        (["alarm-stays=perhaps"], ["--assume alarm-stays=perhaps: it is yes or no"]),
        (["alarm-stays"], ["--assume alarm-stays=: it is yes or no"]),
        (["a=b", "alarm-stays=x"], ["--assume a=b: there is no such", "--assume alarm-stays=x: it is yes or no"]),
        (["alarm-stays=yes", "alarm-stays=no"], ["--assume: alarm-stays has more than one value"]),
    ],
)
def test_wrong_words_are_refused_together_with_what_there_is(words: list[str], expected: list[str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        chosen(words)
    problems = caught.value.problems
    assert [problem.message.startswith(start) for problem, start in zip(problems, expected, strict=True)] == [
        True
    ] * len(expected)
    assert all(f"{assumption.name}={'|'.join(assumption.values)}" in problems[-1].hint for assumption in ASSUMPTIONS)
