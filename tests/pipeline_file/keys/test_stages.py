"""The key `stages` and the keys of a stage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.model.commands import Commands
from generator.model.condition import Alarms, Window
from generator.model.deployment import Deployment
from generator.model.iam import Statement
from generator.model.stage import Approval, Stage
from generator.pipeline_file.keys import stages
from tests.pipeline_file.keys import files


def stage(settings: str, *, word: str = "beta", more: str = "") -> Stage:
    (result,) = stages.stages(files.written(f"stages: [{word}: {{{settings}}}]\n{more}"))
    return result


def problems(text: str) -> list[str]:
    file = files.written(text)
    return [problem.message for problem in stages.problems(file.data.get("stages"), file)]


def test_a_file_that_is_silent_has_three_stages_and_asks_before_the_last() -> None:
    beta, gamma, prod = stages.stages(files.written(""))
    assert [(stage.word, stage.name, stage.deploy) for stage in (beta, gamma, prod)] == [
        ("beta", "Beta", "direct"),
        ("gamma", "Gamma", "direct"),
        ("prod", "Prod", "changeset"),
    ]
    assert (beta.approval, prod.approval) == (None, Approval())
    assert (prod.deployment, prod.tested) == (
        Deployment("Prod", "${ServiceName}-prod", parameters={"Stage": "prod"}),
        True,
    )
    assert prod.deployment.role == "${ProdDeployRole.Arn}"


@pytest.mark.parametrize(
    ("settings", "field", "value"),
    [
        ("stack: shop", "deployment", Deployment("Beta", "shop", parameters={"Stage": "beta"})),
        ("deploy: changeset", "deploy", "changeset"),
        ("approval: true", "deploy", "changeset"),
        ("approval: true, deploy: direct", "deploy", "direct"),
        ("tests: false", "tested", False),
        ("tests: smoke", "subset", "smoke"),
        ("on_failure: retry", "on_failure", "RETRY"),
        ("on_failure: rollback", "on_failure", "ROLLBACK"),
        ("alarms: [a]", "alarms", Alarms(("a",), 15)),
        ("alarms: {names: [a, '${x}'], wait_time: 1 hour}", "alarms", Alarms(("a", "${!x}"), 60)),
        ("window: {cron: '* * 9 ? * * *'}", "window", Window("* * 9 ? * * *", "UTC")),
        ("before: [make]", "before", Commands(("make",))),
        (
            "after: {commands: [make], statements: [{actions: ['s3:Get*'], resources: ['*']}]}",
            "after",
            Commands(("make",), (Statement("Given1", ("s3:Get*",), ("*",)),)),
        ),
        (
            "approval: {notify: [a@example.com], message: 'go ${x}', timeout: 2 hours, separate: true}",
            "approval",
            Approval(("a@example.com",), "", "go ${!x}", 120, separate=True),
        ),
    ],
)
def test_a_key_of_a_stage_is_a_field_of_it(settings: str, field: str, value: Any) -> None:
    assert getattr(stage(settings), field) == value


def test_parameters_stay_as_they_are_written(tmp_path: Path) -> None:
    file = files.written("stages: [beta: {parameters: {A: 3.10, B: yes, C: '${x}'}}]", tmp_path)
    (beta,) = stages.stages(file)
    assert beta.parameters == {"A": "3.10", "B": "yes", "C": "${!x}"}


@pytest.mark.parametrize(("text", "stage"), [("", "beta"), ("Stage: other", "other")])
def test_a_template_that_declares_a_stage_is_given_it_unless_the_file_says_another(
    text: str, stage: str, tmp_path: Path
) -> None:
    (tmp_path / "app-sam.yaml").write_text("Parameters: {Stage: {Type: String}}\nResources: {}\n")
    (beta,) = stages.stages(files.written(f"stages: [beta: {{parameters: {{{text}}}}}]", tmp_path))
    assert beta.parameters == {"Stage": stage}


def test_no_stage_is_tested_where_there_are_no_tests() -> None:
    assert not stage("", more="tests: none").tested


@pytest.mark.parametrize("word", ["source", "build", "deploytests", "tests", "pipeline"])
def test_words_of_the_pipeline_itself_are_refused(word: str) -> None:
    assert problems(f"stages: [{word}]") == [f"a stage cannot be called '{word}'"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[beta, beta]", "stage 'beta' already exists"),
        ("[a-b, a--b]", "stages 'a-b' and 'a--b' collide: logical ids have letters and digits only"),
        (
            "[prod: {approval: {separate: true}}, prodapproval]",
            "a stage cannot be called 'prodapproval': the approval of 'prod' has a stage of that name",
        ),
        (
            "[prodapproval, prod: {approval: {separate: true}}]",
            "a stage cannot be called 'prodapproval': the approval of 'prod' has a stage of that name",
        ),
        ("[prod: {approval: true}, prodapproval]", None),
        ("[beta: {stack: clock-pipeline}]", "stack 'clock-pipeline' belongs to the pipeline itself"),
        ("[beta: {stack: Clock-tests}]", "stack 'Clock-tests' belongs to the tests"),
        ("[beta, gamma: {stack: clock-beta}]", "stack 'clock-beta' belongs to stage 'beta'"),
        ("[beta: {approval: {timeout: 4 minutes}}]", "an approval waits 5 minutes to 60 days"),
        ("[beta: {alarms: {names: [a], wait_time: 61 minutes}}]", "alarms are watched for 1 to 60 minutes"),
        (
            "[beta: {approval: true, on_failure: retry}]",
            "not in one stage with an approval: a rejected approval fails its stage, and a retry would ask again",
        ),
        ("[beta: {approval: {separate: true}, on_failure: retry, alarms: [a]}]", None),
        ("[beta, gamma: {parameters: {A: '#{BetaDeploy.Url}'}}]", None),
    ],
)
def test_what_would_collide_or_be_refused_is_a_problem(text: str, problem: str | None) -> None:
    assert problems(f"stages: {text}") == ([problem] if problem else [])


def test_a_stage_may_name_only_what_earlier_stages_have_put_out() -> None:
    (message,) = problems("stages: [beta: {parameters: {A: '#{GammaDeploy.Url}'}}, gamma]")
    assert message.startswith("'#{GammaDeploy.Url}' is not a variable of this pipeline")


def test_a_subset_of_no_tests_is_refused() -> None:
    assert problems("tests: none\nstages: [beta: {tests: smoke}]") == ["there are no tests to run: tests: none"]
