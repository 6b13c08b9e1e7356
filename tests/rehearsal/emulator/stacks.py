"""Stacks of the emulator as tests launch and look at them."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.emulator.handle import Emulator

_numbers = itertools.count(1)
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another account and region of an emulator."""

    emulator: Emulator
    account: str
    region: str

    def client(self, service: str) -> Any:
        return self.emulator.client(service, account=self.account, region=self.region)


class Stack:
    """One stack, launched when made; `status` is what it came to."""

    def __init__(self, emulator: Emulator | Elsewhere, resources: Mapping[str, Any], **template: Any) -> None:
        self._client = emulator.client("cloudformation")
        self.name = f"stack-{next(_numbers)}"
        self._client.create_stack(
            StackName=self.name, TemplateBody=_body(resources, template), Capabilities=CAPABILITIES
        )
        self.status = self._settled()

    def update(self, resources: Mapping[str, Any], **template: Any) -> str:
        self._client.update_stack(
            StackName=self.name, TemplateBody=_body(resources, template), Capabilities=CAPABILITIES
        )
        self.status = self._settled()
        return self.status

    def delete(self) -> str:
        stack = self._described()["StackId"]
        self._client.delete_stack(StackName=self.name)
        self.status = self._settled(stack)
        return self.status

    @property
    def outputs(self) -> dict[str, str]:
        return {row["OutputKey"]: row["OutputValue"] for row in self._described().get("Outputs", [])}

    @property
    def failures(self) -> list[str]:
        events = self._client.describe_stack_events(StackName=self.name)["StackEvents"]
        return [e["ResourceStatusReason"] for e in events if e["ResourceStatus"].endswith("_FAILED")]

    def physical_id(self, logical_id: str) -> str:
        answer = self._client.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(answer["StackResourceDetail"]["PhysicalResourceId"])

    def _described(self, name: str | None = None) -> dict[str, Any]:
        stack: dict[str, Any] = self._client.describe_stacks(StackName=name or self.name)["Stacks"][0]
        return stack

    def _settled(self, name: str | None = None) -> str:
        return settled(self._client, name or self.name)


def settled(cloudformation: Any, name: str) -> str:
    """The status a stack came to."""
    deadline = time.monotonic() + 120
    while True:
        status = str(cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])
        if not status.endswith("IN_PROGRESS"):
            return status
        assert time.monotonic() < deadline, status
        time.sleep(0.05)


def _body(resources: Mapping[str, Any], template: Mapping[str, Any]) -> str:
    return json.dumps({"Resources": resources, **template})


def role_trust(*services: str) -> dict[str, Any]:
    """A trust policy for these service principals."""
    principal = {"Service": [f"{service}.amazonaws.com" for service in services]}
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }


def allowing(*actions: str, resource: Any = "*") -> dict[str, Any]:
    """A policy that allows these actions."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": resource}
    return {"Version": "2012-10-17", "Statement": [statement]}
