"""A topic that is there already, and whoever has subscribed to it."""

from __future__ import annotations

from collections.abc import Mapping

from generator.model.notification import Audience, Target
from generator.model.text import Json

SCHEMA: Mapping[str, Json] = {
    "$ref": "#/$defs/topic",
    "description": "The ARN of an existing SNS topic that codestar-notifications.amazonaws.com may publish to.",
    "examples": ["arn:aws:sns:eu-west-1:111122223333:deliveries"],
}


def audience(settings: str) -> Audience:
    """The topic as a target of its own: its policy and its subscriptions are its owner's."""
    return Audience(targets=(Target("SNS", settings),))
