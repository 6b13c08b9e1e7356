"""Who may call the routes of an HTTP API that an OpenAPI document describes, as the emulator's records have it.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

_AUTHORIZER = "x-amazon-apigateway-authorizer"
_SIGNED = {"x-amazon-apigateway-authtype": "awsSigv4"}
_KINDS = {"JWT": "JWT", "REQUEST": "CUSTOM"}
_FIVE_MINUTES = 300


def authorizers(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The document's authorizers by their id."""
    records = (_authorizer(name, scheme[_AUTHORIZER]) for name, scheme in _schemes(document) if _AUTHORIZER in scheme)
    return {record["authorizerId"]: record for record in records}


def authorization(document: Mapping[str, Any], operation: Mapping[str, Any]) -> dict[str, Any]:
    """What a route asks of its callers: the first scheme of its own security, or of the document's."""
    demanded = operation.get("security", document.get("security")) or [{}]
    name, scopes = next(iter(demanded[0].items()), ("", []))
    scheme = dict(_schemes(document)).get(name, {})
    if _SIGNED.items() <= scheme.items():
        return {"authorizationType": "AWS_IAM"}
    if _AUTHORIZER not in scheme:
        return {"authorizationType": "NONE"}
    kind = _KINDS[str(scheme[_AUTHORIZER]["type"]).upper()]
    return {"authorizationType": kind, "authorizerId": _id(name), "authorizationScopes": list(scopes)}


def _schemes(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list((document.get("components") or {}).get("securitySchemes", {}).items())


def _authorizer(name: str, definition: Mapping[str, Any]) -> dict[str, Any]:
    sources = definition.get("identitySource") or []
    return {
        "authorizerId": _id(name),
        "authorizerType": str(definition["type"]).upper(),
        "name": name,
        "identitySource": [sources] if isinstance(sources, str) else list(sources),
        "jwtConfiguration": dict(definition.get("jwtConfiguration") or {}),
        "authorizerUri": definition.get("authorizerUri", ""),
        "authorizerPayloadFormatVersion": str(definition.get("authorizerPayloadFormatVersion", "2.0")),
        "authorizerResultTtlInSeconds": int(definition.get("authorizerResultTtlInSeconds", _FIVE_MINUTES)),
        "enableSimpleResponses": bool(definition.get("enableSimpleResponses")),
        "authorizerCredentialsArn": definition.get("authorizerCredentials", ""),
    }


def _id(name: str) -> str:
    """The same id for the same authorizer at every update."""
    return hashlib.sha256(name.encode()).hexdigest()[:8]
