"""AWS's JSON protocols and the values it refuses, without an emulator."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from generator.rehearsal.emulator.constraints import violations
from generator.rehearsal.emulator.resources import resource_of
from generator.rehearsal.emulator.wire import answer, model_of, operation_of, parse, refusal
from generator.rehearsal.service import ServiceError

CODEPIPELINE = model_of("codepipeline")


def parsed(operation: str, request: Any) -> dict[str, Any]:
    return parse(CODEPIPELINE.operation_model(operation), json.dumps(request).encode())


def refused(operation: str, request: Any) -> tuple[str, str]:
    with pytest.raises(ServiceError) as raised:
        parsed(operation, request)
    return raised.value.code, raised.value.message


def test_an_operation_is_known_by_its_target_or_by_its_path() -> None:
    by_target = operation_of(CODEPIPELINE, "/", {"x-amz-target": "CodePipeline_20150709.GetPipeline"})
    by_path = operation_of(model_of("codestar-notifications"), "/createNotificationRule", {})
    assert by_target is not None
    assert by_target.name == "GetPipeline"
    assert by_path is not None
    assert by_path.name == "CreateNotificationRule"
    assert operation_of(CODEPIPELINE, "/", {"x-amz-target": "CodePipeline_20150709.Nonsense"}) is None


def test_null_and_unknown_members_are_left_out() -> None:
    assert parsed("GetPipeline", {"name": "shop", "version": None, "colour": "red"}) == {"name": "shop"}


def test_blobs_arrive_decoded() -> None:
    codecommit = model_of("codecommit")
    put = parse(codecommit.operation_model("PutFile"), b'{"fileContent": "aGVsbG8=", "branchName": "main"}')
    assert put["fileContent"] == b"hello"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "Expecting property name"),
        (b"[]", "[] can not be converted to structure GetPipelineInput"),
        (b'{"name": 1}', "1 can not be converted to string PipelineName"),
        (b'{"name": "p", "version": "1"}', '"1" can not be converted to integer PipelineVersion'),
        (b'{"name": "p", "version": true}', "true can not be converted to integer PipelineVersion"),
    ],
)
def test_a_body_of_the_wrong_types_is_a_serialization_exception(body: bytes, message: str) -> None:
    with pytest.raises(ServiceError, match="SerializationException") as raised:
        parse(CODEPIPELINE.operation_model("GetPipeline"), body)
    assert message in raised.value.message


@pytest.mark.parametrize(
    ("operation", "request_", "text"),
    [
        ("GetPipeline", {}, "Value null at 'name' failed to satisfy constraint: Member must not be null"),
        (
            "GetPipeline",
            {"name": "a b"},
            (
                "Value 'a b' at 'name' failed to satisfy constraint: "
                "Member must satisfy regular expression pattern: [A-Za-z0-9.@\\-_]+"
            ),
        ),
        (
            "GetPipeline",
            {"name": "x" * 101},
            (
                f"Value '{'x' * 101}' at 'name' failed to satisfy constraint: "
                "Member must have length less than or equal to 100"
            ),
        ),
        (
            "GetPipeline",
            {"name": "p", "version": 0},
            "Value '0' at 'version' failed to satisfy constraint: Member must have value greater than or equal to 1",
        ),
        (
            "EnableStageTransition",
            {"pipelineName": "p", "stageName": "s", "transitionType": "Sideways"},
            (
                "Value 'Sideways' at 'transitionType' failed to satisfy constraint: "
                "Member must satisfy enum value set: [Inbound, Outbound]"
            ),
        ),
        (
            "StartPipelineExecution",
            {"name": "p", "variables": []},
            (
                "Value '[]' at 'variables' failed to satisfy constraint: "
                "Member must have length greater than or equal to 1"
            ),
        ),
    ],
)
def test_a_value_the_model_does_not_allow_is_refused_in_awss_words(
    operation: str, request_: dict[str, Any], text: str
) -> None:
    assert refused(operation, request_) == ("ValidationException", f"1 validation error detected: {text}")


def test_all_violations_are_told_at_once_with_their_places() -> None:
    stage = {"name": "a b", "actions": [{"name": "x", "actionTypeId": {"category": "Source"}}]}
    code, text = refused("CreatePipeline", {"pipeline": {"name": "p", "roleArn": "no", "stages": [stage]}})
    assert code == "ValidationException"
    assert text.startswith("5 validation errors detected: Value 'no' at 'pipeline.roleArn'")
    for place in ("pipeline.stages.1.member.name", "pipeline.stages.1.member.actions.1.member.actionTypeId.owner"):
        assert f"at '{place}'" in text


def test_a_service_that_names_no_validation_error_checks_for_itself() -> None:
    assert parse(model_of("codecommit").operation_model("GetBranch"), b"{}") == {}


def test_codebuild_refuses_with_the_error_it_names() -> None:
    with pytest.raises(ServiceError) as raised:
        parse(model_of("codebuild").operation_model("StartBuild"), b"{}")
    assert raised.value.code == "InvalidInputException"


def test_a_pattern_only_java_reads_refuses_nothing() -> None:
    tag = model_of("codestar-notifications").shape_for("TagKey")
    assert violations(tag, "größe") == []


def test_an_answer_is_written_with_epoch_seconds_and_without_none() -> None:
    result = {
        "pipeline": {"name": "p", "roleArn": "arn", "stages": [], "version": 1},
        "metadata": {"created": datetime(2026, 1, 2, tzinfo=UTC), "updated": None},
    }
    reply = answer(CODEPIPELINE.operation_model("GetPipeline"), result)
    assert (reply.status, reply.headers) == (200, {"Content-Type": "application/x-amz-json-1.1"})
    assert json.loads(reply.body)["metadata"] == {"created": 1767312000.0}


@pytest.mark.parametrize(
    ("result", "error"),
    [({"pipelines": []}, KeyError), ({"metadata": {"created": datetime(2026, 1, 2)}}, TypeError)],  # noqa: DTZ001 - the mistake
)
def test_an_answer_that_is_not_the_models_is_our_mistake(result: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        answer(CODEPIPELINE.operation_model("GetPipeline"), result)


def test_a_refusal_carries_code_text_and_the_shapes_own_members() -> None:
    reply = refusal(model_of("codecommit"), ServiceError("BranchDoesNotExistException", "no main", extra=1))
    assert reply.status == 400
    assert json.loads(reply.body) == {
        "__type": "BranchDoesNotExistException",
        "message": "no main",
        "extra": 1,
    }


@pytest.mark.parametrize(
    ("service", "operation", "request_", "arn"),
    [
        ("codepipeline", "GetPipeline", {"name": "p"}, "arn:aws:codepipeline:r:1:p"),
        ("codepipeline", "CreatePipeline", {"pipeline": {"name": "p"}}, "arn:aws:codepipeline:r:1:p"),
        (
            "codepipeline",
            "RetryStageExecution",
            {"pipelineName": "p", "stageName": "s"},
            "arn:aws:codepipeline:r:1:p/s",
        ),
        (
            "codepipeline",
            "PutApprovalResult",
            {"pipelineName": "p", "stageName": "s", "actionName": "a"},
            "arn:aws:codepipeline:r:1:p/s/a",
        ),
        ("codepipeline", "PutJobSuccessResult", {"jobId": "j"}, None),
        ("codepipeline", "TagResource", {"resourceArn": "arn:aws:codepipeline:r:1:p"}, "arn:aws:codepipeline:r:1:p"),
        ("codecommit", "GetBranch", {"repositoryName": "shop"}, "arn:aws:codecommit:r:1:shop"),
        ("codebuild", "StartBuild", {"projectName": "b"}, "arn:aws:codebuild:r:1:project/b"),
        ("codebuild", "BatchGetBuilds", {"ids": ["b:1234"]}, "arn:aws:codebuild:r:1:project/b"),
        ("codebuild", "ListBuilds", {}, None),
        ("codeconnections", "GetConnection", {"ConnectionArn": "arn:x"}, "arn:x"),
        ("s3", "PutObject", {"name": "p"}, None),
    ],
)
def test_iam_judges_a_call_on_the_resource_it_is_about(
    service: str, operation: str, request_: dict[str, Any], arn: str | None
) -> None:
    headers = {"x-amz-target": f"Any.{operation}"}
    assert resource_of(service, headers, json.dumps(request_).encode(), "r", "1") == arn


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"name"'])
def test_a_body_that_is_no_object_names_no_resource(body: bytes) -> None:
    assert resource_of("codepipeline", {}, body, "r", "1") is None
