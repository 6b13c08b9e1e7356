"""A resource type whose handlers ask a mounted service, and the errors and names they share."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from generator.aws_rules import schemas
from generator.rehearsal.emulator.ministack import cloudformation_types
from generator.rehearsal.emulator.mounts import Mount
from generator.rehearsal.service import ServiceError

_ANY_REGION = "us-east-1"

Properties = Mapping[str, Any]
ReturnValues = tuple[str, dict[str, Any]]
"""What Ref returns, and what Fn::GetAtt does."""


class ResourceError(Exception):
    """Why a resource could not be made, changed or deleted, as the stack's events say it."""


class ResourceType(Protocol):
    """The handlers of one type; each may call other services of the emulator and block."""

    name: str

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """Make the resource."""

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Change it, or make another (a new physical id), whose predecessor CloudFormation then deletes."""

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove it; one that is gone already is removed."""


@dataclass(frozen=True)
class Asked:
    """A mounted service as CloudFormation asks it, its refusals worded as stack events word them."""

    mount: Mount

    def __call__(self, operation: str, **request: Any) -> dict[str, Any]:
        """Ask; raises ResourceError."""
        try:
            return self.mount.ask(operation, request)
        except ServiceError as refused:
            raise ResourceError(
                f"{refused.message} (Service: {self.mount.name}, Status Code: 400, Error Code: {refused.code})"
            ) from refused

    def quietly(self, operation: str, gone: str, **request: Any) -> None:
        """Ask, taking the error `gone` for success: what is to be deleted is not there."""
        try:
            self.mount.ask(operation, request)
        except ServiceError as refused:
            if refused.code != gone:
                raise ResourceError(refused.message) from refused


def register(types: list[ResourceType]) -> None:
    """Teach CloudFormation these types."""
    for kind in types:
        cloudformation_types.register_type(kind.name, _mutable(kind.create), _changing(kind.update), kind.delete)
        tags = (schemas.schema_of(kind.name, _ANY_REGION) or {}).get("properties", {}).get("Tags")
        if tags:
            cloudformation_types.tag_property(kind.name, "Tags", "map" if tags.get("type") == "object" else "list")


def _mutable(create: Callable[[str, Properties, str], ReturnValues]) -> cloudformation_types.Create:
    return lambda logical_id, properties, stack: create(logical_id, dict(properties), stack)


def _changing(update: Callable[[str, Properties, Properties, str], ReturnValues]) -> cloudformation_types.Update:
    return lambda physical_id, old, new, stack: update(physical_id, dict(old), dict(new), stack)


def generated_name(stack: str, logical_id: str, limit: int) -> str:
    """A physical name as CloudFormation makes it, at most `limit` characters: stack-logicalId-RANDOM."""
    random = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(12))
    stem = f"{stack}-{logical_id}"[: limit - len(random) - 1]
    return f"{stem}-{random}"
