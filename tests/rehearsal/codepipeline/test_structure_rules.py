"""What CreatePipeline and UpdatePipeline refuse, in AWS's words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.rehearsal.codepipeline.pipeline_api import REGION, SMALL, PipelineApi, action, pipeline, source, stage

Declared = dict[str, Any]


def build(**fields: Any) -> Declared:
    configuration = fields.pop("configuration", {"ProjectName": "p"})
    return action(
        "Build", category="Build", provider="CodeBuild", configuration=configuration, inputs=["code"], **fields
    )


def manual(name: str, **fields: Any) -> Declared:
    return action(name, category="Approval", provider="Manual", **fields)


def one_stage() -> Declared:
    return {**SMALL, "stages": SMALL["stages"][:1]}


def first_stage_with(*actions: Declared) -> Declared:
    return {**SMALL, "stages": [stage("Source", *actions), SMALL["stages"][1]]}


def conditions(result: str, provider: str = "Commands", **configuration: str) -> Declared:
    kind = {"category": "Rule", "provider": provider}
    rule = {"name": "r", "ruleTypeId": kind, "configuration": configuration}
    return {"conditions": [{"result": result, "rules": [rule]}]}


CONDITIONS = conditions("FAIL")
CONNECTION = source(
    provider="CodeStarSourceConnection",
    configuration={"ConnectionArn": "arn", "FullRepositoryId": "a/b", "BranchName": "main"},
)


def triggered(name: str, count: int = 1) -> Declared:
    triggers = [
        {
            "providerType": "CodeStarSourceConnection",
            "gitConfiguration": {"sourceActionName": name, "push": [{"branches": {"includes": ["main"]}}]},
        }
    ] * count
    return {**first_stage_with(CONNECTION), "triggers": triggers}


STRUCTURE = "InvalidStructureException"
STAGE = "InvalidStageDeclarationException"
ACTION = "InvalidActionDeclarationException"

STORE = {"type": "S3", "location": "artifacts"}
STORELESS = {key: value for key, value in SMALL.items() if key != "artifactStore"}

BROKEN: dict[str, tuple[Declared, str, str]] = {
    "one stage": (one_stage(), STRUCTURE, "Pipeline has only 1 stage(s). There should be a minimum of 2 stages"),
    "51 stages": (
        pipeline(*(stage(f"S{i}", manual("a")) for i in range(50))),
        STRUCTURE,
        "Pipeline has 51 stages. There should be a maximum of 50",
    ),
    "a stage without actions": (pipeline(stage("Empty")), STAGE, "Stage 'Empty' has 0 actions"),
    "51 actions": (
        pipeline(stage("Full", *(manual(f"a{i}") for i in range(51)))),
        STAGE,
        "Stage 'Full' has 51 actions",
    ),
    "1001 actions": (
        pipeline(*(stage(f"S{i}", *(manual(f"a{j}") for j in range(50))) for i in range(20))),
        STRUCTURE,
        "more than 1000 actions",
    ),
    "a stage name twice": (
        pipeline(stage("Go", manual("a")), stage("Go", manual("a"))),
        STAGE,
        "Stage name 'Go' is used more than once",
    ),
    "an action name twice": (
        pipeline(stage("Go", manual("a"), manual("a"))),
        ACTION,
        "Action name 'a' is used more than once in stage 'Go'",
    ),
    "no source first": (
        first_stage_with(source(), manual("a")),
        STRUCTURE,
        "Pipeline should start with a stage that only contains source actions",
    ),
    "a source later": (
        pipeline(stage("Go", source(output="more"))),
        STRUCTURE,
        "Only the first stage may contain source actions; action 'Source' is in stage 'Go'",
    ),
    "an artifact never made": (
        pipeline(stage("Go", action("a", inputs=["nothing"]))),
        STRUCTURE,
        "Input Artifact Bundle nothing in action a is not declared as Output Artifact Bundle",
    ),
    "an artifact made beside its reader": (
        pipeline(stage("Go", action("a", outputs=["x"]), action("b", inputs=["x"]))),
        STRUCTURE,
        "Input Artifact Bundle x in action b",
    ),
    "an artifact made twice": (
        pipeline(stage("Go", action("a", outputs=["code"]))),
        STRUCTURE,
        "Output Artifact Bundle name must be unique within the pipeline. code has been used more than once.",
    ),
    "too few inputs": (
        pipeline(stage("Go", {**build(), "inputArtifacts": []})),
        ACTION,
        "Action Build declares 0 input artifacts which is less than the minimum count (1)",
    ),
    "too many outputs": (
        pipeline(stage("Go", manual("Ask", outputs=["x"]))),
        ACTION,
        "Action Ask declares 1 output artifacts which is more than the maximum count (0)",
    ),
    "a key that is missing": (
        pipeline(stage("Go", build(configuration={}))),
        ACTION,
        "Action configuration for action 'Build' is missing required configuration 'ProjectName'",
    ),
    "a key nobody knows": (
        pipeline(stage("Go", build(configuration={"ProjectName": "p", "Projekt": "q"}))),
        ACTION,
        "Action configuration for action 'Build' contains unknown configuration 'Projekt'",
    ),
    "a namespace twice": (
        pipeline(stage("Go", action("a", namespace="n"), action("b", namespace="n"))),
        STRUCTURE,
        "Namespace 'n' is used more than once",
    ),
    "a namespace AWS keeps": (
        pipeline(stage("Go", action("a", namespace="codepipeline"))),
        STRUCTURE,
        "Namespace 'codepipeline' is reserved",
    ),
    "a namespace like an artifact": (
        pipeline(stage("Go", action("a", namespace="code"))),
        STRUCTURE,
        "Namespace 'code' conflicts with an artifact of the same name",
    ),
    "a variable twice": (
        {**SMALL, "variables": [{"name": "A", "defaultValue": "1"}] * 2},
        STRUCTURE,
        "Pipeline variable 'A' is declared more than once",
    ),
    "two artifact stores": (
        {**SMALL, "artifactStores": {REGION: {"type": "S3", "location": "artifacts"}}},
        STRUCTURE,
        "either artifactStore or artifactStores, and not both",
    ),
    "no artifact store here": (
        {**STORELESS, "artifactStores": {"us-west-2": STORE}},
        STRUCTURE,
        f"Pipeline has no artifact store for region {REGION}",
    ),
    "no artifact store in an action's region": (
        pipeline(stage("Go", action("a", region="us-west-2"))),
        STRUCTURE,
        "Pipeline has no artifact store for region us-west-2",
    ),
    "V1 with variables": (
        {**SMALL, "pipelineType": "V1", "variables": [{"name": "A", "defaultValue": "1"}]},
        STRUCTURE,
        "Pipeline type V1 does not support variables",
    ),
    "V1 in a queue": (
        {**SMALL, "pipelineType": "V1", "executionMode": "QUEUED"},
        STRUCTURE,
        "Pipeline type V1 does not support executionMode QUEUED",
    ),
    "V1 with conditions": (
        {**pipeline(stage("Go", manual("a"), onSuccess=CONDITIONS)), "pipelineType": "V1"},
        STRUCTURE,
        "Pipeline type V1 does not support onSuccess of stage Go",
    ),
    "V1 with an action of V2": (
        pipeline(stage("Go", action("a", category="Compute", provider="Commands", inputs=["code"]))),
        ACTION,
        "Action 'a' of provider Commands needs pipeline type V2",
    ),
    "a trigger of no source": (triggered("Other"), STRUCTURE, "Trigger names source action 'Other'"),
    "two triggers of a source": (
        triggered("Source", 2),
        STRUCTURE,
        "Source action 'Source' has more than one trigger",
    ),
    "an entry that rolls back": (
        pipeline(stage("Go", manual("a"), beforeEntry=conditions("ROLLBACK"))),
        STAGE,
        "Stage 'Go': the result of beforeEntry is ROLLBACK, not FAIL or SKIP",
    ),
    "a success that skips": (
        pipeline(stage("Go", manual("a"), onSuccess=conditions("SKIP"))),
        STAGE,
        "Stage 'Go': the result of onSuccess is SKIP, not FAIL or ROLLBACK",
    ),
    "a window that skips": (
        pipeline(
            stage("Go", manual("a"), beforeEntry=conditions("SKIP", provider="DeploymentWindow", Cron="* * * * * ?"))
        ),
        STAGE,
        "Stage 'Go': rule 'r' of provider DeploymentWindow cannot have result SKIP",
    ),
    "a window without a time": (
        pipeline(stage("Go", manual("a"), beforeEntry=conditions("FAIL", provider="DeploymentWindow"))),
        STAGE,
        "Stage 'Go': rule 'r' is missing required configuration 'Cron'",
    ),
    "a condition that rolls back in parallel": (
        pipeline(stage("Go", manual("a"), onSuccess=conditions("ROLLBACK")), executionMode="PARALLEL"),
        STAGE,
        "Stage 'Go' cannot roll back: the pipeline's mode is PARALLEL",
    ),
    "a condition that rolls the source back": (
        {**SMALL, "stages": [stage("Source", source(), onSuccess=conditions("ROLLBACK")), SMALL["stages"][1]]},
        STAGE,
        "Stage 'Source' cannot roll back: it is the source stage",
    ),
    "retry and conditions": (
        pipeline(stage("Go", manual("a"), onFailure={"result": "RETRY", **CONDITIONS})),
        STAGE,
        "Stage 'Go' cannot have both automatic retry and failure conditions",
    ),
    "rollback in parallel": (
        pipeline(stage("Go", manual("a"), onFailure={"result": "ROLLBACK"}), executionMode="PARALLEL"),
        STAGE,
        "Stage 'Go' cannot roll back: the pipeline's mode is PARALLEL",
    ),
    "rollback of the source": (
        {
            **SMALL,
            "stages": [stage("Source", source(), onFailure={"result": "ROLLBACK"}), SMALL["stages"][1]],
        },
        STAGE,
        "Stage 'Source' cannot roll back: it is the source stage",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_structure_is_refused(api: PipelineApi, name: str) -> None:
    declared, code, message = BROKEN[name]
    error = api.refused("CreatePipeline", pipeline=declared)
    assert error.code == code
    assert message in error.message
    assert api.call("ListPipelines")["pipelines"] == []


@pytest.mark.parametrize("name", ["one stage", "a key that is missing", "V1 in a queue"])
def test_an_update_is_held_to_the_same_rules(api: PipelineApi, name: str) -> None:
    api.create(SMALL)
    declared, code, _ = BROKEN[name]
    assert api.refused("UpdatePipeline", pipeline=declared).code == code
    assert api.call("GetPipeline", name="line")["pipeline"]["version"] == 1


SOUND: dict[str, Callable[[], Declared]] = {
    "the smallest": lambda: SMALL,
    "50 stages": lambda: pipeline(*(stage(f"S{i}", manual("a")) for i in range(49))),
    "an artifact of an earlier run order": lambda: pipeline(
        stage("Go", action("b", 2, inputs=["x"]), action("a", 1, outputs=["x"]))
    ),
    "one artifact store for each region": lambda: {
        **STORELESS,
        "stages": [SMALL["stages"][0], stage("Go", action("a", region="us-west-2"))],
        "artifactStores": {REGION: STORE, "us-west-2": STORE},
    },
    "a provider nobody knows": lambda: pipeline(stage("Go", action("a", provider="Tomorrow"))),
    "a trigger": lambda: triggered("Source"),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_structure_is_taken(api: PipelineApi, name: str) -> None:
    api.create(SOUND[name]())
    assert api.call("GetPipeline", name="line")["pipeline"]["version"] == 1


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("name",), "with space"),
        (("roleArn",), "role"),
        (("executionMode",), "SOMETIMES"),
        (("stages", 1, "name"), "x" * 101),
        (("stages", 1, "actions", 0, "runOrder"), 0),
        (("stages", 1, "actions", 0, "configuration"), {"Key": "v" * 1001}),
        (("stages", 1, "actions", 0, "actionTypeId", "category"), "Magic"),
    ],
)
def test_what_the_model_does_not_allow_never_reaches_the_rules(
    api: PipelineApi, path: tuple[Any, ...], wrong: Any
) -> None:

    declared = copy.deepcopy(SMALL)
    place: Any = declared
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = wrong
    error = api.refused("CreatePipeline", pipeline=declared)
    assert error.code == "ValidationException"
    assert path[-1] in error.message
