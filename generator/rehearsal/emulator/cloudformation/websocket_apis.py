"""Of WebSocket APIs what the emulator's CloudFormation lacks: deployments, and responses of routes and integrations.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-overview.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.emulator.cloudformation.resource import Properties, ResourceError, ReturnValues

Client = Callable[[str], Any]
_NO_ROUTE = "At least one route is required before deploying the Api."


class Part:
    """A part of an API whose properties are the API's own members. Ref is its id, which `attribute` returns as well."""

    def __init__(self, client: Client, kind: str, operation: str, within: tuple[str, ...]) -> None:
        self.name = f"AWS::ApiGatewayV2::{kind}"
        self._client = client
        self._operation = operation
        self._within = within
        self._attribute = f"{kind}Id"

    def create(self, _logical_id: str, properties: Properties, _stack: str) -> ReturnValues:
        """Make it."""
        part = self._ask("create", **_members(properties))[self._attribute]
        return part, {self._attribute: part}

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Change it; what belongs to something else is another part."""
        if any(old.get(name) != new.get(name) for name in self._within):
            return self.create("", new, stack)
        self._ask("update", **_members(new), **{self._attribute: physical_id})
        return physical_id, {self._attribute: physical_id}

    def delete(self, physical_id: str, properties: Properties) -> None:
        """Remove it; it may be gone with what it belongs to."""
        members = _members(properties)
        place = {name: members[name] for name in self._within}
        api = self._client("apigatewayv2")
        with contextlib.suppress(api.exceptions.NotFoundException):
            getattr(api, f"delete_{self._operation}")(**place, **{self._attribute: physical_id})

    def _ask(self, verb: str, **members: Any) -> Any:
        try:
            return getattr(self._client("apigatewayv2"), f"{verb}_{self._operation}")(**members)
        except ClientError as refused:
            raise ResourceError(str(refused)) from refused


class Deployments(Part):
    """Deployments of an API that has routes."""

    def __init__(self, client: Client) -> None:
        super().__init__(client, "Deployment", "deployment", ("ApiId",))

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """Deploy; raises ResourceError for an API without routes."""
        if not self._client("apigatewayv2").get_routes(ApiId=properties["ApiId"])["Items"]:
            raise ResourceError(
                f"{_NO_ROUTE} (Service: ApiGatewayV2, Status Code: 400, Error Code: BadRequestException)"
            )
        return super().create(logical_id, properties, stack)

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """Change its description, which nothing here reads; of another API it is another deployment."""
        changed = any(old.get(name) != new.get(name) for name in self._within)
        return self.create("", new, stack) if changed else (physical_id, {self._attribute: physical_id})


def parts(client: Client) -> list[Part]:
    """Every type of them."""
    return [
        Deployments(client),
        Part(client, "RouteResponse", "route_response", ("ApiId", "RouteId")),
        Part(client, "IntegrationResponse", "integration_response", ("ApiId", "IntegrationId")),
    ]


def _members(properties: Properties) -> dict[str, Any]:
    # The emulator's Ref of a route has the API before the route's own id.
    return {name: str(value).rpartition("/")[2] if name == "RouteId" else value for name, value in properties.items()}
