# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's API Gateway: HTTP and REST APIs, their names, and the functions behind them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from ministack.services import apigateway, apigateway_v1

from generator.rehearsal.emulator.ministack import context
from generator.rehearsal.emulator.ministack.app import Answer
from generator.rehearsal.emulator.ministack.interception import Intercepted, replace

_ANY = "x-amazon-apigateway-any-method"
_BAD_GATEWAY = 502
Invoke = Callable[..., Awaitable[Answer]]
Integration = Mapping[str, Any]
Allowed = Callable[[Integration, str, str], bool]

_invoke_http = Intercepted("ministack.services.apigateway._invoke_lambda_proxy")
_invoke_rest = Intercepted("ministack.services.apigateway_v1._invoke_lambda_proxy_v1")
_invoke_rest_custom = Intercepted("ministack.services.apigateway_v1._invoke_lambda_custom_v1")
_invoke_rest_sqs = Intercepted("ministack.services.apigateway_v1._invoke_sqs_v1")
_invoke_websocket = Intercepted("ministack.services.apigateway._invoke_ws_lambda")
_authorizers = (
    Intercepted("ministack.services.apigateway._invoke_request_authorizer_lambda"),
    Intercepted("ministack.services.apigateway_v1._invoke_authorizer_lambda"),
)
_import_path = Intercepted("ministack.services.apigateway_v1._import_path_item")
_called = Intercepted("ministack.app._parse_execute_api_url")
_rest_event = Intercepted("ministack.services.apigateway_v1._build_lambda_event_v1")


def answer_in_owners_account() -> None:
    """Let whoever calls an API reach it where it is: its id is nobody else's, and a call says no account."""

    def called(inner: Any, host: str, path: str) -> tuple[str, str, str] | None:
        parsed: tuple[str, str, str] | None = inner(host, path)
        for (account, region, api_id), _ in _all_apis() if parsed else ():
            if parsed and api_id == parsed[0]:
                context.answer_in(account, region)
        return parsed

    _called.around(called)


def _all_apis() -> Iterator[tuple[tuple[str, str, str], Any]]:
    yield from apigateway._apis.all_items()
    yield from apigateway_v1._rest_apis.all_items()


def http_api(api_id: str) -> dict[str, Any] | None:
    """The record of an HTTP API, to be changed in place."""
    record: dict[str, Any] | None = apigateway._apis.get(api_id)
    return record


def set_http_api_routes(api_id: str, routes: Mapping[str, Any], integrations: Mapping[str, Any]) -> None:
    """Give an HTTP API exactly these routes and integrations, in ministack's own records."""
    apigateway._routes[api_id] = dict(routes)
    apigateway._integrations[api_id] = dict(integrations)


def set_http_api_authorizers(api_id: str, authorizers: Mapping[str, Any]) -> None:
    """Give an HTTP API exactly these authorizers."""
    apigateway._authorizers[api_id] = dict(authorizers)


def has_methods(api: str) -> bool:
    """Whether a REST API has a method."""
    resources = (apigateway_v1._resources.get(api) or {}).values()
    return any(resource.get("resourceMethods") for resource in resources)


def import_any_methods() -> None:
    """Let a REST API that an OpenAPI document describes have methods that take any verb, which were left out.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html
    """
    apigateway_v1._OPENAPI_HTTP_METHODS.add("any")

    def imported(inner: Any, api_id: str, path: str, methods: Mapping[str, Any], *more: Any) -> None:
        inner(api_id, path, {"any" if name == _ANY else name: method for name, method in methods.items()}, *more)

    _import_path.around(imported)


class _RegionDomain:
    """What follows "<id>.execute-api." in the name of an API: the region at hand, and AWS's domain."""

    def __str__(self) -> str:
        return f"{context.region()}.amazonaws.com"


