"""Whether every subscriber has confirmed the subscription."""

from __future__ import annotations

from collections.abc import Iterator

from generator.aws.doctor.check import Finding
from generator.aws.doctor.launched_stack import Launched
from generator.aws.doctor.requirements import Requirements
from generator.aws.door import Door

_TOPIC = "AWS::SNS::Topic"
_PENDING = "PendingConfirmation"
_SUBJECT = "e-mail subscriptions"


def look(door: Door, requirements: Requirements, launched: Launched) -> Iterator[Finding]:
    """Subscriptions of the stack's topics that wait for their owner's click."""
    if _TOPIC not in requirements.types:
        return
    if not launched.there:
        yield Finding(_SUBJECT, "later", "each address gets a mail to confirm when the pipeline is launched")
        return
    subscriptions = [
        subscription for topic in launched.physical_ids(_TOPIC) for subscription in _subscriptions(door, topic)
    ]
    pending = sorted({endpoint for endpoint, arn in subscriptions if arn == _PENDING})
    if pending:
        advice = "each of them clicks the link in AWS's mail ('AWS Notification - Subscription Confirmation')"
        yield Finding(_SUBJECT, "wrong", f"not confirmed: {', '.join(pending)}", advice)
    elif subscriptions:
        yield Finding(_SUBJECT, "good", f"{len(subscriptions)} confirmed")
    else:
        advice = "subscribe them by hand: CloudFormation does not notice when somebody unsubscribes"
        yield Finding(_SUBJECT, "wrong", "the topics have no subscriptions: nobody is notified", advice)


def _subscriptions(door: Door, topic: str) -> Iterator[tuple[str, str]]:
    pages = door.client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    for page in pages:
        for subscription in page["Subscriptions"]:
            yield subscription["Endpoint"], subscription["SubscriptionArn"]
