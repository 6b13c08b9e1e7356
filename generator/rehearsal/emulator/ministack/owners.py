# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""Whose a resource is, and how ministack is made to work in its owner's account once the judge let somebody in."""

from __future__ import annotations

import contextlib
import functools
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

from ministack.services import s3

from generator.rehearsal.emulator.ministack import context, s3_bodies
from generator.rehearsal.emulator.ministack.app import Answer, Handler, around_handler
from generator.rehearsal.emulator.ministack.interception import Intercepted

_BUCKET = "arn:aws:s3:::"
_ACCOUNT = re.compile(r"\d{12}")
# Whose resources other accounts can reach by a policy of theirs. S3, whose buckets have no account in their names,
# SNS and SQS find them by themselves.
_SERVICES = ("kms", "lambda", "secretsmanager", "sns", "sqs")
R = TypeVar("R")

_bucket_allows = Intercepted("ministack.services.s3._foreign_bucket_allows")
_bucket_region = Intercepted("ministack.services.s3.bucket_region")
_trusts = Intercepted("ministack.core.iam_evaluator.evaluate_trust_policy")
_let_in: ContextVar[str] = ContextVar("penstock_let_in", default="")


def owner_of(arn: str) -> str:
    """The account of what an ARN names; empty where it says none, and for a bucket that is not there."""
    if arn.startswith(_BUCKET):
        return s3._bucket_owner_account(arn.removeprefix(_BUCKET).partition("/")[0]) or ""
    account = [*arn.split(":", 5), "", "", "", "", ""][4]
    return account if _ACCOUNT.fullmatch(account) else ""


def at_home(arn: str) -> contextlib.AbstractContextManager[None]:
    """Work where the resource of an ARN is: in its account, and its region if it names one."""
    region = [*arn.split(":", 5), "", "", "", ""][3] if arn.startswith("arn:") else ""
    return context.acting_for(owner_of(arn) or context.account(), region or context.region())


def in_bucket(function: Callable[..., R]) -> Callable[..., R]:
    """Look at a bucket, whose name is the first argument, in its owner's account."""

    @functools.wraps(function)
    def there(bucket: str, *more: Any) -> R:
        with at_home(f"{_BUCKET}{bucket}"):
            return function(bucket, *more)

    return there


def let_in(arn: str) -> None:
    """Note that the judge lets the caller of the request at hand do what it asks, with a resource of any account."""
    _let_in.set(arn)


def answer_in_owners_account() -> None:
    """Carry out what the judge has allowed in the account of the resource; ministack's own rules decide no more."""
    for service in _SERVICES:
        around_handler(service, _at_owner)
    _bucket_allows.around(lambda inner, *request: bool(request[5] and _let_in.get()) or inner(*request))
    _trusts.around(lambda inner, *request: bool(_let_in.get()) or inner(*request))


async def _at_owner(inner: Handler, *request: Any) -> Answer:
    with context.acting_for(owner_of(_let_in.get()) or context.account(), context.region()):
        return await inner(*request)


def read_for(allowed: Callable[[str, str], bool]) -> None:
    """Let services read objects of another account's bucket only if `allowed(bucket, key)`; else they are not there."""

    def read(inner: Any, bucket: str, key: str, *version: Any, **named: Any) -> Any:
        owner = owner_of(f"{_BUCKET}{bucket}")
        if owner in {"", context.account()}:
            return inner(bucket, key, *version, **named)
        if not allowed(bucket, key):
            return None
        with context.acting_for(owner, context.region()):
            return inner(bucket, key, *version, **named)

    s3_bodies.around_contents(read)
    # Lambda reads code only of a bucket in its own region, whoever owns it.
    _bucket_region.around(_region_at_owner)


def _region_at_owner(inner: Callable[[str], str | None], bucket: str) -> str | None:
    with context.acting_for(owner_of(f"{_BUCKET}{bucket}") or context.account(), context.region()):
        return inner(bucket)
