"""A throw-away notification: a pager that listens on a URL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model.notification import Audience, Subscription
from generator.model.text import Json

SCHEMA: Mapping[str, Json] = {"type": "string", "description": "The pager's URL.", "x-what": "a URL"}


def audience(settings: str) -> Audience:
    """One subscription."""
    return Audience(subscriptions=(Subscription("https", settings),))


def remarks(_settings: str) -> Iterator[tuple[str, str]]:
    """The pager has to answer."""
    yield "the pager must confirm the subscription", "answer its first message"
