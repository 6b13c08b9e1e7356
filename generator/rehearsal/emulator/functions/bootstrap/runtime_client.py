# ruff: noqa: INP001 - a module for a function's own interpreter, not of this package
"""Stands in for the compiled part of awslambdaric where there is no build of it: the Runtime API over http.client."""

import http.client
import os
from typing import Any

_BASE = "/2018-06-01/runtime/invocation/"
_DEADLINE = "Lambda-Runtime-Deadline-Ms"
_agent: list[str] = []


def initialize_client(user_agent: str) -> None:
    """Remember how this client calls itself."""
    _agent[:] = [user_agent]


def next() -> tuple[bytes, dict[str, Any]]:  # noqa: A001 - the name of the compiled function
    """Wait for the next event: its body and the headers that describe the invocation, the deadline as a number."""
    body, headers = _call("GET", "next", None, {})
    return body, {**headers, _DEADLINE: int(headers[_DEADLINE])}


def post_invocation_result(invoke_id: str, body: bytes, content_type: str, invocation_id: str | None = None) -> None:
    """Answer the invocation."""
    _call("POST", f"{invoke_id}/response", body, {"Content-Type": content_type, **_named(invocation_id)})


def post_error(invoke_id: str, body: str, xray_fault: str, invocation_id: str | None = None) -> None:
    """Report that the invocation failed."""
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Function-Error-Type": "Unhandled",
        "Lambda-Runtime-Function-XRay-Error-Cause": xray_fault.encode("ascii", "backslashreplace").decode(),
        **_named(invocation_id),
    }
    _call("POST", f"{invoke_id}/error", body.encode(), headers)


def _named(invocation_id: str | None) -> dict[str, str]:
    return {"Lambda-Runtime-Invocation-Id": invocation_id} if invocation_id else {}


def _call(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[bytes, dict[str, Any]]:
    connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        connection.request(method, _BASE + path, body, {"User-Agent": "".join(_agent), **headers})
        response = connection.getresponse()
        answer = response.read()
        if response.status not in {200, 202}:
            raise RuntimeError(f"{path} answered {response.status}: {answer!r}")
        return answer, dict(response.getheaders())
    finally:
        connection.close()
