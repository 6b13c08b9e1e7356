# ruff: noqa: SLF001 - like internals, this file exists to be the one that touches ministack's private names
"""The one file that puts itself between ministack's services where one calls another on AWS's behalf."""

from __future__ import annotations

import json
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ministack.core import responses
from ministack.services import apigateway, apigateway_v1, cloudwatch_logs, eventbridge, lambda_svc, sns, sts

Answer = tuple[int, dict[str, str], bytes]
Invoke = Callable[..., Awaitable[Answer]]
Integration = Mapping[str, Any]


def gate_targets(allowed: Callable[[Mapping[str, Any], str], bool]) -> None:
    """Hand an event to a rule's target only if `allowed(target, rule ARN)`."""
    known = eventbridge._invoke_target

    def invoke_target(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        if allowed(target, rule.get("Arn", "")):
            known(target, event, rule, view)

    eventbridge._invoke_target = invoke_target


def gate_apis(allowed: Callable[[Integration, str, str], bool]) -> None:
    """Let APIs call functions only if `allowed(integration, function ARN, source ARN)`; AWS answers 500 otherwise."""
    apigateway._invoke_lambda_proxy = _gated_http(apigateway._invoke_lambda_proxy, allowed)
    apigateway_v1._invoke_lambda_proxy_v1 = _gated_rest(apigateway_v1._invoke_lambda_proxy_v1, allowed)
    apigateway_v1._invoke_lambda_custom_v1 = _gated_rest(apigateway_v1._invoke_lambda_custom_v1, allowed)


def _gated_http(known: Invoke, allowed: Callable[[Integration, str, str], bool]) -> Invoke:
    async def invoke(integration: Integration, api: str, stage: str, *more: Any, **named: Any) -> Answer:
        function = _function(integration.get("integrationUri", ""))
        route = str(named.get("route_key") or (more[5] if len(more) > 5 else "$default"))  # noqa: PLR2004 - its place
        # A route's key is "GET /time" or "$default".
        source = _source(api, stage, route.replace(" ", "", 1), named)
        if not allowed(integration, function, source):
            return _refused("Internal Server Error")
        return await known(integration, api, stage, *more, **named)

    return invoke


def _gated_rest(known: Invoke, allowed: Callable[[Integration, str, str], bool]) -> Invoke:
    async def invoke(integration: Integration, api: str, stage: str, *more: Any, **named: Any) -> Answer:
        _stage, resource, _path, method = more[:4]
        source = _source(api, stage, f"{method}{resource.get('path', '/')}", named)
        if not allowed(integration, _function(integration.get("uri", "")), source):
            return _refused("Internal server error")
        return await known(integration, api, stage, *more, **named)

    return invoke


def _function(uri: str) -> str:
    named: str = apigateway._extract_lambda_ref_from_integration_uri(uri)
    return named if named.startswith("arn:") else f"{_place('lambda')}:function:{named}"


def _source(api: str, stage: str, route: str, of: Mapping[str, Any]) -> str:
    region, account = of.get("owner_region") or "", of.get("owner_account_id") or ""
    return f"{_place('execute-api', region, account)}:{api}/{stage}/{route}"


def _place(service: str, region: str = "", account: str = "") -> str:
    return f"arn:aws:{service}:{region or responses.get_region()}:{account or responses.get_account_id()}"


def _refused(message: str) -> Answer:
    return 500, {"Content-Type": "application/json"}, json.dumps({"message": message}).encode()


def gate_subscriptions(allowed: Callable[[str, str], bool]) -> None:
    """Hand a topic's message to a function only if `allowed(function ARN, topic ARN)`."""
    known = sns._deliver_to_lambda

    def deliver(function: str, envelope: str, topic: str, *more: Any) -> None:
        if allowed(function, topic):
            known(function, envelope, topic, *more)

    sns._deliver_to_lambda = deliver


def gate_logs(allowed: Callable[[str, str, bool], bool]) -> None:
    """Write a function's log only if `allowed(role, log group ARN, whether the group is there)`."""
    known = lambda_svc._emit_lambda_logs

    def emit(func: Mapping[str, Any], *more: Any, **named: Any) -> None:
        config = func.get("config") or func
        logging = config.get("LoggingConfig") or {}
        group = logging.get("LogGroup") or f"/aws/lambda/{config.get('FunctionName')}"
        there = group in cloudwatch_logs._log_groups
        if allowed(str(config.get("Role", "")), f"{_place('logs')}:log-group:{group}", there):
            known(func, *more, **named)

    lambda_svc._emit_lambda_logs = emit


def register_sessions_one_at_a_time() -> None:
    """Let threads register sessions of roles side by side: registering one looks through all the others."""
    known, lock = sts.register_session, threading.Lock()

    def register_session(access_key: str, session: dict[str, Any]) -> None:
        with lock:
            known(access_key, session)

    sts.register_session = register_session
