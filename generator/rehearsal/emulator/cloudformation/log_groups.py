"""AWS::Logs::LogGroup without a name: CloudFormation makes one of the stack's and the logical id, as of all it names.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from generator.rehearsal.emulator import internals

TYPE = "AWS::Logs::LogGroup"
_NAME = "LogGroupName"


class LogGroups:
    """The emulator's own handlers, which would name a group after no rule of AWS's."""

    def __init__(self) -> None:
        known = internals.known_type(TYPE)
        self._create, self._update, self._delete = known["create"], known["update"], known["delete"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        internals.register_type(TYPE, self.create, self.update, self._delete, blocking=False)

    def create(self, logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        """Make the group, under its own name or a new one."""
        made: tuple[str, dict[str, Any]] = self._create(
            logical_id, _named(properties, f"{stack}-{logical_id}-{secrets.token_hex(6)}"), stack
        )
        return made

    def update(
        self, physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str
    ) -> tuple[str, dict[str, Any]]:
        """Change the group; one that was and stays unnamed keeps the name it was given."""
        changed: tuple[str, dict[str, Any]] = self._update(
            physical_id, _named(old, physical_id), _named(new, physical_id), stack, physical_id
        )
        return changed


def _named(properties: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {**properties, _NAME: properties.get(_NAME) or name}
