"""Who is told of what happens to a pipeline: frozen values in AWS's words."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Subscription(NamedTuple):
    """Somebody who is told through the pipeline's own topic: an SNS protocol and its endpoint."""

    protocol: str
    endpoint: str


class Target(NamedTuple):
    """What a notification rule speaks to: CodeStar Notifications' type of it, and its ARN, a text of `model`."""

    type: Literal["SNS", "AWSChatbotSlack"]
    address: str
