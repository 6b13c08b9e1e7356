"""AWS::IAM::Role: with the permissions boundary its template gives it, which the emulator's own handlers forget.

https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.emulator.ministack import cloudformation_types, iam

TYPE = "AWS::IAM::Role"


class Roles:
    """The emulator's handlers, and the boundary after them."""

    def __init__(self) -> None:
        handlers = cloudformation_types.handlers_of(TYPE)
        self._create, self._update = handlers["create"], handlers["update"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        cloudformation_types.replace_handlers(TYPE, create=self.create, update=self.update)

    def create(self, logical_id: str, properties: Mapping[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        """Make the role."""
        created: tuple[str, dict[str, Any]] = self._create(logical_id, properties, stack)
        _bind(created[0], properties)
        return created

    def update(
        self, physical_id: str, old: Mapping[str, Any], new: Mapping[str, Any], *where: str | None
    ) -> tuple[str, dict[str, Any]]:
        """Change the role; `where` is its stack and its logical id."""
        changed: tuple[str, dict[str, Any]] = self._update(physical_id, old, new, *where)
        _bind(changed[0], new)
        return changed


def _bind(name: str, properties: Mapping[str, Any]) -> None:
    """A boundary that is not here is no boundary: the stack's refusals have said that it is not judged."""
    boundary = str(properties.get("PermissionsBoundary") or "")
    iam.set_boundary(name, boundary if boundary and iam.has_policy(boundary) else "")
