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
from tests.rehearsal.emulator.stacks import Stack, allowing, role_trust

PIPELINE = {
    "roleArn": "arn:aws:iam::123456789012:role/r",
    "artifactStore": {"type": "S3", "location": "bucket"},
    "stages": [],
}


def create(emulator: Emulator, name: str) -> None:
    emulator.client("codepipeline").create_pipeline(pipeline={**PIPELINE, "name": name})


def last_call(emulator: Emulator) -> dict[str, object]:
    calls = (emulator.settings.service_folder("codepipeline") / "calls.jsonl").read_text().splitlines()
    parsed: dict[str, object] = json.loads(calls[-1])
    return parsed


def test_a_service_is_asked_and_answers_through_boto3(recording: Emulator) -> None:
    create(recording, "asked")
    answer = conforming(recording.client("codepipeline")).get_pipeline(name="asked")
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
        "AssumeRolePolicyDocument": role_trust("codebuild"),
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
    with pytest.raises(ClientError, match="The rehearsal does not support ListHosts"):
        emulator.client("codeconnections").list_hosts()


def trust(service: str, **conditions: str) -> dict[str, object]:
    document = role_trust(service)
    if conditions:
        document["Statement"][0]["Condition"] = {"StringEquals": {f"aws:{k}": v for k, v in conditions.items()}}
    return document


def permissions(emulator: Emulator, document: dict[str, object]) -> str:
    """Who CodePipeline is when it acts with a role of this trust policy for the pipeline of the role's name."""
    name = f"acting-{len(emulator.client('iam').list_roles()['Roles'])}"
    text = json.dumps(document).replace(":NAME", f":{name}")
    emulator.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=text)
    arn = f"arn:aws:codepipeline:us-east-1:123456789012:{name}"
    return str(emulator.client("codepipeline").list_tags_for_resource(resourceArn=arn)["tags"][0]["value"])


@pytest.mark.parametrize(
    "conditions",
    [{}, {"SourceAccount": "123456789012"}, {"SourceArn": "arn:aws:codepipeline:us-east-1:123456789012:NAME"}],
)
def test_a_service_acts_with_a_role_that_trusts_it(recording: Emulator, conditions: dict[str, str]) -> None:
    assert permissions(recording, trust("codepipeline", **conditions)).endswith("/rehearsal")


@pytest.mark.parametrize(
    "document",
    [
        trust("codebuild"),
        trust("codepipeline", SourceAccount="999999999999"),
        trust("codepipeline", SourceArn="arn:aws:codepipeline:us-east-1:123456789012:other"),
    ],
)
def test_a_service_is_refused_by_a_role_that_does_not_trust_it(
    recording: Emulator, document: dict[str, object]
) -> None:
    with pytest.raises(ClientError, match=r"codepipeline\.amazonaws\.com is not authorized to perform: sts:AssumeRole"):
        permissions(recording, document)
