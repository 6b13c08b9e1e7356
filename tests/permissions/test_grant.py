"""What a pipeline file makes of the deploy roles' rights: narrower, bounded, wider, more."""

from __future__ import annotations

import functools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.model.iam import Statement
from generator.permissions import lists
from generator.permissions.corrections import BASELINE, RARE
from generator.permissions.deploy_role import Grant, NamedResource, baseline, statements
from generator.permissions.needed import in_places
from generator.permissions.patterns import matches
from generator.permissions.resource_names import NAMED, is_reached
from tests.permissions.grants import ACCOUNT, REGION, ROLE, STACK, Role

_BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/boundary"
_ROLE = f"arn:aws:iam::{ACCOUNT}:role/{STACK}-FunctionRole-1"
_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{{}}"


@functools.cache
def _allowed(pattern: str) -> frozenset[str]:
    """Every known action that a pattern allows."""
    service, _, _ = pattern.partition(":")
    names = lists.iam_actions().get(service, ())
    return frozenset(action for name in names if matches(pattern, action := f"{service}:{name}"))


def rights(policy: tuple[Statement, ...]) -> dict[str, set[str]]:
    """By statement, every known action it allows."""
    return {entry.sid: {action for pattern in entry.actions for action in _allowed(pattern)} for entry in policy}


@given(st.lists(st.sampled_from(BASELINE), max_size=6, unique=True))
@settings(max_examples=25, deadline=None)
def test_exact_is_what_the_types_need_and_never_wider_than_the_baseline(kinds: list[str]) -> None:
    whole = {statement.sid: statement for statement in baseline()}
    narrow = statements(only=[NamedResource(kind) for kind in kinds])
    needed = {action for kind in kinds for right in lists.rights_of(kind).values() for action in right}
    expected = {
        place.sid: {action.lower() for action in place.actions} for place in in_places(needed, lists.iam_actions())
    }
    allowed = rights(narrow)
    assert {sid: allowed[sid] for sid in expected} == expected
    for statement in narrow:
        if statement.sid in whole:
            assert allowed[statement.sid] <= rights((whole[statement.sid],))[statement.sid]
            assert set(statement.resources) <= set(whole[statement.sid].resources)
            assert statement.condition == whole[statement.sid].condition


