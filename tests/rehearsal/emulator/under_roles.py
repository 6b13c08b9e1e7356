"""Stacks that CloudFormation works on under a role, and roles that may do exactly what a test lets them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Mapping
from typing import Any

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.iam.cloudformation_calls.calls import Kind
from generator.rehearsal.iam.cloudformation_calls.types import KINDS
from tests.rehearsal.emulator.stacks import CAPABILITIES, role_trust, settled

_numbers = itertools.count(1)


def actions(kind: Kind) -> set[str]:
    """Every action a list has."""
    calls = (*kind.create, *kind.both, *kind.read, *kind.update, *kind.delete)
    return {call.action for call in calls}


def all_actions(resources: Mapping[str, Any]) -> set[str]:
    """Every action the lists have for these resources."""
    return {action for resource in resources.values() for action in actions(KINDS[resource["Type"]])}


class Role:
    """A role CloudFormation can assume."""

    def __init__(self, emulator: Emulator, services: tuple[str, ...] = ("cloudformation",)) -> None:
        self._iam = emulator.client("iam")
        self.name = f"deploys-{next(_numbers)}"
        trust = json.dumps(role_trust(*services))
        self.arn = str(self._iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])

    def may(self, allowed: Collection[str]) -> None:
        """Let it do exactly this."""
        statement = {"Effect": "Allow", "Action": sorted(allowed), "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self._iam.put_role_policy(RoleName=self.name, PolicyName="p", PolicyDocument=document)


class RoleStack:
    """One stack under a role; each operation returns what the stack came to."""

    def __init__(self, emulator: Emulator, role: Role) -> None:
        self._client = emulator.client("cloudformation")
        self._role = role
        self.name = f"under-role-{next(_numbers)}"
        self._id = self.name

    def create(self, resources: Mapping[str, Any], **template: Any) -> str:
        answer = self._client.create_stack(
            StackName=self.name,
            TemplateBody=_body(resources, template),
            Capabilities=CAPABILITIES,
            RoleARN=self._role.arn,
        )
        self._id = answer["StackId"]
        return settled(self._client, self._id)

    def update(self, resources: Mapping[str, Any], **template: Any) -> str:
        self._client.update_stack(
            StackName=self.name, TemplateBody=_body(resources, template), Capabilities=CAPABILITIES
        )
        return settled(self._client, self._id)

    def delete(self) -> str:
        self._client.delete_stack(StackName=self.name)
        return settled(self._client, self._id)

    def described(self) -> dict[str, Any]:
        stack: dict[str, Any] = self._client.describe_stacks(StackName=self._id)["Stacks"][0]
        return stack

    def events(self) -> list[tuple[str, str]]:
        """Logical id and status, oldest first."""
        published = self._client.describe_stack_events(StackName=self._id)["StackEvents"]
        return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in reversed(published)]

    def failures(self) -> list[str]:
        events = self._client.describe_stack_events(StackName=self._id)["StackEvents"]
        return [e["ResourceStatusReason"] for e in reversed(events) if e["ResourceStatus"].endswith("_FAILED")]


def _body(resources: Mapping[str, Any], template: Mapping[str, Any]) -> str:
    return json.dumps({"Resources": resources, **template})
