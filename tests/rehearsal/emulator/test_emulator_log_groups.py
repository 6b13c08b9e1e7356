"""Log groups of stacks: the name of one without a name, that an update keeps it, and the key of one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.roles import ACCOUNT, statement
from tests.rehearsal.emulator.stacks import Stack


def template(**properties: Any) -> str:
    return json.dumps({"Resources": {"Own": {"Type": "AWS::Logs::LogGroup", "Properties": properties}}})


def group(emulator: Emulator, stack: str) -> tuple[str, int]:
    """The name of the stack's group and its retention in days."""
    resources = emulator.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    name = resources[0]["PhysicalResourceId"]
    (result,) = emulator.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return result["logGroupName"], result["retentionInDays"]


def test_a_group_without_a_name_is_called_after_its_stack_and_keeps_it(emulator: Emulator) -> None:
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(StackName="unnamed", TemplateBody=template(RetentionInDays=1))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="unnamed", WaiterConfig={"Delay": 0.05})
    name, retention = group(emulator, "unnamed")
    assert (name.startswith("unnamed-Own-"), retention) == (True, 1)
    cloudformation.update_stack(StackName="unnamed", TemplateBody=template(RetentionInDays=3))
    cloudformation.get_waiter("stack_update_complete").wait(StackName="unnamed", WaiterConfig={"Delay": 0.05})
    assert group(emulator, "unnamed") == (name, 3)
    cloudformation.delete_stack(StackName="unnamed")
    cloudformation.get_waiter("stack_delete_complete").wait(StackName="unnamed", WaiterConfig={"Delay": 0.05})
    assert emulator.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_a_group_with_a_name_has_it_and_another_name_makes_another(emulator: Emulator) -> None:
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(StackName="named", TemplateBody=template(LogGroupName="mine", RetentionInDays=1))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="named", WaiterConfig={"Delay": 0.05})
    assert group(emulator, "named") == ("mine", 1)
    cloudformation.update_stack(StackName="named", TemplateBody=template(LogGroupName="yours", RetentionInDays=1))
    cloudformation.get_waiter("stack_update_complete").wait(StackName="named", WaiterConfig={"Delay": 0.05})
    assert group(emulator, "named") == ("yours", 1)
    assert emulator.client("logs").describe_log_groups(logGroupNamePrefix="mine")["logGroups"] == []


def _sealed(name: str, principal: str, group: str) -> dict[str, Any]:
    """A group under a key that, beside its account, admits a service for the logs of one group."""
    logs = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}"
    admits: dict[str, Any] = {
        "Principal": {"Service": principal},
        "Condition": {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": logs}},
    }
    account = statement("kms:*", Principal={"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    service = statement(["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:Describe*"], **admits)
    policy = {"Version": "2012-10-17", "Statement": [account, service]}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}
    sealed = {"LogGroupName": name, "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}
    return {"Key": key, "Group": {"Type": "AWS::Logs::LogGroup", "Properties": sealed}}


def test_a_group_is_made_under_a_key_whose_policy_admits_the_logs_of_its_region(emulator: Emulator) -> None:
    stack = Stack(emulator, _sealed("sealed", "logs.us-east-1.amazonaws.com", "sealed"))
    assert stack.status == "CREATE_COMPLETE", stack.failures


@pytest.mark.parametrize(
    ("name", "principal", "group"),
    [
        ("of-another-region", "logs.eu-west-1.amazonaws.com", "of-another-region"),
        ("of-another-group", "logs.us-east-1.amazonaws.com", "some-other"),
    ],
)
def test_a_group_under_a_key_that_does_not_admit_it_is_refused(
    emulator: Emulator, name: str, principal: str, group: str
) -> None:
    stack = Stack(emulator, _sealed(name, principal, group))
    assert stack.status == "ROLLBACK_COMPLETE"
    assert any(f"is not allowed to be used with Arn 'arn:aws:logs:us-east-1:{ACCOUNT}" in why for why in stack.failures)
    denials = [denial for denial in emulator.ledger()["denials"] if denial["behind"].endswith(f":log-group:{name}")]
    assert [denial["action"] for denial in denials] == ["kms:GenerateDataKey"]


def test_an_update_to_a_key_that_does_not_admit_the_group_is_refused(emulator: Emulator) -> None:
    resources = _sealed("sealed-later", "logs.eu-west-1.amazonaws.com", "sealed-later")
    open_group = {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "sealed-later"}}
    stack = Stack(emulator, {**resources, "Group": open_group})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    assert stack.update(resources) == "UPDATE_ROLLBACK_COMPLETE"
