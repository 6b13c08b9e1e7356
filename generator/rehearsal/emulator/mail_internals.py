# ruff: noqa: SLF001 - like internals, this file exists to be the one that touches ministack's private names
"""Subscriptions of mail addresses: pending until somebody confirms them, which ministack takes for granted.

https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import sns

Answer = tuple[int, dict[str, str], bytes]
Operation = Callable[[Any], Answer]
_MAIL = ("email", "email-json")
_ASKED = "penstock_asked"
"""Marks a subscription that was made to wait once: confirmed, it is left alone."""


def let_mails_wait() -> None:
    """From now on nothing goes to an address that nobody has confirmed, and whoever lists it sees that it waits."""
    sns._subscribe = _hiding(sns._subscribe, "pending confirmation")
    sns._list_subscriptions = _hiding(sns._list_subscriptions, "PendingConfirmation")
    sns._list_subscriptions_by_topic = _hiding(sns._list_subscriptions_by_topic, "PendingConfirmation")
    sns._get_subscription_attributes = _asking_first(sns._get_subscription_attributes)
    sns._get_topic_attributes = _asking_first(sns._get_topic_attributes)
    sns._confirm_subscription = _asking_first(sns._confirm_subscription)
    sns._fanout = _asking_first(sns._fanout)


def unconfirmed() -> list[dict[str, str]]:
    """What each mail that nobody has answered says: {"address", "topic", "token"}; all of the account asked for."""
    return [
        {"address": mail["endpoint"], "topic": mail["topic_arn"], "token": mail["token"]}
        for mail in _asked()
        if not mail["confirmed"]
    ]


def _asking_first(known: Callable[..., Any]) -> Callable[..., Any]:
    def ask(*given: Any, **named: Any) -> Any:
        _asked()
        return known(*given, **named)

    return ask


def _hiding(known: Operation, shown: str) -> Operation:
    """A pending subscription has no ARN yet that anybody may know."""

    def hide(params: Any) -> Answer:
        status, headers, body = known(params)
        for mail in _asked():
            if not mail["confirmed"]:
                arn = f"<SubscriptionArn>{mail['arn']}</SubscriptionArn>"
                body = body.replace(arn.encode(), f"<SubscriptionArn>{shown}</SubscriptionArn>".encode())
        return status, headers, body

    return hide


def _asked() -> list[dict[str, Any]]:
    """Every subscription of a mail address; those that are new begin to wait."""
    found = list(_mails())
    for topic, mail in found:
        if not mail.get(_ASKED):
            mail |= {_ASKED: True, "confirmed": False, "token": secrets.token_hex(32)}
            mail["attributes"] |= {"PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false"}
            sns._refresh_subscription_counts(topic)
    return [mail for _, mail in found]


def _mails() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for topic in list(sns._topics.values()):
        for subscription in topic["subscriptions"]:
            if subscription["protocol"] in _MAIL:
                yield topic, subscription
