"""Log groups of stacks: the name of one without a name, and that an update keeps it."""

from __future__ import annotations

import json
from typing import Any

from generator.rehearsal.emulator.handle import Emulator


def template(**properties: Any) -> str:
    return json.dumps({"Resources": {"Own": {"Type": "AWS::Logs::LogGroup", "Properties": properties}}})


def group(emulator: Emulator, stack: str) -> tuple[str, int]:
    """The name of the stack's group and its retention in days."""
    found = emulator.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    name = found[0]["PhysicalResourceId"]
    (one,) = emulator.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return one["logGroupName"], one["retentionInDays"]


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
