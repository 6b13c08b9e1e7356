"""Stacks in the wrong state, parameters that do not fit, exports that others use."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.stacks import Stack, settled
from tests.rehearsal.emulator.validation.asking import parameter, resource, said_to

P = {"P": parameter()}
BODY = json.dumps({"Resources": P})
EXPORT = {"O": {"Value": "1", "Export": {"Name": "shared"}}}


def refused(ask: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as raised:
        ask(**request)
    return str(raised.value.response["Error"]["Message"])


def test_a_stack_that_was_rolled_back_at_its_creation_can_only_be_deleted(emulator: Emulator) -> None:
    stack = Stack(emulator, {"P": resource("AWS::SSM::Parameter", Type="String")})
    client = emulator.client("cloudformation")
    arn = client.describe_stacks(StackName=stack.name)["Stacks"][0]["StackId"]
    text = f"Stack:{arn} is in ROLLBACK_COMPLETE state and can not be updated."
    assert refused(client.update_stack, StackName=stack.name, TemplateBody=BODY) == text
    change = {"StackName": stack.name, "ChangeSetName": "c", "TemplateBody": BODY}
    assert refused(client.create_change_set, **change) == text
    assert refused(client.create_stack, StackName=stack.name, TemplateBody=BODY).endswith("already exists")
    assert "already exists and cannot be created again" in refused(
        client.create_change_set, ChangeSetType="CREATE", **change
    )
    assert stack.delete() == "DELETE_COMPLETE"


def test_an_update_without_changes_is_refused(emulator: Emulator) -> None:
    stack = Stack(emulator, P)
    client = emulator.client("cloudformation")
    result = refused(client.update_stack, StackName=stack.name, TemplateBody=BODY)
    assert result == "No updates are to be performed."


def test_a_stack_that_is_protected_is_not_deleted(emulator: Emulator) -> None:
    client = emulator.client("cloudformation")
    stack_id = client.create_stack(StackName="protected", TemplateBody=BODY, EnableTerminationProtection=True)[
        "StackId"
    ]
    settled(client, stack_id)
    result = refused(client.delete_stack, StackName="protected")
    assert result == f"Stack [{stack_id}] cannot be deleted while TerminationProtection is enabled"


@pytest.mark.parametrize("name", ["1st", "under_score", "a" * 129])
def test_a_name_that_is_none_is_refused(emulator: Emulator, name: str) -> None:
    assert f"Value '{name}' at 'stackName' failed" in said_to(emulator, {"Resources": P}, StackName=name)


PARAMETERS = {
    "Any": {"Type": "String"},
    "Chosen": {"Type": "String", "Default": "x", "AllowedValues": ["x", "y"]},
    "Count": {"Type": "Number", "Default": "3", "MaxValue": 5},
    "Lower": {"Type": "String", "Default": "a", "AllowedPattern": "[a-z]+"},
    "Said": {"Type": "String", "Default": "a", "AllowedPattern": "[a-z]+", "ConstraintDescription": "lower case"},
}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "Parameters: [Any] must have values"),
        ({"Any": "1", "Other": "1"}, "Parameters: [Other] do not exist in the template"),
        ({"Any": "1", "Chosen": "z"}, "Parameter 'Chosen' must be one of AllowedValues"),
        ({"Any": "1", "Count": "many"}, "Parameter 'Count' must be a number"),
        ({"Any": "1", "Count": "6"}, "Parameter 'Count' must be a number not greater than 5"),
        ({"Any": "1", "Lower": "A"}, "Parameter 'Lower' must match pattern [a-z]+"),
        ({"Any": "1", "Said": "A"}, "Parameter 'Said' failed to satisfy constraint: lower case"),
        ({"Any": "1", "Chosen": "y", "Count": "5", "Lower": "b", "Said": "b"}, ""),
    ],
)
def test_parameters_are_held_to_what_the_template_says(
    emulator: Emulator, settings: dict[str, str], message: str
) -> None:
    values = [{"ParameterKey": name, "ParameterValue": value} for name, value in settings.items()]
    assert said_to(emulator, {"Resources": P, "Parameters": PARAMETERS}, Parameters=values) == message


def test_an_export_belongs_to_one_stack_and_stays_while_it_is_imported(emulator: Emulator) -> None:
    owner = Stack(emulator, P, Outputs=EXPORT)
    second = Stack(emulator, P, Outputs=EXPORT)
    assert second.status == "ROLLBACK_COMPLETE"
    assert f"Export with name shared is already exported by stack {owner.name}." in second.failures
    user = Stack(emulator, {"P": parameter({"Fn::ImportValue": "shared"})})
    client = emulator.client("cloudformation")
    in_use = f"Export shared cannot be deleted as it is in use by {user.name}"
    assert refused(client.delete_stack, StackName=owner.name) == in_use
    assert owner.update(P) == "UPDATE_ROLLBACK_COMPLETE"
    changed = {"O": {**EXPORT["O"], "Value": "2"}}
    assert owner.update(P, Outputs=changed) == "UPDATE_ROLLBACK_COMPLETE"
    reasons = [in_use, in_use.replace("deleted", "updated")]
    assert sorted(owner.failures) == sorted(reasons)
    assert user.delete() == "DELETE_COMPLETE"
    assert owner.update(P) == "UPDATE_COMPLETE"
    third = Stack(emulator, P, Outputs=EXPORT)
    assert third.status == "CREATE_COMPLETE", third.failures
    assert third.delete() == "DELETE_COMPLETE"


def test_what_a_template_keeps_is_kept_in_a_rollback_unless_it_was_new(emulator: Emulator) -> None:
    kept = {**resource("AWS::SSM::Parameter", Name="/kept", Type="String", Value="x"), "DeletionPolicy": "Retain"}
    gone = {
        **resource("AWS::SSM::Parameter", Name="/gone", Type="String", Value="x"),
        "DeletionPolicy": "RetainExceptOnCreate",
    }
    broken = {**resource("AWS::SSM::Parameter", Type="String"), "DependsOn": ["Kept", "Gone"]}
    assert Stack(emulator, {"Kept": kept, "Gone": gone, "Broken": broken}).status == "ROLLBACK_COMPLETE"
    names = {parameter["Name"] for parameter in emulator.client("ssm").describe_parameters()["Parameters"]}
    assert names & {"/kept", "/gone"} == {"/kept"}
