"""AWS::Logs::LogGroup: a name of the stack's and the logical id where it has none, a key only that admits the service.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from generator.rehearsal.emulator import encryption
from generator.rehearsal.emulator.cloudformation.resource import ResourceError
from generator.rehearsal.emulator.ministack import cloudformation_types, context
from generator.rehearsal.service import Surroundings

TYPE = "AWS::Logs::LogGroup"
_NAME, _KEY = "LogGroupName", "KmsKeyId"


class LogGroups:
    """The emulator's own handlers, which would name a group after no rule of AWS's."""

    def __init__(self, here: Callable[[], Surroundings]) -> None:
        self._here = here
        handlers = cloudformation_types.handlers_of(TYPE)
        self._create, self._update, self._delete = handlers["create"], handlers["update"], handlers["delete"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        cloudformation_types.register_type(TYPE, self.create, self.update, self._delete, blocking=False)

    def create(self, logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        """Make the group, under its own name or a new one. Raises ResourceError where its key does not admit it."""
        named = _named(properties, f"{stack}-{logical_id}-{secrets.token_hex(6)}")
        self._admit(named)
        created: tuple[str, dict[str, Any]] = self._create(logical_id, named, stack)
        return created

    def update(
        self, physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str
    ) -> tuple[str, dict[str, Any]]:
        """Change the group; one that was and stays unnamed keeps the name it was given. Raises as `create`."""
        named = _named(new, physical_id)
        if (named.get(_KEY), named[_NAME]) != (old.get(_KEY), physical_id):
            self._admit(named)
        changed: tuple[str, dict[str, Any]] = self._update(
            physical_id, _named(old, physical_id), named, stack, physical_id
        )
        return changed

    def _admit(self, properties: Mapping[str, Any]) -> None:
        key = encryption.key_behind(str(properties.get(_KEY) or ""))
        group = f"arn:aws:logs:{context.region()}:{context.account()}:log-group:{properties[_NAME]}"
        for asked in encryption.keeping_logs(group, key) if key else ():
            more = {"context": asked.context, "behind": asked.behind}
            answer = self._here().may(asked.principal, asked.action, asked.resource, **more)
            if not answer.allowed:
                message = "The specified KMS key does not exist or is not allowed to be used with Arn"
                raise ResourceError(f"{message} '{group}' ({answer.why})")


def _named(properties: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {**properties, _NAME: properties.get(_NAME) or name}
