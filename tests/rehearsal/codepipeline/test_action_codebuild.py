"""The CodeBuild action: what it orders, and what it makes of a build's end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.codepipeline.builds import BuildOrder, BuildResult, BuildVariable
from tests.rehearsal.codepipeline.action_runner import ActionRunner, code, message
from tests.rehearsal.codepipeline.pipeline_api import ROLE, action


def build(*inputs: str, outputs: tuple[str, ...] = (), category: str = "Build", **settings: str) -> dict[str, Any]:
    return action(
        "Build",
        category=category,
        provider="CodeBuild",
        inputs=inputs,
        outputs=outputs,
        configuration={"ProjectName": "project", **settings},
    )


@pytest.fixture(autouse=True)
def _client(runner: ActionRunner) -> None:
    runner.clients["codebuild"] = "client"


def making(*names: str, **fields: Any) -> Any:
    """Builds that make these artifacts."""

    def result(order: BuildOrder) -> BuildResult:
        archives = {}
        for name in names:
            archives[name] = order.folder / f"{name}.zip"
            archives[name].write_bytes(name.encode())
        return BuildResult("SUCCEEDED", artifacts=archives, **fields)

    return result


@pytest.mark.parametrize("category", ["Build", "Test"])
def test_a_build_gets_its_sources_and_gives_artifacts_and_variables(runner: ActionRunner, category: str) -> None:
    runner.builds.result_of = making("package", variables={"VERSION": "7"}, log=("hello",))
    declared = build("code", outputs=("package",), category=category)
    outcome = runner.start(runner.context(declared, runner.artifact("code", {"a.py": "x"})))
    (order,) = runner.builds.orders
    assert (order.project, order.primary, order.outputs, order.role) == (
        "project",
        "code",
        ("package",),
        ROLE,
    )
    assert order.client == "client"
    assert order.initiator == "codepipeline/line"
    assert order.sources["code"].read_bytes() == runner.s3.objects["artifacts", "line/code/earlier"]
    assert (outcome.external_id, outcome.url, outcome.log) == ("project:1", "http://log", ("hello",))
    assert outcome.variables == {"VERSION": "7"}
    assert runner.s3.objects["artifacts", outcome.artifacts[0].key] == b"package"


def test_a_build_that_fails_fails_the_action_and_shows_its_log(runner: ActionRunner) -> None:
    log = tuple(f"line {number}" for number in range(100))
    runner.builds.result_of = lambda _order: BuildResult(
        "FAILED", log=log, phase="BUILD", message="Code: COMMAND_EXECUTION_ERROR, Message: pytest"
    )
    outcome = runner.fails(runner.context(build("code"), runner.artifact("code", {})))
    assert code(outcome) == "JobFailed"
    assert message(outcome) == (
        "Build terminated with state: FAILED. Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: pytest"
    )
    assert outcome.log == log[-60:]
    assert outcome.external_id == "project:1"


def test_an_artifact_the_build_did_not_make_fails_the_action(runner: ActionRunner) -> None:
    runner.builds.result_of = making("one")
    declared = build("code", outputs=("one", "two"))
    outcome = runner.fails(runner.context(declared, runner.artifact("code", {})))
    assert message(outcome) == "The build made no artifact two; see its buildspec."
    assert runner.s3.puts == []


def test_environment_variables_reach_the_build(runner: ActionRunner) -> None:
    variables = [{"name": "A", "value": "1"}, {"name": "B", "value": "/b", "type": "PARAMETER_STORE"}]
    declared = build("code", EnvironmentVariables=json.dumps(variables))
    runner.start(runner.context(declared, runner.artifact("code", {})))
    assert runner.builds.orders[0].environment == (
        BuildVariable("A", "1"),
        BuildVariable("B", "/b", "PARAMETER_STORE"),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"name": "M", "value": "a "quoted" word"}]', "EnvironmentVariables is not a JSON array"),
        ('[{"name": "M"}]', "EnvironmentVariables is not a JSON array"),
        ('{"name": "M", "value": "x"}', "EnvironmentVariables is not a JSON array"),
        ('[{"name": "M", "value": "x", "type": "SECRET"}]', "Type SECRET of variable M"),
    ],
)
def test_wrong_environment_variables_fail_before_the_build(runner: ActionRunner, text: str, expected: str) -> None:
    declared = build("code", EnvironmentVariables=text)
    outcome = runner.fails(runner.context(declared, runner.artifact("code", {})))
    assert expected in message(outcome)
    assert runner.builds.orders == []


def test_with_several_inputs_the_primary_must_be_named(runner: ActionRunner) -> None:
    inputs = runner.artifact("a", {}), runner.artifact("b", {})
    outcome = runner.fails(runner.context(build("a", "b"), *inputs))
    assert message(outcome).startswith("PrimarySource must be one of the input artifacts (a, b)")


def test_the_primary_of_several_inputs_is_the_one_named(runner: ActionRunner) -> None:
    inputs = runner.artifact("a", {}), runner.artifact("b", {})
    runner.start(runner.context(build("a", "b", PrimarySource="b"), *inputs))
    (order,) = runner.builds.orders
    assert (order.primary, set(order.sources)) == ("b", {"a", "b"})


def test_a_buildspec_of_the_action_takes_the_place_of_the_projects(runner: ActionRunner) -> None:
    declared = build("code", BuildspecOverride="other.yml")
    runner.start(runner.context(declared, runner.artifact("code", {})))
    assert runner.builds.orders[0].buildspec == "other.yml"


def test_a_batch_is_not_rehearsed(runner: ActionRunner) -> None:
    declared = build("code", BatchEnabled="true")
    outcome = runner.fails(runner.context(declared, runner.artifact("code", {})))
    assert code(outcome) == "NotRehearsed"


def test_an_artifact_is_downloaded_once_for_each_action(runner: ActionRunner, tmp_path: Path) -> None:
    artifact = runner.artifact("code", {"a": "1"})
    context = runner.context(build("code"), artifact)
    first = context.fetch("code")
    assert context.fetch("code") == first == tmp_path / "code.in.zip"
