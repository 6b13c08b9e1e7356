"""Pipelines and their tags through the API; answers are checked against AWS's model by PipelineApi."""

from __future__ import annotations

import pytest

from tests.rehearsal.codepipeline.pipeline_api import (
    ACCOUNT,
    REGION,
    SMALL,
    START,
    PipelineApi,
    action,
    pipeline,
    stage,
)

ARN = f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:line"


def test_a_created_pipeline_is_shown_with_aws_defaults(api: PipelineApi) -> None:
    bare = pipeline(stage("Go", {k: v for k, v in action("a").items() if k in ("name", "actionTypeId")}))
    answer = api.call("CreatePipeline", pipeline=bare)["pipeline"]
    assert (answer["version"], answer["executionMode"], answer["pipelineType"]) == (1, "SUPERSEDED", "V1")
    shown = answer["stages"][1]["actions"][0]
    assert (shown["runOrder"], shown["configuration"], shown["inputArtifacts"]) == (1, {}, [])
    assert "executionMode" not in bare, "what the caller gave is left as it was"


def test_what_only_v2_has_makes_a_pipeline_v2(api: PipelineApi) -> None:
    api.create({**SMALL, "variables": [{"name": "A", "defaultValue": "1"}]})
    assert api.call("GetPipeline", name="line")["pipeline"]["pipelineType"] == "V2"


def test_a_pipeline_is_shown_with_its_arn_and_dates(api: PipelineApi) -> None:
    api.create(SMALL)
    metadata = api.call("GetPipeline", name="line")["metadata"]
    assert metadata == {"pipelineArn": ARN, "created": START, "updated": START}


def test_every_version_stays_readable(api: PipelineApi) -> None:
    api.create(SMALL)
    api.clock.advance(minutes=1)
    api.call("UpdatePipeline", pipeline=pipeline(stage("Other", action("Other"))))
    assert api.call("GetPipeline", name="line")["pipeline"]["version"] == 2
    first = api.call("GetPipeline", name="line", version=1)["pipeline"]
    assert [s["name"] for s in first["stages"]] == ["Source", "Build", "Deploy"]
    assert api.refused("GetPipeline", name="line", version=3).code == "PipelineVersionNotFoundException"


def test_a_name_is_taken_once(api: PipelineApi) -> None:
    api.create(SMALL)
    assert api.refused("CreatePipeline", pipeline=SMALL).code == "PipelineNameInUseException"


def test_deleting_and_creating_again_begins_anew(api: PipelineApi) -> None:
    api.create(SMALL)
    api.call("DeletePipeline", name="line")
    api.call("DeletePipeline", name="line")
    api.begun.clear()
    api.create(SMALL)
    assert len(api.call("ListPipelineExecutions", pipelineName="line")["pipelineExecutionSummaries"]) == 1


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("GetPipeline", {"name": "none"}),
        ("GetPipelineState", {"name": "none"}),
        ("StartPipelineExecution", {"name": "none"}),
        ("ListPipelineExecutions", {"pipelineName": "none"}),
        ("ListActionExecutions", {"pipelineName": "none"}),
        ("ListRuleExecutions", {"pipelineName": "none"}),
    ],
)
def test_a_pipeline_that_is_not_there_is_named(api: PipelineApi, operation: str, request_: dict[str, str]) -> None:
    error = api.refused(operation, **request_)
    assert error.code == "PipelineNotFoundException"
    assert "'none'" in error.message


def test_updating_a_pipeline_that_is_not_there_is_refused(api: PipelineApi) -> None:
    assert api.refused("UpdatePipeline", pipeline=SMALL).code == "InvalidStructureException"


def test_pipelines_are_listed_in_pages(api: PipelineApi) -> None:
    for name in ("c", "a", "b"):
        api.call("CreatePipeline", pipeline={**SMALL, "name": name})
    first = api.call("ListPipelines", maxResults=2)
    second = api.call("ListPipelines", maxResults=2, nextToken=first["nextToken"])
    assert [p["name"] for p in first["pipelines"] + second["pipelines"]] == ["a", "b", "c"]
    assert "nextToken" not in second


@pytest.mark.parametrize("token", ["next", "99", "-1"])
def test_a_wrong_page_is_refused(api: PipelineApi, token: str) -> None:
    assert api.refused("ListPipelines", nextToken=token).code == "InvalidNextTokenException"


def test_tags_come_go_and_change(api: PipelineApi) -> None:
    api.call("CreatePipeline", pipeline=SMALL, tags=[{"key": "team", "value": "a"}])
    api.call(
        "TagResource",
        resourceArn=ARN,
        tags=[{"key": "team", "value": "b"}, {"key": "cost", "value": "1"}],
    )
    assert api.call("ListTagsForResource", resourceArn=ARN)["tags"] == [
        {"key": "cost", "value": "1"},
        {"key": "team", "value": "b"},
    ]
    api.call("UntagResource", resourceArn=ARN, tagKeys=["cost", "never"])
    assert api.call("ListTagsForResource", resourceArn=ARN)["tags"] == [{"key": "team", "value": "b"}]


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([{"key": f"k{i}", "value": ""} for i in range(51)], "TooManyTagsException"),
        ([{"key": "aws:own", "value": ""}], "InvalidTagsException"),
    ],
)
def test_tags_have_limits(api: PipelineApi, tags: list[dict[str, str]], code: str) -> None:
    assert api.refused("CreatePipeline", pipeline=SMALL, tags=tags).code == code
    api.create(SMALL)
    assert api.refused("TagResource", resourceArn=ARN, tags=tags).code == code


@pytest.mark.parametrize(
    ("arn", "code"),
    [
        (f"{ARN}x", "ResourceNotFoundException"),
        (ARN.replace(REGION, "us-east-1"), "ResourceNotFoundException"),
        (f"{ARN}:stage", "InvalidArnException"),
    ],
)
def test_the_arn_of_something_else_is_refused(api: PipelineApi, arn: str, code: str) -> None:
    api.create(SMALL)
    assert api.refused("ListTagsForResource", resourceArn=arn).code == code
