# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack as an application: how it is served, and how a service of ours becomes one of its services."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app
from ministack.core import iam_actions, router

from generator.rehearsal.emulator.ministack.interception import Intercepted, replace

Answer = tuple[int, dict[str, str], bytes]
"""Status, headers and body of a response."""
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Answer]]


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """The whole emulator as an ASGI application."""
    await app.app(scope, receive, send)


def mount(service: str, target_prefix: str, handler: Handler) -> None:
    """Answer a service's requests with `handler`, IAM enforced under the service's own name.

    `target_prefix` is the model's; empty for a REST service, which is recognised by its signature's scope.
    """
    patterns: dict[str, Any] = {"credential_scope": service, "host_patterns": [rf"{service}\."]}
    if target_prefix:
        patterns["target_prefixes"] = [target_prefix + "."]
    else:
        iam_actions._BOTOCORE_SERVICE_MAP[service] = [service]
    router.SERVICE_PATTERNS[service] = patterns
    iam_actions.SERVICE_TO_IAM_NAMESPACE[service] = service
    app.SERVICE_HANDLERS[service] = handler


def around_handler(service: str, layer: Callable[..., Awaitable[Answer]]) -> None:
    """Answer a service's requests with `layer(inner, *request)`; `inner` is what answered until now."""
    app.SERVICE_HANDLERS[service] = functools.partial(layer, app.SERVICE_HANDLERS[service])


def recognise_api_hosts(pattern: Any) -> None:
    """Take a Host that `pattern` matches for an API's; group 1 is the API's id."""
    replace(pattern, "ministack.app._EXECUTE_API_RE")


def is_of_application(host: str) -> bool:
    """Whether a request is to an API or a function's URL, whose paths are all the application's own."""
    return bool(app._EXECUTE_API_RE.match(host) or app._LAMBDA_URL_RE.match(host))


def leave_paths_to_applications() -> None:
    """Have applications answer `/health`, `/v2/` and the like: ministack takes these for itself, whatever the host."""
    Intercepted("ministack.app._handle_pre_body_request").around(_unless_of_application)
    Intercepted("ministack.app._handle_post_body_shortcuts").around(_unless_of_application)
    Intercepted("ministack.app._handle_special_data_plane_request").around(_applications_first)


async def _unless_of_application(
    inner: Callable[..., Awaitable[Answer | None]], method: str, path: str, headers: dict[str, str], *rest: Any
) -> Answer | None:
    if is_of_application(headers.get("host", "")):
        return None
    return await inner(method, path, headers, *rest)


async def _applications_first(
    inner: Callable[..., Awaitable[Answer | None]],
    method: str,
    path: str,
    headers: dict[str, str],
    *rest: Any,
    **raw: Any,
) -> Answer | None:
    host = headers.get("host", "")
    if not is_of_application(host):
        return await inner(method, path, headers, *rest, **raw)
    body, query, request = rest
    called = (host, path, method, headers, body, query)
    of_url: Answer | None = await app._handle_lambda_url_request(*called)
    if of_url:
        # A function's URL names its own request.
        return of_url[0], {"x-amzn-RequestId": request, **of_url[1]}, of_url[2]
    of_api = await app._handle_execute_api_request(*called, **{name: raw[name] for name in _OF_AN_API})
    answer: Answer = app._with_data_plane_headers(of_api, request, wildcard_cors=False)
    return answer


_OF_AN_API = ("raw_path", "raw_query_string")
