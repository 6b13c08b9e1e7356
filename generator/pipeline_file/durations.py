"""Durations as a person writes them: `5 minutes`, `12 hours`, `30 days`."""

from __future__ import annotations

_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def minutes(text: str) -> int:
    """The minutes of a duration that the schema has accepted."""
    number, unit = text.split()
    return int(number) * _MINUTES[unit.removesuffix("s")]


def days(text: str) -> int | None:
    """The days of a duration; None when it is not a whole number of them."""
    whole, rest = divmod(minutes(text), _MINUTES["day"])
    return None if rest else whole
