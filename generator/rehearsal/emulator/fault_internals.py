# ruff: noqa: SLF001 - like internals, this file exists to be the one that touches ministack's private names
"""The one file that puts faults between ministack's services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import eventbridge, lambda_svc, sns, sts

Deliver = Callable[[str, Callable[[], None]], None]
Around = Callable[[Callable[..., dict[str, Any]], dict[str, Any], Any, str], dict[str, Any]]


def divert_deliveries(deliver: Deliver) -> None:
    """Have every asynchronous delivery carried out by `deliver(what to whom, the delivery)`."""
    known_target, known_event = eventbridge._invoke_target, lambda_svc.invoke_async_with_retry
    to_lambda, to_sqs = sns._deliver_to_lambda, sns._deliver_to_sqs

    def invoke_target(target: Any, event: Any, rule: Any, view: Any = None) -> None:
        what = f"{event.get('DetailType', 'event')} to {_name(target.get('Arn', ''))}"
        deliver(what, lambda: known_target(target, event, rule, view))

    def invoke_async(func: dict[str, Any], event: Any) -> None:
        name = (func.get("config") or func)["FunctionName"]
        deliver(f"invocation of {name}", lambda: known_event(func, event))

    def deliver_to_lambda(endpoint: str, *more: Any) -> None:
        deliver(f"message to {_name(endpoint)}", lambda: to_lambda(endpoint, *more))

    def deliver_to_sqs(endpoint: str, *more: Any, **named: Any) -> None:
        deliver(f"message to {_name(endpoint)}", lambda: to_sqs(endpoint, *more, **named))

    eventbridge._invoke_target = invoke_target
    lambda_svc.invoke_async_with_retry = invoke_async
    sns._deliver_to_lambda = deliver_to_lambda
    sns._deliver_to_sqs = deliver_to_sqs


def around_functions(around: Around) -> None:
    """Have every invocation run by `around(the run, function, event, request id)`."""
    known = lambda_svc._execute_function_warm
    lambda_svc._execute_function_warm = lambda func, event, request_id: around(known, func, event, request_id)


def retried(func: Mapping[str, Any]) -> bool:
    """Whether Lambda runs an asynchronous invocation again when it failed.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
    """
    configured = func.get("event_invoke_config") or (func.get("event_invoke_configs") or {}).get("$LATEST") or {}
    attempts = configured.get("MaximumRetryAttempts")
    return attempts is None or int(attempts) > 0


def caller(access_key: str) -> str:
    """Who owns a key: the name of a role, or the account."""
    session = sts._sessions.get(access_key)
    if session is None:
        return "the account"
    return str(session["Arn"]).split("/")[1]


def _name(arn: str) -> str:
    """What an ARN names, with its service."""
    parts = arn.split(":", 5)
    return f"{parts[2]} {parts[5]}" if len(parts) > 5 else arn  # noqa: PLR2004 - an ARN's resource is its sixth part
