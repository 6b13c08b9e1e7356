"""The limits of CodePipeline and CloudFormation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.checks.limits import check_limits, check_template_size
from generator.document import Document
from generator.model import tests as test_stack
from generator.model.action import Action
from generator.model.condition import Condition, OnFailure, Rule
from generator.model.deployment import Deployment
from generator.model.pipeline import SERVICE_LENGTH, Pipeline, PlannedStage
from generator.model.template import Parameter

Pipelines = Callable[..., Pipeline]
Files = Callable[[str], Document]
Limits = Callable[..., list[str]]

_FILE = "stages:\n  - beta\n  - prod:\n      stack: live\ntests: {}\nbuild: {}\n"
_DEPLOY = Action("Deploy", "Deploy", "CloudFormation", {"ActionMode": "CREATE_UPDATE"}, inputs=("BuildArtifact",))
_SOURCE = PlannedStage("Source", (Action("Source", "Source", "S3", {}, outputs=("SourceArtifact",)),))


def _beta(*actions: Action) -> tuple[PlannedStage, ...]:
    return (_SOURCE, PlannedStage("Beta", actions))


@pytest.fixture
def limits(pipeline: Pipelines, file: Files) -> Limits:
    """What is said of a plan, each problem as its place and its message."""

    def problems_of(*plan: PlannedStage, **changes: Any) -> list[str]:
        document = file(_FILE)
        problems = check_limits(pipeline(document, plan=plan, **changes), document)
        return [str(problem).splitlines()[0] for problem in problems]

    return problems_of


def test_a_plain_plan_is_within_the_limits(limits: Limits) -> None:
    assert limits(*_beta(_DEPLOY)) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "two words"}, "'two words' is not a valid action name: 1 to 100 letters, digits and .@-_"),
        ({"name": "x" * 101}, f"'{'x' * 101}' is not a valid action name: 1 to 100 letters, digits and .@-_"),
        ({"namespace": "a.b"}, "'a.b' is not a valid namespace: 1 to 100 letters, digits and @-_"),
        ({"inputs": ("a.b",)}, "'a.b' is not a valid artifact name: 1 to 100 letters, digits, - and _"),
        ({"outputs": ("é",)}, "'é' is not a valid artifact name: 1 to 100 letters, digits, - and _"),
        ({"provider": "CloudFormations"}, "Deploy has no provider 'CloudFormations' (action 'Deploy')"),
        ({"category": "Gate"}, "Gate has no provider 'CloudFormation' (action 'Deploy')"),
        ({"version": 1}, "version 1 of action 'Deploy' must be 1 to 9 letters and digits"),
        ({"version": ""}, "version '' of action 'Deploy' must be 1 to 9 letters and digits"),
        ({"run_order": 0}, "run order 0 of action 'Deploy' is not between 1 and 999"),
        ({"run_order": 1000}, "run order 1000 of action 'Deploy' is not between 1 and 999"),
        ({"timeout_minutes": 60}, "action 'Deploy' has a timeout, which CodePipeline honours for approvals only"),
        ({"configuration": {"k" * 51: "v"}}, f"key '{'k' * 51}' of action 'Deploy' must have 1 to 50 characters"),
        (
            {"configuration": {"UserParameters": ""}},
            "UserParameters of action 'Deploy' can have 0 characters; CodePipeline takes 1 to 1,000",
        ),
        (
            {"configuration": {"UserParameters": "x" * 1001}},
            "UserParameters of action 'Deploy' can have 1,001 characters; CodePipeline takes 1 to 1,000",
        ),
        (
            {"configuration": {"UserParameters": {"Fn::Sub": "x" * 1001}}},
            "UserParameters of action 'Deploy' can have 1,001 characters; CodePipeline takes 1 to 1,000",
        ),
        (
            {"configuration": {"ParameterOverrides": "é" * 513}},
            "ParameterOverrides of action 'Deploy' can grow to 1,026 bytes; CodePipeline takes 1,024",
        ),
    ],
)
def test_what_codepipeline_refuses_of_an_action(limits: Limits, changes: dict[str, Any], message: str) -> None:
    assert limits(*_beta(_DEPLOY._replace(**changes))) == [f"pipeline.yaml:3:5: {message} (stage 'Beta')"]


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("ParameterOverrides", "give fewer or shorter `parameters`, or give them a Default in the template"),
        ("CustomData", "shorten the approval's `message`"),
        ("UserParameters", "name fewer test functions, or give stacks and outputs shorter names"),
        ("ConnectionArn", ""),
    ],
)
def test_a_value_that_grows_with_the_pipeline_file_says_what_to_try(
    pipeline: Pipelines, file: Files, key: str, hint: str
) -> None:
    document = file(_FILE)
    plan = _beta(_DEPLOY._replace(configuration={key: "x" * 2000}))
    [problem] = check_limits(pipeline(document, plan=plan), document)
    assert problem.hint == hint


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 100},
        {"namespace": "a@b-c_D"},
        {"owner": "Custom", "provider": "Ours"},
        {"run_order": 999},
        {"configuration": {"k" * 50: "x" * 1000}},
        {"configuration": {"ParameterOverrides": "é" * 512}},
        {"configuration": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}}},
        {"category": "Approval", "provider": "Manual", "timeout_minutes": 86_400},
    ],
)
def test_what_codepipeline_takes_of_an_action(limits: Limits, changes: dict[str, Any]) -> None:
    assert limits(*_beta(_DEPLOY._replace(**changes))) == []


@pytest.mark.parametrize("minutes", [4, 86_401])
def test_an_approval_waits_5_minutes_to_60_days(limits: Limits, minutes: int) -> None:
    approve = Action("Approve", "Approval", "Manual", {}, timeout_minutes=minutes)
    assert limits(*_beta(approve)) == [
        (
            f"pipeline.yaml:3:5: timeout of action 'Approve' is {minutes} minutes; CodePipeline takes 5 to 86,400"
            " (stage 'Beta')"
        )
    ]


@pytest.mark.parametrize(
    ("reference", "length"),
    [
        ("${ServiceName}", SERVICE_LENGTH),
        ("${AWS::Region}", 14),
        ("${AWS::StackName}", 128),
        ("${RepositoryName}", 100),
        ("${Unknown}", len("${Unknown}")),
        ("${!Literal}", len("${Literal}")),
    ],
)
def test_a_text_is_judged_as_long_as_it_can_become(
    limits: Limits, pipeline: Pipelines, reference: str, length: int
) -> None:
    repository = Parameter("RepositoryName", "time", "Source", "Repository", "", max_length=100)
    source = pipeline().source._replace(parameters=(repository,))

    def messages_at(room: int) -> list[str]:
        configuration = {"UserParameters": reference + "x" * room}
        return limits(*_beta(_DEPLOY._replace(configuration=configuration)), source=source)

    assert messages_at(1000 - length) == []
    assert messages_at(1001 - length) == [
        (
            "pipeline.yaml:3:5: UserParameters of action 'Deploy' can have 1,001 characters;"
            " CodePipeline takes 1 to 1,000 (stage 'Beta')"
        )
    ]


@pytest.mark.parametrize(
    ("name", "place"),
    [("two words", "pipeline.yaml:1:1"), ("", "pipeline.yaml:1:1"), ("é", "pipeline.yaml:1:1")],
)
def test_a_stage_name_with_other_characters_is_refused(limits: Limits, name: str, place: str) -> None:
    assert limits(_SOURCE, PlannedStage(name, (_DEPLOY,))) == [
        f"{place}: '{name}' is not a valid stage name: 1 to 100 letters, digits and .@-_ (stage '{name}')"
    ]


def test_a_problem_stands_at_its_stage(limits: Limits) -> None:
    broken = _DEPLOY._replace(run_order=0)
    places = [
        limits(_SOURCE, PlannedStage(name, (broken,)))[0].split(": ")[0]
        for name in ("Beta", "Prod", "DeployTests", "Build")
    ]
    assert places == ["pipeline.yaml:3:5", "pipeline.yaml:4:5", "pipeline.yaml:6:1", "pipeline.yaml:7:1"]


def test_a_problem_of_an_approvals_stage_stands_at_the_stage_that_asks(limits: Limits) -> None:
    planned = PlannedStage("ProdApproval", (_DEPLOY._replace(run_order=0),), stage="Prod")
    (limit,) = limits(_SOURCE, planned)
    assert limit.startswith("pipeline.yaml:4:5: ")
    assert limit.endswith("(stage 'ProdApproval')")


_ALARMED = Condition("ROLLBACK", (Rule("Alarm1", "CloudWatchAlarm", {}),))


@pytest.mark.parametrize("end", [{"on_failure": OnFailure("ROLLBACK")}, {"on_success": _ALARMED}])
def test_nothing_is_rolled_back_side_by_side_or_in_the_source(limits: Limits, end: dict[str, Any]) -> None:
    beta = PlannedStage("Beta", (_DEPLOY,), **end)
    assert limits(_SOURCE, beta) == []
    (beside,) = limits(_SOURCE, beta, execution="PARALLEL")
    assert "it rolls back, which CodePipeline never does while executions run side by side" in beside
    (source,) = limits(_SOURCE._replace(**end), PlannedStage("Beta", (_DEPLOY,)))
    assert "it rolls back, which CodePipeline does not do with sources" in source


def test_a_retry_needs_nothing_of_the_kind(limits: Limits) -> None:
    beta = PlannedStage("Beta", (_DEPLOY,), on_failure=OnFailure("RETRY", "FAILED_ACTIONS"))
    assert limits(_SOURCE, beta, execution="PARALLEL") == []


def test_stages_and_actions_are_counted(limits: Limits) -> None:
    def stage(number: int, actions: int) -> PlannedStage:
        return PlannedStage(f"S{number}", tuple(_DEPLOY._replace(name=f"A{i}") for i in range(actions)))

    assert limits(*(stage(number, 20) for number in range(50))) == []
    assert limits(*(stage(number, 1) for number in range(51))) == [
        "pipeline.yaml:1:1: the pipeline has 51 stages; CodePipeline takes 2 to 50"
    ]
    assert limits(_SOURCE) == ["pipeline.yaml:1:1: the pipeline has 1 stages; CodePipeline takes 2 to 50"]
    assert limits(_SOURCE, stage(1, 51), stage(2, 0)) == [
        "pipeline.yaml:1:1: it has 51 actions; CodePipeline takes 1 to 50 (stage 'S1')",
        "pipeline.yaml:1:1: it has 0 actions; CodePipeline takes 1 to 50 (stage 'S2')",
    ]
    assert limits(*(stage(number, 21) for number in range(48))) == [
        "pipeline.yaml:1:1: the pipeline has 1008 actions; CodePipeline takes 1000"
    ]


def test_names_are_unique(limits: Limits) -> None:
    namesakes = (_DEPLOY._replace(namespace="N", outputs=("Out",)),) * 2
    assert limits(_SOURCE, PlannedStage("Beta", namesakes), PlannedStage("Beta", (_DEPLOY,))) == [
        "pipeline.yaml:1:1: two stages are named 'Beta'",
        "pipeline.yaml:1:1: two actions have the namespace 'N'",
        "pipeline.yaml:1:1: two actions write the artifact 'Out'",
        "pipeline.yaml:3:5: two actions are named 'Deploy' (stage 'Beta')",
    ]


@pytest.mark.parametrize("namespace", ["codepipeline", "variables", "SourceArtifact"])
def test_some_namespaces_are_taken(limits: Limits, namespace: str) -> None:
    assert limits(*_beta(_DEPLOY._replace(namespace=namespace))) == [
        f"pipeline.yaml:1:1: namespace '{namespace}' is reserved or the name of an artifact"
    ]


@pytest.mark.parametrize(
    ("stack", "good"),
    [
        ("live", True),
        ("${ServiceName}-live", True),
        ("x" * 128, True),
        ("x" * 129, False),
        ("${ServiceName}" + "x" * 108, True),
        ("${ServiceName}" + "x" * 109, False),
        ("under_score", False),
        ("1st", False),
        ("", False),
    ],
)
def test_stack_names_are_judged_at_their_longest(limits: Limits, pipeline: Pipelines, stack: str, good: bool) -> None:
    beta, _, prod = pipeline().stages
    lines = limits(*_beta(_DEPLOY), stages=(beta, prod._replace(deployments=(Deployment("Prod", stack),))))
    assert lines == ([] if good else [f"pipeline.yaml:5:14: '{stack}' is not a valid stack name"])


def test_the_tests_stack_is_judged_as_well(limits: Limits) -> None:
    tests = test_stack.Tests("test-sam.yaml", "tests.yaml", Deployment("Tests", "under_score"))
    assert limits(*_beta(_DEPLOY), tests=tests) == ["pipeline.yaml:6:8: 'under_score' is not a valid stack name"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (1_000_000, []),
        (1_000_001, ["t.yaml has 1,000,001 bytes; CloudFormation takes 1,000,000"]),
    ],
)
def test_only_a_template_that_cloudformation_refuses_is_too_large(size: int, expected: list[str]) -> None:
    assert [str(problem).splitlines()[0] for problem in check_template_size(size, "t.yaml")] == expected
