"""The key `tests`: what each kind reads, which kinds stand together, and what runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model import tests as test_stack
from generator.model.commands import CommandTests
from generator.pipeline_file.keys import tests as key
from tests.pipeline_file.keys import files


def fields(text: str) -> dict[str, object]:
    file = files.written(text)
    return dict(key.read(files.settings(key, "tests", file), file))


def stack(text: str) -> test_stack.Tests:
    tests = fields(text)["tests"]
    assert isinstance(tests, test_stack.Tests)
    return tests


def test_a_file_that_is_silent_has_one_test_function_in_a_stack_of_its_own() -> None:
    tests = stack("")
    assert (tests.template, tests.deployment.stack, tests.packaged) == (
        "test-sam.yaml",
        "${ServiceName}-tests",
        "test-output_sam.yaml",
    )
    assert tests.named_by == {"function": ("TestFunction",)}
    assert [statement.sid for statement in tests.statements] == ["InvokeTests"]
    assert fields("")["test_kind"] == "function"


@pytest.mark.parametrize(
    ("text", "named_by", "sids"),
    [
        ("{function: A}", {"function": ("A",)}, ["InvokeTests"]),
        ("{function: [A, B]}", {"function": ("A", "B")}, ["InvokeTests"]),
        ("{state_machine: M}", {"state_machine": ("M",)}, ["StartTestMachines", "FollowTestMachines"]),
        (
            "{state_machine: M, function: A}",
            {"function": ("A",), "state_machine": ("M",)},
            ["InvokeTests", "StartTestMachines", "FollowTestMachines"],
        ),
    ],
)
def test_functions_and_state_machines_stand_side_by_side_with_their_rights(
    text: str, named_by: dict[str, tuple[str, ...]], sids: list[str]
) -> None:
    tests = stack(f"tests: {text}")
    assert tests.named_by == named_by
    assert [statement.sid for statement in tests.statements] == sids
    assert tests.outputs == tuple(output for outputs in named_by.values() for output in outputs)


def test_commands_need_no_stack_and_run_with_the_versions_of_the_build() -> None:
    assert fields("tests: {commands: [pytest]}\nbuild: {runtime: {python: '3.12'}}") == {
        "tests": None,
        "test_kind": "commands",
        "test_commands": CommandTests(("pytest",), {"python": "3.12"}),
    }


@pytest.mark.parametrize("text", ["tests: none", "stages: [beta: {tests: false}]"])
def test_nothing_tests_where_no_stage_is_tested(text: str) -> None:
    assert fields(text) == {"tests": None}


@pytest.mark.parametrize("beside", ["template: app-sam.yaml", "function: A", "state_machine: M"])
def test_commands_stand_alone(beside: str) -> None:
    file = files.written(f"tests: {{commands: [pytest], {beside}}}")
    (problem,) = key.problems(file.data["tests"], file)
    assert problem.message == f"commands need no test stack, which '{beside.partition(':')[0]}' belongs to"


def test_a_template_that_does_not_exist_is_missing_with_the_ways_out(tmp_path: Path) -> None:
    file = files.written("tests: {template: checks.yaml}", tmp_path)
    (problem,) = key.missing(file.data["tests"], file)
    assert problem.message == "there is no checks.yaml in the repository: the integration tests' template is needed"
    assert problem.hint == "name it: tests: {template: <path>}, or say that there are none: tests: none"


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("tests: {function: A}", "Lambda"),
        ("tests: {commands: [pytest]}", "CodeBuild"),
    ],
)
def test_every_tested_stage_ends_with_the_action_of_the_kind(text: str, provider: str, tmp_path: Path) -> None:
    _, pipeline = files.pipeline(f"{text}\nstages: [beta, gamma: {{tests: false}}]", tmp_path)
    beta, gamma = pipeline.plan[-2:]
    assert (beta.actions[-1].name, beta.actions[-1].provider) == ("Test", provider)
    assert beta.actions[-1].statements
    assert "Test" not in [action.name for action in gamma.actions]
