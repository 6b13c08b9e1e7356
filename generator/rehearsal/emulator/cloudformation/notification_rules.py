"""AWS::CodeStarNotifications::NotificationRule.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codestarnotifications-notificationrule.html
"""

from __future__ import annotations

from typing import Any

from generator.rehearsal.emulator.cloudformation.properties import tag_map, to_api
from generator.rehearsal.emulator.cloudformation.resource import Asked, Properties, ReturnValues
from generator.rehearsal.emulator.wire import model_of

_MUTABLE = ("Name", "EventTypeIds", "Targets", "DetailType", "Status")


class NotificationRules:
    """Ref and Arn are the rule's ARN."""

    name = "AWS::CodeStarNotifications::NotificationRule"

    def __init__(self, ask: Asked) -> None:
        self._ask = ask

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> ReturnValues:
        """CreateNotificationRule."""
        arn = self._ask("CreateNotificationRule", **_request("CreateNotificationRule", properties))["Arn"]
        return arn, {"Arn": arn}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """UpdateNotificationRule; another resource makes another rule."""
        if old.get("Resource") != new.get("Resource"):
            return self.create("", new, stack)
        changed = {name: new[name] for name in _MUTABLE if name in new}
        self._ask("UpdateNotificationRule", Arn=physical_id, **_request("UpdateNotificationRule", changed))
        return physical_id, {"Arn": physical_id}

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """DeleteNotificationRule."""
        self._ask("DeleteNotificationRule", Arn=physical_id)


def _request(operation: str, properties: Properties) -> dict[str, Any]:
    """The API's request; the type's own tags, and what only the console sets, stay outside or are converted."""
    shape = model_of("codestar-notifications").operation_model(operation).input_shape
    tags = tag_map(properties)
    own = {key: value for key, value in properties.items() if key not in {"Tags", "CreatedBy"}}
    return {**to_api(shape, own), **({"Tags": tags} if tags else {})}