def name_apis() -> None:
    """Let APIs have AWS's names, of their region, in the events of every kind; those of a REST API lacked it."""
    domain = _RegionDomain()
    replace(domain, "ministack.services.apigateway._HOST")

    def build(inner: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
        event: dict[str, Any] = inner(*arguments, **named)
        api_id = event["requestContext"]["apiId"]
        names = {"domainName": f"{api_id}.execute-api.{domain}", "domainPrefix": api_id}
        return {**event, "requestContext": {**event["requestContext"], **names}}

    _rest_event.around(build)


def restrict_apis(allowed: Allowed) -> None:
    """Let APIs call functions only if `allowed(integration, function ARN, source ARN)`; AWS answers 500 otherwise."""
    _invoke_http.around(_restricted_http(allowed))
    _invoke_rest.around(_restricted_rest(allowed))
    _invoke_rest_custom.around(_restricted_rest(allowed))
    _invoke_websocket.around(_restricted_websocket(allowed))
    for authorizer in _authorizers:
        authorizer.around(_restricted_authorizer(allowed))


def restrict_queue_integrations(allowed: Callable[[str, str, str], bool]) -> None:
    """Let REST APIs send to a queue only if `allowed(role or "", queue ARN, source ARN)`."""

    async def invoke(inner: Invoke, integration: Integration, api: str, stage: str, *more: Any, **named: Any) -> Answer:
        _stage, resource, _path, method = more[:4]
        _, _, _, region, _, path = [*str(integration.get("uri", "")).split(":", 5), *[""] * 6][:6]
        *_, account, queue = ["", named.get("owner_account_id") or "", *path.removeprefix("path/").split("/")]
        source = _source(api, stage, f"{method}{resource.get('path', '/')}", named)
        if not allowed(str(integration.get("credentials") or ""), context.arn("sqs", queue, region, account), source):
            return _refused("Internal server error")
        return await inner(integration, api, stage, *more, **named)

    _invoke_rest_sqs.around(invoke)


def _restricted_http(allowed: Allowed) -> Invoke:
    async def invoke(inner: Invoke, integration: Integration, api: str, stage: str, *more: Any, **named: Any) -> Answer:
        function = _function(integration.get("integrationUri", ""))
        route = str(named.get("route_key") or (more[5] if len(more) > 5 else "$default"))  # noqa: PLR2004 - its place
        # A route's key is "GET /time" or "$default".
        source = _source(api, stage, route.replace(" ", "", 1), named)
        if not allowed(integration, function, source):
            return _refused("Internal Server Error")
        return await inner(integration, api, stage, *more, **named)

    return invoke


def _restricted_rest(allowed: Allowed) -> Invoke:
    async def invoke(inner: Invoke, integration: Integration, api: str, stage: str, *more: Any, **named: Any) -> Answer:
        _stage, resource, _path, method = more[:4]
        source = _source(api, stage, f"{method}{resource.get('path', '/')}", named)
        if not allowed(integration, _function(integration.get("uri", "")), source):
            return _refused("Internal server error")
        return await inner(integration, api, stage, *more, **named)

    return invoke


def _restricted_websocket(allowed: Allowed) -> Callable[..., Awaitable[Any]]:
    async def invoke(
        inner: Any, api: str, account: str, region: str, route: Integration, *more: Any, **named: Any
    ) -> Any:
        identifier = str(route.get("target", "")).rpartition("/")[2]
        integration = (apigateway._integrations.get(api) or {}).get(identifier) or {}
        uri = str(integration.get("integrationUri") or "")
        place = {"owner_region": region, "owner_account_id": account}
        if uri and not allowed(integration, _function(uri), _source(api, more[0], str(route.get("routeKey")), place)):
            return None
        answer = await inner(api, account, region, route, *more, **named)
        _stage, connection, event_type, message = more[:4]
        return _heard(api, route, answer, connection, message) if event_type == "MESSAGE" else answer

    return invoke


def _heard(api: str, route: Integration, answer: Any, connection: str, message: str) -> Any:
    """What a client gets of an answer: an error, and else nothing without a response of the route.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-response.html
    """
    if (answer or {}).get("statusCode") == _BAD_GATEWAY:
        error = {"message": "Internal server error", "connectionId": connection, "requestId": message}
        return {"body": json.dumps(error)}
    responses = (apigateway._route_responses.get(api) or {}).get(route.get("routeId"))
    return answer if responses else None


def _restricted_authorizer(allowed: Allowed) -> Callable[..., Awaitable[Any]]:
    """An authorizer that may not be called has failed; its source ends in its own id."""

    async def invoke(inner: Any, authorizer: Integration, event: Any, account: str, region: str) -> Any:
        identifier = authorizer.get("authorizerId") or authorizer.get("id")
        source = f"{_api_of(event, region, account)}/authorizers/{identifier}"
        role = authorizer.get("authorizerCredentialsArn") or authorizer.get("authorizerCredentials")
        if not allowed({"credentials": role}, _function(str(authorizer.get("authorizerUri") or "")), source):
            return None
        return await inner(authorizer, event, account, region)

    return invoke


def _api_of(event: Mapping[str, Any], region: str, account: str) -> str:
    """The ARN of the API that a request to an authorizer is about."""
    api_arn = str(event.get("methodArn") or event.get("routeArn") or "").partition("/")[0]
    api = (event.get("requestContext") or {}).get("apiId", "")
    return api_arn or context.arn("execute-api", api, region, account)


def _function(uri: str) -> str:
    function: str = apigateway._extract_lambda_ref_from_integration_uri(uri)
    return function if function.startswith("arn:") else context.arn("lambda", f"function:{function}")


def _source(api: str, stage: str, route: str, of: Mapping[str, Any]) -> str:
    region, account = of.get("owner_region") or "", of.get("owner_account_id") or ""
    return context.arn("execute-api", f"{api}/{stage}/{route}", region, account)


def _refused(message: str) -> Answer:
    return 500, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()
