"""The API of the time service: /time is the time in UTC, /time/America/New_York is the time there."""

import json
import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

logger = logging.getLogger()


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answers a request as API Gateway passes it on.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    parameters = event.get("pathParameters") or {}
    status, body = time_in(unquote(parameters.get("timeZone", "UTC")), datetime.now(UTC))
    logger.info("answered", extra={"status": status, **body})
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}


def time_in(zone: str, moment: datetime) -> tuple[int, dict[str, str]]:
    """The status and the body of the answer: a moment as the clocks of a time zone show it."""
    try:
        there = moment.astimezone(ZoneInfo(zone))
    # Unknown is a KeyError, a path that leads elsewhere a ValueError, a part of a name such as "America" an OSError.
    except (KeyError, ValueError, OSError):
        return 404, {"message": f"there is no time zone '{zone}'; there is, for example, 'America/New_York'"}
    return 200, {"time": there.isoformat(timespec="seconds"), "timeZone": zone}
