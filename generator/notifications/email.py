"""E-mail, through subscriptions that each person confirms once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.model import Json
from generator.telling import Subscription

SCHEMA: Mapping[str, Json] = {
    "type": "array",
    "description": "E-mail addresses; each gets one message from AWS to confirm.",
    "items": {"$ref": "#/$defs/address"},
    "minItems": 1,
    "uniqueItems": True,
}


def subscriptions(settings: Sequence[str]) -> tuple[Subscription, ...]:
    """One subscription an address."""
    return tuple(Subscription("email", address) for address in settings)
