"""What every deploy role may do: enough for every type it covers, and nothing of another stack's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.permissions.corrections import BASELINE
from generator.permissions.deploy_role import statements
from generator.permissions.needed import granted, place
from generator.rehearsal.iam.cloudformation_calls.questions import Needed, to_create, to_delete, to_update
from generator.rehearsal.iam.cloudformation_calls.types import KINDS
from generator.rehearsal.iam.cloudformation_calls.values import Here, Resource, physical_id
from generator.render.policies import managed
from tests.permissions.grants import ACCOUNT, REGION, STACK, Role
from tests.rehearsal.iam.cloudformation_call_examples import EXAMPLES

_DATA = Path(statements.__code__.co_filename).parent / "data"
_TYPES: dict[str, dict[str, list[str]]] = json.loads((_DATA / "types.json").read_text(encoding="utf-8"))["types"]
_ACTIONS: dict[str, dict[str, list[str]]] = json.loads((_DATA / "actions.json").read_text(encoding="utf-8"))["services"]
_HERE = Here(REGION, ACCOUNT, STACK)
_ROLE = Role(statements())
# What the examples call by a name of their own, called as a stack would.
_NAMES = {
    "us-east-1": REGION,
    "123456789012": ACCOUNT,
    ":function:answers": f":function:{STACK}-answers",
    ":role/": f":role/{STACK}-",
    '"ApplicationName": "a"': f'"ApplicationName": "{STACK}-a"',
    '"Name": "bus"': f'"Name": "{STACK}-bus"',
}


def of_the_stack(value: Any) -> Any:
    """Properties with references to other resources of the stack."""
    if isinstance(value, Mapping):
        if set(value) == {"Ref"}:
            topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:" if value["Ref"] == "T" else ""
            return f"{topic}{STACK.lower() if value['Ref'] == 'B' else STACK}-{value['Ref']}"
        if set(value) == {"Fn::GetAtt"}:
            return f"arn:aws:iam::{ACCOUNT}:role/{STACK}-{value['Fn::GetAtt'][0]}"
        return {name: of_the_stack(inner) for name, inner in value.items()}
    return [of_the_stack(inner) for inner in value] if isinstance(value, list) else value


def properties(example: Any) -> Any:
    text = json.dumps(example)
    for name, own in _NAMES.items():
        text = text.replace(name, own)
    return of_the_stack(json.loads(text))


def asked(kind: str) -> Iterator[Needed]:
    """What creating, changing and deleting the example of a type asks for, by lists that know nothing of ours."""
    created, changed = properties(EXAMPLES[kind].created), properties(EXAMPLES[kind].changed)
    listed = KINDS[kind]
    existing = physical_id(listed, "It", created, _HERE)
    yield from to_create(listed, "It", created, _HERE)
    yield from to_delete(listed, Resource("It", existing, created), _HERE)
    if changed is not None:
        yield from to_update(listed, Resource("It", existing, changed), created, _HERE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_resource_of_the_stack_is_made_changed_and_deleted(kind: str) -> None:
    refused = {
        (question.action, question.resource) for question in asked(kind) if not _ROLE.allows(*_question(question))
    }
    # Code that lies elsewhere than in the pipeline's own bucket.
    assert refused - {("s3:GetObject", "arn:aws:s3:::code/layer.zip")} == set()


def _question(need: Needed) -> tuple[str, str, Mapping[str, str]]:
    return need.action, need.resource, need.context


@pytest.mark.parametrize("kind", BASELINE)
def test_every_right_of_a_covered_type_is_granted_where_it_holds(kind: str) -> None:
    by_sid = {statement.sid: statement for statement in statements()}
    for actions in granted(kind, _TYPES.get(kind, {}), _ACTIONS).values():
        for action in actions:
            if (where := place(action, _ACTIONS)) is None:
                continue
            assert action in by_sid[where.sid].actions
            assert set(where.resources) <= set(by_sid[where.sid].resources), action


def test_every_action_that_is_allowed_has_its_name_and_is_needed() -> None:
    needed: dict[str, set[str]] = {}
    for kind in BASELINE:
        for action in {
            entry for statement in granted(kind, _TYPES.get(kind, {}), _ACTIONS).values() for entry in statement
        }:
            if where := place(action, _ACTIONS):
                needed.setdefault(where.sid, set()).add(action)
    for statement in statements():
        if statement.effect == "Allow":
            assert not any("*" in action for action in statement.actions)
            assert set(statement.actions) == needed.get(statement.sid, set(statement.actions)), statement.sid


def test_a_statement_has_the_actions_of_one_service() -> None:
    for statement in statements():
        if statement.effect == "Allow" and statement.sid != "References":
            assert len({action.partition(":")[0] for action in statement.actions}) == 1, statement.sid


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("lambda:DeleteFunction", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:shop-Prod-Time-1"),
        ("dynamodb:DeleteTable", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/shop-Prod-Table-1"),
        ("dynamodb:GetItem", f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{STACK}-Table-1"),
        ("s3:DeleteBucket", "arn:aws:s3:::shop-prod-bucket-1"),
        ("s3:GetObject", "arn:aws:s3:::shop-beta-bucket-1/secret"),
        ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/some-stack-ProdDeployRole-1"),
        ("iam:TagRole", f"arn:aws:iam::{ACCOUNT}:role/some-stack-BetaDeployRole-1"),
        ("iam:CreatePolicyVersion", f"arn:aws:iam::{ACCOUNT}:policy/some-stack-DeployPolicy1-1"),
        ("iam:CreateUser", f"arn:aws:iam::{ACCOUNT}:user/{STACK}-somebody"),
        ("cloudformation:UpdateStack", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/some-stack/1"),
        ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop-Prod/key"),
        ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/{STACK}-Role"),
    ],
)
def test_what_is_another_stack_s_or_the_pipeline_s_is_out_of_reach(action: str, resource: str) -> None:
    assert not _ROLE.allows(action, resource)


@pytest.mark.parametrize("service", ["cloudformation", "codepipeline", "codebuild"])
def test_roles_are_passed_to_no_service_that_acts_for_whoever_asks(service: str) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/{STACK}-Role-1"
    assert _ROLE.allows("iam:PassRole", role, {"iam:PassedToService": "lambda.amazonaws.com"})
    assert not _ROLE.allows("iam:PassRole", role, {"iam:PassedToService": f"{service}.amazonaws.com"})


def test_few_managed_policies_hold_it() -> None:
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(list(managed("DeployPolicy", statements(), ("first", "more")))) <= 10


def test_the_page_about_permissions_has_the_figures_of_the_baseline() -> None:
    page = " ".join((_DATA.parents[2] / "docs" / "permissions.md").read_text(encoding="utf-8").split())
    actions = sum(len(statement.actions) for statement in statements() if statement.effect == "Allow")
    assert f"It covers {len(BASELINE)} types: {actions} actions" in page
    assert f"in {len(statements())} statements" in page
    assert len(list(managed("DeployPolicy", statements(), ("first", "more")))) == 4
