"""A topic that is there already, and whoever has subscribed to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

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


def remarks(_settings: str) -> Iterator[tuple[str, str]]:
    """What the topic's owner must set up."""
    message = "an existing topic: its policy, and its key's, must let codestar-notifications.amazonaws.com publish"
    yield message, "cloudwatch.amazonaws.com, too, for the alarm of start_tests; it lies in the pipeline's region"
