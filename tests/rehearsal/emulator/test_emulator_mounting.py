"""Services behind the seam, asked over HTTP."""

from __future__ import annotations

import json
from datetime import UTC

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials, connect
from tests.rehearsal.emulator.conformance import conforming, refusal
from tests.rehearsal.emulator.fakes import MOMENT
from tests.rehearsal.emulator.stacks import Stack, allowing, trusting

PIPELINE = {
    "roleArn": "arn:aws:iam::123456789012:role/r",
    "artifactStore": {"type": "S3", "location": "bucket"},
    "stages": [],
}


def create(emulator: Emulator, name: str) -> None:
    emulator.client("codepipeline").create_pipeline(pipeline={**PIPELINE, "name": name})


def last_call(emulator: Emulator) -> dict[str, object]:
    calls = (emulator.settings.service_folder("codepipeline") / "calls.jsonl").read_text().splitlines()
    found: dict[str, object] = json.loads(calls[-1])
    return found


def test_a_service_is_asked_and_answers_through_boto3(recording: Emulator) -> None:
    create(recording, "asked")
    answer = conforming(recording.client("codepipeline", region="eu-west-1")).get_pipeline(name="asked")
    assert answer["pipeline"]["name"] == "asked"
    assert answer["metadata"]["created"].astimezone(UTC) == MOMENT
    assert last_call(recording) == {"operation": "GetPipeline", "request": {"name": "asked"}, "caller": None}


def test_an_error_of_the_service_reaches_the_caller(recording: Emulator) -> None:
    client = recording.client("codepipeline")
    assert refusal(client, "GetPipeline", name="absent") == ("PipelineNotFoundException", "no pipeline absent")


def test_a_service_never_sees_what_the_model_does_not_allow(recording: Emulator) -> None:
    client = recording.client("codepipeline")
    code, text = refusal(client, "GetPipeline", name="not a name")
    assert code == "ValidationException"
    assert "at 'name' failed to satisfy constraint" in text
    assert last_call(recording)["request"] != {"name": "not a name"}


@pytest.mark.parametrize(
    ("operation", "request_"),
    [("list_pipelines", {}), ("poll_for_jobs", {"actionTypeId": {
        "category": "Build", "owner": "Custom", "provider": "x", "version": "1"}})],
)  # fmt: skip
def test_a_mistake_of_the_service_is_an_internal_failure_and_in_the_log(
    recording: Emulator, operation: str, request_: dict[str, object]
) -> None:
    with pytest.raises(ClientError, match="InternalFailure"):
        getattr(recording.client("codepipeline"), operation)(**request_)
    assert "codepipeline failed to answer" in recording.settings.log_file.read_text()


def test_roles_are_judged_on_the_pipeline_they_name(recording: Emulator) -> None:
    own = {"Fn::Sub": "arn:aws:codepipeline:${AWS::Region}:${AWS::AccountId}:mine"}
    role = {
        "AssumeRolePolicyDocument": trusting("codebuild"),
        "Policies": [{"PolicyName": "p", "PolicyDocument": allowing("codepipeline:GetPipeline", resource=own)}],
    }
    stack = Stack(recording, {"Role": {"Type": "AWS::IAM::Role", "Properties": role}})
    name = stack.physical_id("Role")
    keys = recording.client("sts").assume_role(RoleArn=f"arn:aws:iam::123456789012:role/{name}", RoleSessionName="me")[
        "Credentials"
    ]
    session = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    client = connect("codepipeline", recording.endpoint, session, "us-east-1")
    create(recording, "mine")
    assert client.get_pipeline(name="mine")["pipeline"]["name"] == "mine"
    assert last_call(recording)["caller"] == f"arn:aws:sts::123456789012:assumed-role/{name}/me"
    with pytest.raises(ClientError, match="AccessDenied"):
        client.get_pipeline(name="other")
    with pytest.raises(ClientError, match="AccessDenied"):
        client.list_pipelines()


def test_an_unknown_operation_is_refused_by_name(emulator: Emulator) -> None:
    with pytest.raises(ClientError, match="The rehearsal does not carry out ListHosts"):
        emulator.client("codeconnections").list_hosts()
