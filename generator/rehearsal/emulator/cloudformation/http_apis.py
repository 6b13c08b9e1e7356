"""AWS::ApiGatewayV2::Api with a Body: the routes and integrations an OpenAPI document describes.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator.cloudformation.http_api_authorizers import authorization, authorizers
from generator.rehearsal.emulator.ministack import apigateway, cloudformation_types, context

TYPE = "AWS::ApiGatewayV2::Api"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
_ANY = "x-amazon-apigateway-any-method"
_INTEGRATION = "x-amazon-apigateway-integration"
_CORS = "x-amazon-apigateway-cors"


class HttpApis:
    """The emulator's own handlers, with the document carried out and the endpoint's real name as attribute."""

    def __init__(self) -> None:
        handlers = cloudformation_types.handlers_of(TYPE)
        self._create, self._update, self._delete = handlers["create"], handlers["update"], handlers["delete"]

    def register(self) -> None:
        """Take the place of the emulator's handlers."""
        cloudformation_types.register_type(TYPE, self.create, self.update, self.delete, blocking=False)

    def create(self, logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        """Make the API, then its routes."""
        document = _document(properties)
        physical_id, _ = self._create(logical_id, _with_document(properties, document), stack)
        return self._finish(physical_id, document)

    def update(
        self, physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str
    ) -> tuple[str, dict[str, Any]]:
        """Change the API, then give it the routes of the new document."""
        document = _document(new)
        merged = _with_document(old, _document(old)), _with_document(new, document)
        changed, _ = self._update(physical_id, *merged, stack, physical_id)
        return self._finish(changed, document)

    def delete(self, physical_id: str, properties: dict[str, Any]) -> None:
        """Remove it with its routes."""
        self._delete(physical_id, properties)

    @staticmethod
    def _finish(api_id: str, document: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        record = apigateway.http_api(api_id)
        scheme = "wss" if (record or {}).get("protocolType") == "WEBSOCKET" else "https"
        endpoint = f"{scheme}://{api_id}.execute-api.{context.region()}.amazonaws.com"
        if record is not None:
            record["apiEndpoint"] = endpoint
        if document:
            declared = list(routes(document))
            apigateway.set_http_api_routes(
                api_id,
                {route["routeId"]: route for route, _ in declared},
                {integration["integrationId"]: integration for _, integration in declared},
            )
            apigateway.set_http_api_authorizers(api_id, authorizers(document))
        return api_id, {"ApiId": api_id, "ApiEndpoint": endpoint}


def _document(properties: Mapping[str, Any]) -> dict[str, Any]:
    body = properties.get("Body") or {}
    return json.loads(body) if isinstance(body, str) else dict(body)


def _with_document(properties: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The properties with what the document says in their place: name, description, CORS."""
    info = document.get("info", {})
    described = {"Name": info.get("title"), "Description": info.get("description"), "ProtocolType": "HTTP"}
    cors = document.get(_CORS)
    if cors:
        described["CorsConfiguration"] = {name[0].lower() + name[1:]: value for name, value in cors.items()}
    stated = {name: value for name, value in described.items() if value}
    return {**(stated if document else {}), **{k: v for k, v in properties.items() if k != "Body"}}


def routes(document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each operation's route with its integration, in the shape of the emulator's records."""
    for path, operations in document.get("paths", {}).items():
        for method, operation in operations.items():
            if (method.lower() in _METHODS or method == _ANY) and _INTEGRATION in operation:
                key = _route_key(method, path)
                route = {**_route(key), **authorization(document, operation)}
                yield route, _integration(key, operation[_INTEGRATION])


def _route_key(method: str, path: str) -> str:
    verb = "ANY" if method == _ANY else method.upper()
    return "$default" if path in {"/$default", "$default"} else f"{verb} {path}"


def _id(key: str) -> str:
    """The same id for the same route at every update."""
    return hashlib.sha256(key.encode()).hexdigest()[:7]


def _route(key: str) -> dict[str, Any]:
    return {
        "routeId": _id(key),
        "routeKey": key,
        "target": f"integrations/{_id(key)}",
        "apiKeyRequired": False,
    }


def _integration(key: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "integrationId": _id(key),
        "integrationType": str(definition.get("type", "AWS_PROXY")).upper(),
        "integrationMethod": str(definition.get("httpMethod", "POST")).upper(),
        "integrationUri": definition.get("uri", ""),
        "payloadFormatVersion": str(definition.get("payloadFormatVersion", "2.0")),
        "connectionType": "INTERNET",
        "timeoutInMillis": int(definition.get("timeoutInMillis", 30000)),
    }
