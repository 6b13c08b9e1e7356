"""Which statement makes, changes and deletes a resource of each type, where a template has nothing else."""

from __future__ import annotations

import json

import pytest

from generator.application.reader import parse
from generator.permissions import lists
from generator.permissions.corrections import BASELINE, RARE
from generator.permissions.deploy_role import NamedResource, statements
from generator.permissions.needed import service_of
from generator.permissions.scopes import SIDS
from tests.rehearsal.iam.cloudformation_call_examples import EXAMPLES

_OF_ITS_OWN = {
    # IAM knows no resource for these rights.
    **{
        f"AWS::AppSync::{name}": "GraphqlApisWithoutArn"
        for name in ("ApiCache", "ApiKey", "DataSource", "FunctionConfiguration", "GraphQLSchema", "Resolver")
    },
    "AWS::IAM::Policy": "RolePermissions",
    "AWS::IAM::RolePolicy": "RolePermissions",
    "AWS::Lambda::EventSourceMapping": "EventSources",
}
_WITHOUT_RIGHTS = {"AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle"}
_WITH_ANOTHER = {"AWS::CloudFormation::CustomResource"}
# The settings of an account stay when the resource goes.
_NOT_DELETED = ("AWS::ApiGateway::Account", "delete")
_READS = ("describe", "get", "list")
_CASES = [
    (kind, operation)
    for kind in (*BASELINE, *RARE)
    for operation in ("create", "update", "delete")
    if kind not in _WITHOUT_RIGHTS | _WITH_ANOTHER and (operation == "create" or operation in lists.rights_of(kind))
    if (kind, operation) != _NOT_DELETED
]


@pytest.mark.parametrize(("kind", "operation"), _CASES)
def test_a_statement_covers_it(kind: str, operation: str) -> None:
    properties = EXAMPLES[kind].created if kind in EXAMPLES else {}
    text = json.dumps({"Resources": {"It": {"Type": kind, "Properties": properties}}})
    named_resources = [NamedResource(resource.type) for resource in parse(text, "template.json").resources.values()]
    writing = [right for right in lists.rights_of(kind)[operation] if is_writing(right, kind)]
    actions_by_sid = {
        sid: [action for action in writing if action in actions]
        for sid, actions in (
            (statement.sid, statement.actions)
            for statement in statements(only=named_resources)
            if statement.effect == "Allow"
        )
    }
    named = {sid for sid, actions in actions_by_sid.items() if actions}
    assert {action for actions in actions_by_sid.values() for action in actions} == set(writing)
    assert expected(kind) in named


def is_writing(action: str, kind: str) -> bool:
    service, _, name = action.partition(":")
    return service == service_of(kind) and not name.lower().startswith(_READS)


def expected(kind: str) -> str:
    return _OF_ITS_OWN.get(kind) or SIDS[service_of(kind)]
