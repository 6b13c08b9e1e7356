"""What a template's functions look up: parameters, mappings, conditions, resources, other stacks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from generator.rehearsal.cloudformation.errors import NotEvaluatedError


class Resources(Protocol):
    """The resources of the stack, as far as they are made."""

    def reference(self, name: str) -> Any:
        """What Ref returns of a resource. Raises TemplateError for one the template does not have."""

    def attribute(self, name: str, attribute: str) -> Any:
        """What Fn::GetAtt returns. Raises TemplateError for an attribute its type does not have."""


class Account(Protocol):
    """What a template reads of the account and region it is deployed to."""

    def export(self, name: str) -> str:
        """The value of an export. Raises TemplateError or NotEvaluatedError where there is none."""

    def output(self, stack: str, output: str) -> str:
        """The value of another stack's output. Raises as `export`."""

    def stored_parameter(self, name: str) -> str:
        """The value of a parameter in SSM's Parameter Store, lists comma-separated. Raises as `export`."""

    def zones(self) -> list[str]:
        """The region's Availability Zones, as far as they are known."""


class NoAccount:
    """An account in which nothing can be looked up."""

    def export(self, name: str) -> str:
        """Raise NotEvaluatedError."""
        raise NotEvaluatedError(f"the export {name}")

    def output(self, stack: str, output: str) -> str:
        """Raise NotEvaluatedError."""
        raise NotEvaluatedError(f"the output {output} of the stack {stack}")

    def stored_parameter(self, name: str) -> str:
        """Raise NotEvaluatedError."""
        raise NotEvaluatedError(f"the SSM parameter {name}")

    def zones(self) -> list[str]:
        """Raise NotEvaluatedError."""
        raise NotEvaluatedError("the Availability Zones of the region")


@dataclass(frozen=True, slots=True)
class Stack:
    """The stack that is evaluated: what its pseudo parameters tell. Name and id are empty as long as it has none."""

    name: str
    id: str
    region: str
    account: str
    notification_arns: tuple[str, ...] = ()

    def pseudo_parameters(self) -> dict[str, Any]:
        """Pseudo parameters by their names, AWS::NoValue left out.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
        """
        partition, suffix = partition_of(self.region)
        return {
            "AWS::AccountId": self.account,
            "AWS::NotificationARNs": list(self.notification_arns),
            "AWS::Partition": partition,
            "AWS::Region": self.region,
            "AWS::StackId": self.id,
            "AWS::StackName": self.name,
            "AWS::URLSuffix": suffix,
        }


_PARTITIONS = {"cn": ("aws-cn", "amazonaws.com.cn"), "us-gov": ("aws-us-gov", "amazonaws.com")}


def partition_of(region: str) -> tuple[str, str]:
    """The partition a region is in, and the suffix of its domain names.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    for prefix, partition in _PARTITIONS.items():
        if region.startswith(f"{prefix}-"):
            return partition
    return "aws", "amazonaws.com"


@dataclass(frozen=True, slots=True)
class Scope:
    """All that functions may look up. `parameters` are what Ref returns: texts, and lists of texts.

    `later` is true where a resource need not be made yet, as in a change set: what depends on one is then
    `{{changeSet:KNOWN_AFTER_APPLY:...}}`, as CloudFormation writes it.
    """

    stack: Stack
    resources: Resources
    parameters: Mapping[str, Any] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, bool] = field(default_factory=dict)
    account: Account = field(default_factory=NoAccount)
    later: bool = False