def test_exact_knows_names_of_their_own() -> None:
    role = Role(
        statements(
            only=[NamedResource("AWS::Lambda::Function", "time"), NamedResource("AWS::Lambda::EventSourceMapping")]
        )
    )
    assert role.allows("lambda:CreateFunction", _FUNCTION.format("time"))
    assert not role.allows("lambda:CreateFunction", _FUNCTION.format("other"))
    assert role.allows("lambda:CreateEventSourceMapping", "*", {"lambda:FunctionArn": _FUNCTION.format("time")})
    assert role.allows("lambda:CreateFunction", _FUNCTION.format(f"{STACK}-Other-1"))
    assert not role.allows("dynamodb:CreateTable", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{STACK}-Table-1")


def test_what_is_within_a_resource_of_its_own_name_is_within_reach() -> None:
    role = Role(statements(only=[NamedResource("AWS::Lambda::Function", "time")]))
    group = f"arn:aws:codedeploy:{REGION}:{ACCOUNT}:deploymentgroup:{{}}/{STACK}-Group-1"
    assert role.allows("lambda:DeleteFunction", _FUNCTION.format("time:1"))
    assert not role.allows("lambda:DeleteFunction", _FUNCTION.format("timer:1"))
    both = Role(
        statements(
            only=[
                NamedResource("AWS::CodeDeploy::Application", "time"),
                NamedResource("AWS::CodeDeploy::DeploymentGroup"),
            ]
        )
    )
    assert both.allows("codedeploy:CreateDeploymentGroup", group.format("time"))
    assert not both.allows("codedeploy:CreateDeploymentGroup", group.format("other"))


def test_a_role_of_its_own_name_may_be_passed() -> None:
    resources = [NamedResource("AWS::IAM::Role", "time"), NamedResource("AWS::Lambda::Function")]
    passed = {"iam:PassedToService": "lambda.amazonaws.com"}
    assert Role(statements(only=resources)).allows("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/time", passed)


def test_with_a_boundary_only_roles_that_carry_it_get_rights() -> None:
    role = Role(statements(Grant(boundary=_BOUNDARY)))
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"):
        attached = {"iam:PolicyARN": f"arn:aws:iam::{ACCOUNT}:policy/ours"} if "Attach" in action else {}
        assert role.allows(action, _ROLE, {"iam:PermissionsBoundary": _BOUNDARY, **attached})
        other = {"iam:PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/other", **attached}
        assert not role.allows(action, _ROLE, other)
        assert not role.allows(action, _ROLE, attached)
    assert not role.allows("iam:DeleteRolePermissionsBoundary", _ROLE, {"iam:PermissionsBoundary": _BOUNDARY})
    assert role.allows("iam:DeleteRole", _ROLE)


def test_nobody_changes_the_boundary_itself() -> None:
    own = f"arn:aws:iam::{ACCOUNT}:policy/{STACK}-boundary"
    role = Role(statements(Grant(boundary=own)))
    assert not role.allows("iam:CreatePolicyVersion", own)
    assert Role(statements()).allows("iam:CreatePolicyVersion", own)


def test_wide_reaches_every_name_but_not_the_pipeline_s_own_nor_other_stages_secrets() -> None:
    role = Role(statements(Grant(wide=True)))
    assert role.allows("lambda:CreateFunction", _FUNCTION.format("any"))
    assert role.allows("lambda:CreateEventSourceMapping", "*", {"lambda:FunctionArn": _FUNCTION.format("any")})
    assert not role.allows("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/some-stack-ProdDeployRole-1")
    secret = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop-Prod/key"
    assert not role.allows("secretsmanager:GetSecretValue", secret)


def test_extra_statements_stand_beside_the_others_and_never_above_the_denial() -> None:
    extra = Statement("Extra1", ("kinesis:CreateStream", "iam:TagRole"), ("*",))
    role = Role(statements(Grant(extra=(extra,))))
    assert role.allows("kinesis:CreateStream", f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/s")
    assert not role.allows("iam:TagRole", f"arn:aws:iam::{ACCOUNT}:role/some-stack-BetaDeployRole-1")


@pytest.mark.parametrize(
    ("kind", "name", "reached"),
    [
        ("AWS::Lambda::Function", "shop-beta-time", True),
        ("AWS::Lambda::Function", "time", False),
        ("AWS::Logs::LogGroup", "/aws/lambda/shop-beta-time", True),
        ("AWS::Logs::LogGroup", "/shop-beta/time", False),
        ("AWS::SSM::Parameter", "/shop-beta/level", True),
        ("AWS::SSM::Parameter", "/shop-prod/level", False),
        ("AWS::S3::Bucket", "shop-beta-files", True),
        ("AWS::Events::Rule", "shop-beta-tick", True),
    ],
)
def test_a_name_of_its_own_is_reached_when_it_begins_as_the_stack_s(kind: str, name: str, reached: bool) -> None:
    assert is_reached(kind, name, "shop-beta") is reached


@pytest.mark.parametrize("kind", NAMED)
def test_every_named_type_is_covered(kind: str) -> None:
    assert kind in (*BASELINE, *RARE)


def test_a_role_that_makes_nested_stacks_passes_itself_to_cloudformation_and_to_nobody_else() -> None:
    to_cloudformation = {"iam:PassedToService": "cloudformation.amazonaws.com"}
    own = ROLE.replace("shop-pipeline", "some-stack")
    role = Role(statements())
    assert role.allows("iam:PassRole", own, to_cloudformation)
    assert not role.allows("iam:PassRole", own, {"iam:PassedToService": "lambda.amazonaws.com"})
    assert not role.allows("iam:PutRolePolicy", own)
    nested = [NamedResource("AWS::CloudFormation::Stack")]
    assert Role(statements(only=nested)).allows("iam:PassRole", own, to_cloudformation)
    assert not Role(statements(only=[NamedResource("AWS::SQS::Queue")])).allows("iam:PassRole", own, to_cloudformation)


def test_no_policy_of_the_pipeline_is_attached_to_a_role_of_the_application() -> None:
    role = Role(statements(Grant(extra=(Statement("Extra1", ("iam:*",), ("*",)),))))
    own, other = (f"arn:aws:iam::{ACCOUNT}:policy/{name}" for name in ("some-stack-DeployPolicy1-1", "ours"))
    assert role.allows("iam:AttachRolePolicy", _ROLE, {"iam:PolicyARN": other})
    assert not role.allows("iam:AttachRolePolicy", _ROLE, {"iam:PolicyARN": own})
