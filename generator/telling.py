"""Who is told of what happens to a pipeline: frozen values in AWS's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who is told through the pipeline's own topic: an SNS protocol and its endpoint."""

    protocol: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Target:
    """What a notification rule speaks to: CodeStar Notifications' type of it, and its ARN, a text of `model`."""

    type: Literal["SNS", "AWSChatbotSlack"]
    address: str
