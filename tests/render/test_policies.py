"""Statements become policies: merged, written whole, packed under IAM's limits."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.model.iam import Role, Statement
from generator.model.policy import document, merge, size
from generator.model.store import Store
from generator.render.intrinsics import intrinsic
from generator.render.policies import managed, role
from tests.properties.templates import resolve

_ARN = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${ServiceName}-"
_PARAMETERS = {"Parameters": {"ServiceName": {"Default": "s" * 20}}}


def statement(number: int, resources: int = 1) -> Statement:
    return Statement(f"Sid{number}", ("lambda:GetFunction",), tuple(f"{_ARN}stage-{n}-*" for n in range(resources)))


def _role(*statements: Statement, **changes: Any) -> Role:
    return Role("SomeRole", "lambda", statements, "comment")._replace(**changes)


def test_statements_of_one_sid_become_one_with_the_resources_of_all() -> None:
    merged = merge(
        [Statement("A", ("x:Y",), ("r1",)), Statement("B", ("x:Z",), ("r",)), Statement("A", ("x:Y",), ("r1", "r2"))]
    )
    assert [(s.sid, s.resources) for s in merged] == [("A", ("r1", "r2")), ("B", ("r",))]


def test_a_single_action_and_resource_are_no_lists() -> None:
    (statement,) = document([Statement("A", ("x:Y",), ("r",))])["Statement"]
    assert statement == {"Sid": "A", "Effect": "Allow", "Action": "x:Y", "Resource": "r"}


def test_every_arn_and_action_stands_whole_on_a_line_of_its_own() -> None:
    arns = tuple(_ARN + name for name in ("beta-*", "gamma-*", "prod-*"))
    (statement,) = document([Statement("A", ("x:Y", "x:Z"), arns)])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (["x:Y", "x:Z"], list(arns))


def test_roles_share_policies_and_carry_tags() -> None:
    policies = [
        *managed("Shared", [statement(number, resources=40) for number in range(2)], ("first", "more"), keep=True)
    ]
    assert [(policy.logical_id, policy.comment) for policy in policies] == [
        ("Shared1", "first"),
        ("Shared2", "more"),
    ]
    (rendered,) = role(_role(tags={"stack": "s", "a": "b"}, policies=("${Shared1}", "${Shared2}")))
    assert rendered.properties["ManagedPolicyArns"] == ["${Shared1}", "${Shared2}"]
    assert rendered.properties["Tags"] == [{"Key": "a", "Value": "b"}, {"Key": "stack", "Value": "s"}]
    assert "Policies" not in rendered.properties


def test_a_role_keeps_its_policy_inline_while_it_fits() -> None:
    role_arn = role(_role(statement(1)))
    assert [resource.type for resource in role_arn] == ["AWS::IAM::Role"]
    assert role_arn[0].properties["Policies"][0]["PolicyDocument"]["Statement"][0]["Sid"] == "Sid1"


def test_a_policy_that_is_too_long_is_packed_into_managed_ones_under_iams_limit() -> None:
    statements = [statement(number, resources=40) for number in range(6)]
    role_arn = role(_role(*statements, keep=True))
    assert "Policies" not in role_arn[0].properties
    policies = [resource for resource in role_arn if resource.type == "AWS::IAM::ManagedPolicy"]
    assert [policy.logical_id for policy in policies] == [f"SomeRolePolicy{n}" for n in range(1, len(policies) + 1)]
    assert all(policy.keep for policy in policies)
    for policy in policies:
        resolved = resolve(intrinsic(policy.properties["PolicyDocument"]), _PARAMETERS)
        assert len(json.dumps(resolved, separators=(",", ":"))) <= 6144


def test_a_statement_that_fits_no_policy_is_cut_and_loses_no_resource() -> None:
    whole = statement(1, resources=150)
    role_arn = role(_role(whole))
    statements = [
        resolve(intrinsic(statement), _PARAMETERS)
        for policy in role_arn[1:]
        for statement in policy.properties["PolicyDocument"]["Statement"]
    ]
    assert len(statements) > 1
    assert len({statement["Sid"] for statement in statements}) == len(statements)
    resources = [arn for statement in statements for arn in statement["Resource"]]
    assert resources == resolve(intrinsic(list(whole.resources)), _PARAMETERS)


@pytest.mark.parametrize(("reference", "length"), [(Store().name, 63), (Store().arn, 83), (Store("kms").key_arn, 85)])
def test_what_only_a_launch_knows_counts_at_its_longest(reference: str, length: int) -> None:
    measured, longest = (size([Statement("A", ("x:Y",), (text,))]) for text in (reference, "b" * length))
    assert measured == longest
