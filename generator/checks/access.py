"""APIs and function URLs of the application that anybody may call.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-controlling-access-to-apis.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.application.template import FUNCTIONS, Resource, Template
from generator.checks.phrases import listed
from generator.document import Path
from generator.errors import Problem

# SAM's event -> the API it belongs to where it names none, and the property that names one.
_EVENTS = {"Api": ("AWS::Serverless::Api", "RestApiId"), "HttpApi": ("AWS::Serverless::HttpApi", "ApiId")}
_ROUTES = {"AWS::ApiGateway::Method": "AuthorizationType", "AWS::ApiGatewayV2::Route": "AuthorizationType"}
_OPEN = "NONE"


def check_access(template: Template) -> Iterator[Problem]:
    """One remark for all that anybody may call, at the first of them."""
    endpoints = [entry for resource in template.resources.values() for entry in _open(resource, template)]
    if endpoints:
        names = listed([name for name, _ in endpoints])
        message = f"anybody can call {names}: it does not authenticate callers"
        hint = "if that is not intended, give the API or the event an Auth, the function's URL AuthType AWS_IAM"
        yield template.problem(endpoints[0][1], message, hint, at="key", level="info")


def _open(resource: Resource, template: Template) -> Iterator[tuple[str, Path]]:
    """What is open of a resource: how it is called, and where it stands."""
    name, key = resource.logical_id, _ROUTES.get(resource.type, "")
    if key and resource.properties.get(key, _OPEN) == _OPEN and resource.properties.get("HttpMethod") != "OPTIONS":
        yield name, ("Resources", name)
    if resource.type not in FUNCTIONS:
        return
    url = resource.properties.get("FunctionUrlConfig")
    if isinstance(url, dict) and url.get("AuthType") == _OPEN:
        yield f"{name}'s URL", template.place_of(name, "FunctionUrlConfig")
    events = resource.properties.get("Events")
    for event, declared in events.items() if isinstance(events, dict) else ():
        if isinstance(declared, dict) and _is_open(declared, template):
            yield f"{name} ({event})", ("Resources", name, "Properties", "Events", event)


def _is_open(event: Mapping[str, Any], template: Template) -> bool:
    kind, reference = _EVENTS.get(str(event.get("Type")), ("", ""))
    properties = event.get("Properties")
    properties = properties if isinstance(properties, dict) else {}
    if not kind or str(properties.get("Method")).upper() == "OPTIONS":
        return False
    own = properties.get("Auth")
    if isinstance(own, dict) and own.get("Authorizer") == _OPEN:
        return True
    return not _asks(own) and not _asks(_api(properties.get(reference), kind, template))


def _api(reference: Any, kind: str, template: Template) -> Any:
    """The Auth of an event's API: of the one it names, else what Globals say of SAM's own; unknown ones ask."""
    if reference is None:
        shared = template.document.data.get("Globals")
        section = shared.get(kind.removeprefix("AWS::Serverless::")) if isinstance(shared, dict) else None
        return section.get("Auth") if isinstance(section, dict) else None
    name = reference.get("Ref") if isinstance(reference, dict) else None
    api = template.resources.get(name) if isinstance(name, str) else None
    return api.properties.get("Auth") if api and api.type == kind else {"DefaultAuthorizer": "elsewhere"}


def _asks(auth: Any) -> bool:
    """Whether an Auth lets not everybody in; what only a launch can tell counts as one that does."""
    if not isinstance(auth, dict):
        return auth is not None
    if auth.get("Authorizer") == _OPEN or auth.get("DefaultAuthorizer") == _OPEN:
        return False
    return any(
        auth.get(key) for key in ("Authorizer", "DefaultAuthorizer", "ApiKeyRequired", "ResourcePolicy", "Fn::If")
    )
