"""Calls that are refused once for their rate, each service in its own words; what sent them tries again.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from generator.rehearsal.emulator.faults.bodies import again, whole
from generator.rehearsal.emulator.faults.chance import Chance
from generator.rehearsal.emulator.faults.kinds import THROTTLED

Application = Callable[[dict[str, Any], Any, Any], Any]
Answer = tuple[int, dict[str, str], bytes]

_CREDENTIAL = re.compile(r"Credential=([^/]+)/\d+/[^/]+/([^/]+)/aws4_request")
_FIRST_ATTEMPT = "attempt=1"
_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_FORM = "application/x-www-form-urlencoded"


class Throttling:
    """Stands before the emulator and refuses a share of what the SDKs ask, never an attempt that is a second one."""

    def __init__(self, behind: Application, chance: Chance, caller: Callable[[str], str]) -> None:
        self._behind = behind
        self._chance = chance
        self._caller = caller

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer a request, or have it answered."""
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        signed = _CREDENTIAL.search(headers.get("authorization", ""))
        if signed is None or _FIRST_ATTEMPT not in headers.get("amz-sdk-request", ""):
            await self._behind(scope, receive, send)
            return
        key, service = signed.groups()
        body = await whole(receive) if headers.get("content-type", "").startswith(_FORM) else None
        operation = _operation(scope, headers, body)
        subject = f"{service} {operation} of {self._caller(key)}"
        if not self._chance.strikes(THROTTLED.word, subject):
            await self._behind(scope, receive if body is None else again(body, receive), send)
            return
        if body is None:
            # What is left unread would be taken for the next request of the connection.
            await whole(receive)
        await _send(send, refusal(service, headers))


def _operation(scope: Mapping[str, Any], headers: Mapping[str, str], body: bytes | None) -> str:
    """What is asked for: by name where the protocol has one, else by method and the kind of path."""
    if target := headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    if body is not None:
        return parse_qs(body.decode(errors="replace")).get("Action", [""])[0]
    if invoked := _INVOKE.match(scope["path"]):
        return f"Invoke {_function(invoked[1])}"
    return f"{scope['method']} {'object' if scope['path'].count('/') > 1 else 'bucket'}"


def _function(named: str) -> str:
    """The name of a function that a path names by name or ARN, with a version or without."""
    return unquote(named).rpartition(":function:")[2].partition(":")[0]


def refusal(service: str, headers: Mapping[str, str]) -> Answer:
    """How a service refuses a call for its rate.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
    """
    if service in {"lambda", "apigateway"}:
        body = {"Type": "User", "Reason": "CallerRateLimitExceeded", "message": "Rate Exceeded."}
        kind = {"Content-Type": "application/json", "x-amzn-ErrorType": "TooManyRequestsException"}
        return 429, kind, json.dumps(body).encode()
    if service == "s3":
        return 503, _XML, b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
    if "x-amz-target" in headers:
        body = {"__type": "ThrottlingException", "message": "Rate exceeded"}
        kind = {"Content-Type": headers.get("content-type", ""), "x-amzn-ErrorType": "ThrottlingException"}
        return 400, kind, json.dumps(body).encode()
    error = "<Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
    return 400, _XML, f"<ErrorResponse>{error}</ErrorResponse>".encode()


_XML = {"Content-Type": "text/xml"}


async def _send(send: Any, answer: Answer) -> None:
    status, headers, body = answer
    pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})
