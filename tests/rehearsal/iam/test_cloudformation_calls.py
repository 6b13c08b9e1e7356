"""The lists of what CloudFormation calls: every list is complete in form, and every right in it counts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import cfnlint
import pytest

from generator.permissions.unknown_actions import NOT_LISTED_BY_IAM
from generator.rehearsal.iam.authority import Authority
from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind
from generator.rehearsal.iam.cloudformation_calls.questions import Needed, to_create, to_delete, to_update
from generator.rehearsal.iam.cloudformation_calls.types import KINDS, kind_of
from generator.rehearsal.iam.cloudformation_calls.values import Here, Resource, physical_id
from generator.rehearsal.iam.policies import PrincipalPolicies, ResourcePolicy
from generator.rehearsal.iam.policy import read
from generator.rehearsal.iam.principals import Names
from generator.rehearsal.iam.question import Question
from tests.rehearsal.iam.cloudformation_call_examples import EXAMPLES, Example

HERE = Here(
    "us-east-1",
    "123456789012",
    "shop-beta",
    key_of_bucket=lambda bucket: f"key-of-{bucket}",
    role="arn:aws:iam::123456789012:role/deploy",
)
ROLE = "arn:aws:iam::123456789012:role/deploy"
WITHOUT_CALLS = {"AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}
# Every property of it is fixed, or PATCH of the account's settings is all there is.
WITHOUT_DELETE = {"AWS::ApiGateway::Account", *WITHOUT_CALLS}


def resolved(value: Any) -> Any:
    """Properties as CloudFormation hands them over: references have become texts."""
    if isinstance(value, Mapping):
        if set(value) == {"Ref"}:
            return f"the-{value['Ref']}"
        if set(value) == {"Fn::GetAtt"}:
            return f"arn:aws:made:us-east-1:123456789012:the-{value['Fn::GetAtt'][0]}"
        return {name: resolved(item) for name, item in value.items()}
    return [resolved(item) for item in value] if isinstance(value, list) else value


def operations(kind: Kind, example: Example) -> dict[str, list[Needed]]:
    """What creating, changing and deleting the example asks for."""
    created, changed = resolved(example.created), resolved(example.changed)
    existing = physical_id(kind, "It", created, HERE)
    needs = {
        "create": to_create(kind, "It", created, HERE),
        "delete": to_delete(kind, Resource("It", existing, created), HERE),
    }
    if changed is not None:
        needs["update"] = to_update(kind, Resource("It", existing, changed), created, HERE)
    return needs


class Book:
    """A directory in which one role holds exactly these rights."""

    def __init__(self, needs: Iterable[Needed]) -> None:
        statements = [
            {
                "Effect": "Allow",
                "Action": need.action,
                "Resource": need.resource,
                **({"Condition": {"StringEquals": dict(need.context)}} if need.context else {}),
            }
            for need in needs
        ]
        self._policy = read({"Version": "2012-10-17", "Statement": statements}, ROLE, "p")

    def policies_of(self, principal: str) -> PrincipalPolicies:
        return PrincipalPolicies(Names(principal, ROLE, "123456789012"), (self._policy,))

    def resource_policy(self, _question: Question) -> ResourcePolicy | None:
        return None

    def keys(self, _question: Question) -> Mapping[str, str]:
        return {}


def refused(held: Iterable[Needed], asked: Iterable[Needed]) -> list[Needed]:
    authority = Authority(Book(held))
    questions = {id(need): Question(ROLE, need.action, need.resource, need.context) for need in asked}
    return [need for need in asked if not authority.ask(questions[id(need)]).allowed]


CASES = [
    pytest.param(kind, operation, id=f"{kind.type} {operation}")
    for kind in KINDS.values()
    for operation in operations(kind, EXAMPLES[kind.type])
    if not (kind.type in WITHOUT_CALLS or (operation == "delete" and kind.type in WITHOUT_DELETE))
]


@pytest.mark.parametrize(("kind", "operation"), CASES)
def test_with_all_of_them_it_is_allowed_and_with_one_left_out_that_one_is_refused(kind: Kind, operation: str) -> None:
    needs = operations(kind, EXAMPLES[kind.type])[operation]
    assert needs
    assert refused(needs, needs) == []
    for left_out in needs:
        assert refused([need for need in needs if need != left_out], needs) == [left_out]


@pytest.mark.parametrize(("kind", "operation"), CASES)
def test_every_right_names_a_whole_resource(kind: Kind, operation: str) -> None:
    for need in operations(kind, EXAMPLES[kind.type])[operation]:
        assert need.resource == "*" or re.fullmatch(
            r"(arn:[^{}]+[^{}:/]|.*log-stream:)|key-of-\w+|the-\w+", need.resource
        )
        assert not [value for value in need.context.values() if "{" in value]


def every_call(kind: Kind) -> list[Call]:
    return [*kind.create, *kind.both, *kind.read, *kind.update, *kind.delete]


def test_every_action_is_one_of_iams() -> None:
    file = Path(cfnlint.__file__).parent / "data" / "AdditionalSpecs" / "Policies.json"
    services = json.loads(file.read_text(encoding="utf-8"))
    explained = {action.lower() for action in NOT_LISTED_BY_IAM}
    explained |= {f"{name}:{action}" for name, service in services.items() for action in service.get("Actions", ())}
    listed = {call.action for kind in KINDS.values() for call in every_call(kind)}
    assert {action for action in listed if action.lower() not in explained} == set()


def test_a_custom_resource_is_listed_and_an_unknown_type_is_not() -> None:
    assert kind_of("Custom::Anything") is kind_of("AWS::CloudFormation::CustomResource")
    assert kind_of("AWS::EC2::VPC") is None


def needed(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    return {need.action for need in to_update(KINDS[kind], Resource("It", "it", new), old, HERE)}


@pytest.mark.parametrize(
    ("kind", "old", "new", "actions"),
    [
        ("AWS::SQS::Queue", {"Tags": [{"Key": "a", "Value": "1"}]}, {"Tags": []}, {"sqs:UntagQueue"}),
        (
            "AWS::SQS::Queue",
            {"Tags": [{"Key": "a", "Value": "1"}]},
            {"Tags": [{"Key": "a", "Value": "2"}]},
            {"sqs:TagQueue"},
        ),
        (
            "AWS::SQS::Queue",
            {"Tags": [{"Key": "aws:x", "Value": "1"}]},
            {},
            set(),
        ),
        ("AWS::SQS::Queue", {"DelaySeconds": 1}, {}, {"sqs:SetQueueAttributes"}),
        ("AWS::Lambda::Function", {"Timeout": 1}, {"Timeout": 2}, {"lambda:UpdateFunctionConfiguration"}),
        (
            "AWS::Lambda::Function",
            {"Code": {"ZipFile": "a"}},
            {"Code": {"ZipFile": "b"}},
            {"lambda:UpdateFunctionCode"},
        ),
        ("AWS::Lambda::Function", {"ReservedConcurrentExecutions": 1}, {}, {"lambda:DeleteFunctionConcurrency"}),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 1}, {}, {"logs:DeleteRetentionPolicy"}),
        ("AWS::IAM::Role", {"PermissionsBoundary": "b"}, {}, {"iam:DeleteRolePermissionsBoundary"}),
        ("AWS::IAM::Role", {"ManagedPolicyArns": ["a", "b"]}, {"ManagedPolicyArns": ["a"]}, {"iam:DetachRolePolicy"}),
    ],
)
def test_an_update_asks_for_what_changes(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any], actions: set[str]
) -> None:
    reads = {call.action for call in KINDS[kind].read}
    assert needed(kind, old, new) - reads == actions


def test_only_what_is_taken_away_is_detached() -> None:
    old, new = {"ManagedPolicyArns": ["arn:a", "arn:b"]}, {"ManagedPolicyArns": ["arn:a"]}
    needs = to_update(KINDS["AWS::IAM::Role"], Resource("It", "it", new), old, HERE)
    assert [need.context for need in needs if need.action == "iam:DetachRolePolicy"] == [{"iam:PolicyARN": "arn:b"}]


def test_code_in_s3_is_read_and_decrypted_when_its_bucket_has_a_key() -> None:
    properties = {"Role": "arn:role", "Code": {"S3Bucket": "b", "S3Key": "k.zip", "S3ObjectVersion": "3"}}
    needs = {need.action: need for need in to_create(KINDS["AWS::Lambda::Function"], "F", properties, HERE)}
    assert needs["s3:GetObjectVersion"].resource == needs["s3:GetObject"].resource == "arn:aws:s3:::b/k.zip"
    assert needs["kms:Decrypt"].resource == "key-of-b"
    assert needs["iam:PassRole"].context == {"iam:PassedToService": "lambda.amazonaws.com"}
    plain = Here("us-east-1", "123456789012", "s")
    assert "kms:Decrypt" not in {
        need.action for need in to_create(KINDS["AWS::Lambda::Function"], "F", properties, plain)
    }


def test_tags_of_a_stage_ask_by_verb_and_by_name() -> None:
    stage, tagged = {"ApiId": "a1", "StageName": "$default"}, {"Tags": {"httpapi:createdBy": "SAM"}}
    result = to_create(KINDS["AWS::ApiGatewayV2::Stage"], "S", {**stage, **tagged}, HERE)
    by_name = [need.resource for need in result if need.action == "apigateway:TagResource"]
    assert by_name == ["arn:aws:apigateway:us-east-1::/apis/a1/stages"]
    assert needed("AWS::ApiGatewayV2::Stage", {**stage, **tagged}, stage) >= {"apigateway:UntagResource"}
    assert "apigateway:TagResource" not in {
        need.action for need in to_create(KINDS["AWS::ApiGatewayV2::Stage"], "S", stage, HERE)
    }


def test_a_nested_stack_is_handed_the_role_of_its_parent() -> None:
    (passing,) = [
        need
        for need in to_create(KINDS["AWS::CloudFormation::Stack"], "N", {"TemplateURL": "https://x"}, HERE)
        if need.action == "iam:PassRole"
    ]
    assert (passing.resource, passing.context) == (ROLE, {"iam:PassedToService": "cloudformation.amazonaws.com"})


def test_a_table_under_a_customer_s_key_is_made_with_rights_to_the_key() -> None:
    key = {"SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": "arn:aws:kms:us-east-1:123456789012:key/k"}}
    needs = to_create(KINDS["AWS::DynamoDB::Table"], "T", key, HERE)
    of_key = {need.action: need.context["kms:ViaService"] for need in needs if need.action.startswith("kms:")}
    assert of_key.keys() >= {"kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey"}
    assert set(of_key.values()) == {"dynamodb.us-east-1.amazonaws.com"}


def test_a_role_brings_its_boundary_and_its_path() -> None:
    properties = {"PermissionsBoundary": "arn:boundary", "Path": "/app/", "RoleName": "r"}
    created = to_create(KINDS["AWS::IAM::Role"], "R", properties, HERE)[0]
    assert created.context == {"iam:PermissionsBoundary": "arn:boundary"}
    assert created.resource == "arn:aws:iam::123456789012:role/app/r"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("AWS::Lambda::Function", r"a-very-long-stack.{30}-[0-9A-F]{13}|.{64}"),
        ("AWS::S3::Bucket", r"[a-z0-9-]{1,63}"),
        ("AWS::ApiGateway::RestApi", r"[a-z0-9]{10}"),
    ],
)
def test_a_name_that_is_not_given_is_made_as_cloudformation_makes_it(kind: str, name: str) -> None:
    here = Here("us-east-1", "123456789012", "a-very-long-stack-name-of-a-service-that-has-many-stages")
    assert re.fullmatch(name, physical_id(KINDS[kind], "LogicalId", {}, here))
