"""The request ministack is answering: its account, its region, and how to work outside of one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ministack.core import concurrency, responses

_Request = tuple[Mapping[str, str], bytes, Mapping[str, Any]]
_NOTHING: _Request = ({}, b"", {})


@dataclass(slots=True)
class _Noted:
    """Headers, body and parameters of the request being answered; nothing before IAM has seen it."""

    request: _Request = _NOTHING


_noted: ContextVar[_Noted | None] = ContextVar("noted", default=None)


@contextlib.contextmanager
def request() -> Iterator[None]:
    """Answer a request, and let go of it afterwards: somebody may keep its context for longer, and with it the body."""
    noted = _Noted()
    _noted.set(noted)
    try:
        yield
    finally:
        noted.request = _NOTHING


def note_request(headers: Mapping[str, str], body: bytes, parameters: Mapping[str, Any]) -> None:
    """Note the whole request being answered."""
    noted = _noted.get() or _Noted()
    noted.request = headers, body, parameters
    _noted.set(noted)


def noted_request() -> _Request:
    """Headers, body and parameters of the request being answered, if they have been noted."""
    noted = _noted.get()
    return noted.request if noted else _NOTHING


async def on_a_thread(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run what may call back into the emulator on a thread of its own, in the context of the request."""
    return await concurrency.run_reentrant(function, *arguments, thread_name="penstock")


def account() -> str:
    """The account of the request being answered."""
    return str(responses.get_account_id())


def region() -> str:
    """The region of the request being answered."""
    return str(responses.get_region())


def answer_in(account_id: str, region_name: str) -> None:
    """Answer the rest of the request at hand in this account and region."""
    responses.set_request_account_id(account_id)
    responses.set_request_region(region_name)


def acting_for(account_id: str, region_name: str) -> contextlib.AbstractContextManager[None]:
    """Work outside any request as if in this account and region."""
    scope: contextlib.AbstractContextManager[None] = responses.request_scope(account_id, region_name)
    return scope


def arn(service: str, resource: str, region_name: str = "", account_id: str = "") -> str:
    """The ARN of a resource; region and account are the request's unless named."""
    return f"arn:aws:{service}:{region_name or region()}:{account_id or account()}:{resource}"
