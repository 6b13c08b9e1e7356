"""Who is notified of what happens to a pipeline."""

from __future__ import annotations

from typing import NamedTuple

from generator.model import text
from generator.model.block import Block
from generator.model.template import Resource
from generator.model.text import Text

NOTIFICATION_RULES = "codestar-notifications.amazonaws.com"
"""The service that runs notification rules."""


class Subscription(NamedTuple):
    """Somebody who is notified through the pipeline's own topic: an SNS protocol and its endpoint."""

    protocol: str
    endpoint: str


class Target(NamedTuple):
    """What a notification rule speaks to: CodeStar Notifications' type of it, such as SNS, and its ARN.

    https://docs.aws.amazon.com/codestar-notifications/latest/APIReference/API_Target.html
    """

    type: str
    address: Text


class Audience(NamedTuple):
    """What a kind of notification adds: subscribers of the pipeline's own topic, targets of its
    notification rule, and resources that targets need.
    """

    subscriptions: tuple[Subscription, ...] = ()
    targets: tuple[Target, ...] = ()
    resources: tuple[Resource, ...] = ()


class Topic(NamedTuple):
    """A topic of the stack's own, and who gets its messages.

    `publishers` are AWS services of this account that may publish beside the account's own roles, `key` the ARN of
    the key that encrypts what waits; empty: none.
    """

    logical_id: str
    subscriptions: tuple[Subscription, ...]
    comment: str
    publishers: tuple[str, ...] = ()
    key: Text = ""

    @property
    def reference(self) -> Text:
        """Its ARN, which is what a topic is called by."""
        return text.reference(self.logical_id)

    @property
    def parts(self) -> tuple[Block, ...]:
        """None."""
        return ()
