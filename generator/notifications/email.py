"""E-mail, through subscriptions that each person confirms once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.model.notification import Audience, Subscription
from generator.model.text import Json

SCHEMA: Mapping[str, Json] = {
    "type": "array",
    "description": "E-mail addresses; each gets one message from AWS to confirm.",
    "items": {"$ref": "#/$defs/address"},
    "minItems": 1,
    "uniqueItems": True,
}


def audience(settings: Sequence[str]) -> Audience:
    """One subscription an address."""
    return Audience(subscriptions=tuple(Subscription("email", address) for address in settings))


def remarks(_settings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """None: AWS asks each person itself."""
    return iter(())
