"""AWS::CodeConnections::Connection and AWS::CodeStarConnections::Connection: PENDING when made, as on AWS.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codeconnections-connection.html
"""

from __future__ import annotations

from generator.rehearsal.emulator.cloudformation.properties import tag_map
from generator.rehearsal.emulator.cloudformation.resource import Asked, Properties, ReturnValues

_API_NAMES = {"ConnectionName": "ConnectionName", "ProviderType": "ProviderType", "HostArn": "HostArn"}


class Connections:
    """Ref is the connection's ARN."""

    def __init__(self, name: str, ask: Asked) -> None:
        self.name = name
        self._ask = ask

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> ReturnValues:
        """CreateConnection."""
        request = {api: properties[name] for name, api in _API_NAMES.items() if name in properties}
        tags = [{"Key": key, "Value": value} for key, value in tag_map(properties).items()]
        arn = self._ask("CreateConnection", **request, **({"Tags": tags} if tags else {}))["ConnectionArn"]
        connection = self._ask("GetConnection", ConnectionArn=arn)["Connection"]
        return arn, {
            "ConnectionArn": arn,
            "ConnectionStatus": connection["ConnectionStatus"],
            "OwnerAccountId": connection["OwnerAccountId"],
        }

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Anything but the tags makes another connection."""
        if any(old.get(name) != new.get(name) for name in _API_NAMES):
            return self.create("", new, stack)
        status = self._ask("GetConnection", ConnectionArn=physical_id)["Connection"]
        return physical_id, {
            "ConnectionArn": physical_id,
            "ConnectionStatus": status["ConnectionStatus"],
            "OwnerAccountId": status["OwnerAccountId"],
        }

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """DeleteConnection."""
        self._ask.quietly("DeleteConnection", "ResourceNotFoundException", ConnectionArn=physical_id)
