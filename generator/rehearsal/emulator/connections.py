"""CodeConnections and CodeStar connections: connections to somebody's git hosting, PENDING until they are made.

https://docs.aws.amazon.com/codeconnections/latest/APIReference/
"""

from __future__ import annotations

import uuid
from typing import Any

from generator.rehearsal.emulator.operations import Request, TableOfOperations, page
from generator.rehearsal.service import Caller, ServiceError, Surroundings


class Connections(TableOfOperations):
    """Connections by ARN. A connection source reads a repository of this machine whatever the status is."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._service = surroundings.principal.partition(".")[0]
        self._connections: dict[str, dict[str, Any]] = {}
        self._tags: dict[str, dict[str, str]] = {}
        super().__init__(
            {
                "CreateConnection": self._create,
                "DeleteConnection": self._delete,
                "GetConnection": self._get,
                "ListConnections": self._list,
                "ListTagsForResource": self._list_tags,
                "TagResource": self._tag,
                "UntagResource": self._untag,
            },
            "UnsupportedOperationException",
        )

    def _create(self, request: Request, caller: Caller) -> dict[str, Any]:
        arn = f"arn:aws:{self._service}:{caller.region}:{caller.account}:connection/{uuid.uuid4()}"
        self._connections[arn] = {
            "ConnectionName": request["ConnectionName"],
            "ConnectionArn": arn,
            "ProviderType": request.get("ProviderType", "GitHub"),
            "OwnerAccountId": caller.account,
            "ConnectionStatus": "PENDING",
            "HostArn": request.get("HostArn"),
        }
        self._tags[arn] = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        return {"ConnectionArn": arn, "Tags": _listed(self._tags[arn])}

    def complete(self, name: str) -> str:
        """Do what a person does in the console: the PENDING connection of this name or ARN becomes AVAILABLE.

        Answers its ARN, or nothing when there is none. There is no API for it:
        https://docs.aws.amazon.com/dtconsole/latest/userguide/connections-update.html
        """
        for arn, connection in self._connections.items():
            if name in {arn, connection["ConnectionName"]}:
                connection["ConnectionStatus"] = "AVAILABLE"
                return arn
        return ""

    def _connection(self, arn: str) -> dict[str, Any]:
        if arn not in self._connections:
            raise ServiceError("ResourceNotFoundException", f"[{arn}] not found")
        return self._connections[arn]

    def _get(self, request: Request, _caller: Caller) -> dict[str, Any]:
        return {"Connection": self._connection(request["ConnectionArn"])}

    def _delete(self, request: Request, _caller: Caller) -> dict[str, Any]:
        self._connection(request["ConnectionArn"])
        del self._connections[request["ConnectionArn"]]
        return {}

    def _list(self, request: Request, caller: Caller) -> dict[str, Any]:
        provider = request.get("ProviderTypeFilter")
        mine = [
            connection
            for connection in self._connections.values()
            if connection["OwnerAccountId"] == caller.account and provider in {None, connection["ProviderType"]}
        ]
        refused = ServiceError("InvalidInputException", "Invalid next token")
        shown, token = page(mine, request.get("NextToken"), request.get("MaxResults") or 50, refused)
        return {"Connections": shown, "NextToken": token}

    def _list_tags(self, request: Request, _caller: Caller) -> dict[str, Any]:
        self._connection(request["ResourceArn"])
        return {"Tags": _listed(self._tags[request["ResourceArn"]])}

    def _tag(self, request: Request, _caller: Caller) -> dict[str, Any]:
        self._connection(request["ResourceArn"])
        self._tags[request["ResourceArn"]].update({tag["Key"]: tag["Value"] for tag in request["Tags"]})
        return {}

    def _untag(self, request: Request, _caller: Caller) -> dict[str, Any]:
        self._connection(request["ResourceArn"])
        for key in request["TagKeys"]:
            self._tags[request["ResourceArn"]].pop(key, None)
        return {}


def _listed(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
