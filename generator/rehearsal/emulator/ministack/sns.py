# ruff: noqa: SLF001 - an adapter touches the private names of ministack that `contract` lists
"""ministack's SNS: topics, deliveries, and subscriptions of mail addresses, which wait until somebody confirms them.

https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html
https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import sns

from generator.rehearsal.emulator.ministack.app import Answer
from generator.rehearsal.emulator.ministack.eventbridge import Deliver, resource_name
from generator.rehearsal.emulator.ministack.interception import Intercepted

_MAIL = ("email", "email-json")
_ASKED = "penstock_asked"
"""Marks a subscription that was made to wait once: confirmed, it is left alone."""

_to_lambda = Intercepted("ministack.services.sns._deliver_to_lambda")
_to_sqs = Intercepted("ministack.services.sns._deliver_to_sqs")
_subscribe = Intercepted("ministack.services.sns._subscribe")
_listings = (
    Intercepted("ministack.services.sns._list_subscriptions"),
    Intercepted("ministack.services.sns._list_subscriptions_by_topic"),
)
_reading_subscriptions = (
    Intercepted("ministack.services.sns._get_subscription_attributes"),
    Intercepted("ministack.services.sns._get_topic_attributes"),
    Intercepted("ministack.services.sns._confirm_subscription"),
    Intercepted("ministack.services.sns._fanout"),
)


def has_topic(arn: str) -> bool:
    """Whether there is a topic of this ARN."""
    return arn in sns._topics


def topic_key(arn: str) -> str:
    """The KMS key of a topic; empty if there is none."""
    record = sns._topics.get(arn) or {}
    return str((record.get("attributes") or {}).get("KmsMasterKeyId", ""))


def restrict_subscriptions(allowed: Callable[[str, str], bool]) -> None:
    """Hand a topic's message to a function only if `allowed(function ARN, topic ARN)`."""

    def deliver(inner: Any, function: str, envelope: str, topic: str, *more: Any) -> None:
        if allowed(function, topic):
            inner(function, envelope, topic, *more)

    _to_lambda.around(deliver)


def restrict_queue_subscriptions(allowed: Callable[[str, str], bool]) -> None:
    """Hand a topic's message to a queue only if `allowed(queue ARN, topic ARN)`."""

    def deliver(inner: Any, queue: str, *more: Any, **named: Any) -> None:
        # The topic is the last of its parameters.
        topic = str(named.get("topic_arn") or (more[-1] if len(more) > 6 else ""))  # noqa: PLR2004 - its place
        if allowed(queue, topic):
            inner(queue, *more, **named)

    _to_sqs.around(deliver)


def divert_messages(deliver: Deliver) -> None:
    """Have every message carried to a function or queue by `deliver(what to whom, the delivery)`."""

    def divert(inner: Any, endpoint: str, *more: Any, **named: Any) -> None:
        deliver(f"message to {resource_name(endpoint)}", lambda: inner(endpoint, *more, **named))

    _to_lambda.around(divert)
    _to_sqs.around(divert)


def hold_mail_subscriptions() -> None:
    """From now on nothing goes to an address that nobody has confirmed, and whoever lists it sees that it waits."""
    _subscribe.around(_hiding("pending confirmation"))
    for listing in _listings:
        listing.around(_hiding("PendingConfirmation"))
    for operation in _reading_subscriptions:
        operation.around(_holding_first)


def unconfirmed_mails() -> list[dict[str, str]]:
    """What each mail that nobody has answered says: {"address", "topic", "token"}; all of the account asked for."""
    return [
        {"address": mail["endpoint"], "topic": mail["topic_arn"], "token": mail["token"]}
        for mail in _held()
        if not mail["confirmed"]
    ]


def _holding_first(inner: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    _held()
    return inner(*arguments, **named)


def _hiding(shown: str) -> Callable[[Callable[[Any], Answer], Any], Answer]:
    """A pending subscription has no ARN yet that anybody may know."""

    def hide(inner: Callable[[Any], Answer], params: Any) -> Answer:
        status, headers, body = inner(params)
        for mail in _held():
            if not mail["confirmed"]:
                arn = f"<SubscriptionArn>{mail['arn']}</SubscriptionArn>"
                body = body.replace(arn.encode(), f"<SubscriptionArn>{shown}</SubscriptionArn>".encode())
        return status, headers, body

    return hide


def _held() -> list[dict[str, Any]]:
    """Every subscription of a mail address; those that are new begin to wait."""
    subscriptions = list(_mail_subscriptions())
    for topic, mail in subscriptions:
        if not mail.get(_ASKED):
            mail |= {_ASKED: True, "confirmed": False, "token": secrets.token_hex(32)}
            mail["attributes"] |= {"PendingConfirmation": "true", "ConfirmationWasAuthenticated": "false"}
            sns._refresh_subscription_counts(topic)
    return [mail for _, mail in subscriptions]


def _mail_subscriptions() -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for topic in list(sns._topics.values()):
        for subscription in topic["subscriptions"]:
            if subscription["protocol"] in _MAIL:
                yield topic, subscription
