"""What the clocks of a time zone show."""

from datetime import datetime
from zoneinfo import ZoneInfo


class UnknownZoneError(Exception):
    """There is no time zone of that name."""


def time_in(zone: str, moment: datetime) -> dict[str, str]:
    """A moment as the clocks of a time zone show it. Raises UnknownZoneError."""
    try:
        there = moment.astimezone(ZoneInfo(zone))
    # Unknown is a KeyError, a path that leads elsewhere a ValueError, a part of a name such as "America" an OSError.
    except (KeyError, ValueError, OSError) as error:
        message = f"there is no time zone '{zone}'; there is, for example, 'America/New_York'"
        raise UnknownZoneError(message) from error
    return {"time": there.isoformat(timespec="seconds"), "timeZone": zone}
