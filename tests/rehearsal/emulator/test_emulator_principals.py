"""What decides of a role is carried to the judge: its boundary, and managed policies, AWS's own all of them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.aws_rules import schemas
from generator.rehearsal.emulator.cloudformation.validation.principals import CARRIED
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Client, Credentials, connect
from tests.rehearsal.emulator.roles import ACCOUNT, Role, refused
from tests.rehearsal.emulator.stacks import Stack, allowing
from tests.rehearsal.emulator.validation.asking import failure, role

# Made by the account, so that everybody may assume the roles of these tests.
_BY_ANYBODY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}],
}
_QUEUES = [{"PolicyName": "queues", "PolicyDocument": allowing("sqs:*")}]
_LIMIT = {
    "Type": "AWS::IAM::ManagedPolicy",
    "Properties": {"PolicyDocument": allowing("s3:*")},
}
_ELSEWHERE = f"arn:aws:iam::{ACCOUNT}:policy/of-the-platform-team"


def _role(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": _BY_ANYBODY, **properties}}


def _as(emulator: Emulator, name: str, service: str) -> Client:
    arn = f"arn:aws:iam::{ACCOUNT}:role/{name}"
    keys = emulator.client("sts").assume_role(RoleArn=arn, RoleSessionName="me")["Credentials"]
    credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return connect(service, emulator.endpoint, credentials, "us-east-1")


def test_the_boundary_of_a_stack_s_role_limits_it_until_an_update_takes_it_away(emulator: Emulator) -> None:
    bounded = {"Limit": _LIMIT, "R": _role(Policies=_QUEUES, PermissionsBoundary={"Ref": "Limit"})}
    stack = Stack(emulator, bounded)
    queues = _as(emulator, stack.physical_id("R"), "sqs")
    assert "no permissions boundary allows the sqs:ListQueues action" in refused(queues.list_queues)
    assert stack.update({"Limit": _LIMIT, "R": _role(Policies=_QUEUES)}) == "UPDATE_COMPLETE"
    queues.list_queues()
    assert stack.update(bounded) == "UPDATE_COMPLETE"
    assert "no permissions boundary allows the sqs:ListQueues action" in refused(queues.list_queues)


@pytest.mark.parametrize("kind", sorted(CARRIED))
def test_every_property_of_a_principal_and_a_policy_is_carried_or_decides_nothing(kind: str) -> None:
    schema = schemas.schema_of(kind, "us-east-1") or {}
    read_only = {pointer.rpartition("/")[2] for pointer in schema.get("readOnlyProperties", ())}
    assert set(schema["properties"]) - read_only == CARRIED[kind]


def test_a_policy_of_aws_s_own_grants_what_it_says(emulator: Emulator) -> None:
    reader = Role(emulator)
    arn = "arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"
    emulator.client("iam").attach_role_policy(RoleName=reader.name, PolicyArn=arn)
    reader.client("ssm").describe_parameters()
    assert "no identity-based policy" in refused(reader.client("ssm").put_parameter, Name="a", Value="a", Type="String")


@pytest.mark.parametrize(
    ("arn", "code", "words"),
    [
        ("arn:aws:iam::aws:policy/AmazonSSMReadAccess", "NoSuchEntity", "does not exist or is not attachable."),
        (_ELSEWHERE, "NoSuchEntity", "does not exist or is not attachable."),
        ("AmazonSSMReadOnlyAccess.and-more", "ValidationError", "ARN AmazonSSMReadOnlyAccess.and-more is not valid."),
        (
            "arn:aws:iam::aws:policy/aws-service-role/AWSLambdaReplicator",
            "PolicyNotAttachable",
            "Cannot attach a Service Role Policy to a Customer Role.",
        ),
    ],
)
def test_a_program_cannot_attach_a_policy_that_there_is_not(
    emulator: Emulator, arn: str, code: str, words: str
) -> None:
    with pytest.raises(ClientError) as caught:
        emulator.client("iam").attach_role_policy(RoleName=Role(emulator).name, PolicyArn=arn)
    assert (caught.value.response["Error"]["Code"], words in str(caught.value)) == (code, True)


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        (
            {"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonSSMReadAccess"]},
            "Policy arn:aws:iam::aws:policy/AmazonSSMReadAccess does not exist or is not attachable.",
        ),
        (
            {"PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonSSMReadAccess"},
            "Scope ARN: arn:aws:iam::aws:policy/AmazonSSMReadAccess does not exist or is not attachable.",
        ),
    ],
)
def test_a_stack_cannot_attach_a_policy_that_there_is_not(
    emulator: Emulator, properties: dict[str, Any], words: str
) -> None:
    assert failure(emulator, {"R": role("lambda", **properties)}) == (
        f'Resource handler returned message: "{words} (Service: Iam, Status Code: 404)" (HandlerErrorCode: NotFound)'
    )


@pytest.mark.parametrize("properties", [{"ManagedPolicyArns": [_ELSEWHERE]}, {"PermissionsBoundary": _ELSEWHERE}])
def test_a_policy_that_only_the_user_s_account_has_is_not_rehearsed(
    emulator: Emulator, properties: dict[str, Any]
) -> None:
    before = len(emulator.ledger()["not_rehearsed"])
    assert failure(emulator, {"R": role("lambda", **properties)}) == ""
    (note,) = emulator.ledger()["not_rehearsed"][before:]
    words = f"R has the policy {_ELSEWHERE}, which no stack here creates: its rights are not known"
    assert note == f"{words}; tell them with --existing policy:{_ELSEWHERE}=FILE"


def test_sam_finds_every_policy_of_aws_s_by_its_name(emulator: Emulator) -> None:
    function = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "InlineCode": "def handler(event, context): return 1",
            "Policies": ["AWSCodePipelineCustomActionAccess", "AIDevOpsAgentAccessPolicy"],
        },
    }
    stack = Stack(emulator, {"F": function}, Transform="AWS::Serverless-2016-10-31")
    assert stack.status == "CREATE_COMPLETE", stack.failures
    name = stack.physical_id("FRole")
    attached = emulator.client("iam").list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert {policy["PolicyName"] for policy in attached} >= {
        "AWSCodePipelineCustomActionAccess",
        "AIDevOpsAgentAccessPolicy",
    }
