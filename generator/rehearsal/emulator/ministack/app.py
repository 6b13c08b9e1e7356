# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack as an application: how it is served, and how a service of ours becomes one of its services."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any

from ministack import app
from ministack.core import iam_actions, router

from generator.rehearsal.emulator.ministack.interception import replace

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
