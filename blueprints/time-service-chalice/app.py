"""The API of the time service: /time is the time in UTC, /time/America/New_York is the time there."""

import os
from datetime import UTC, datetime
from urllib.parse import unquote

from chalice import Chalice, NotFoundError
from chalicelib.clock import UnknownZoneError, time_in

app = Chalice(app_name="time-service")
app.log.setLevel(os.environ.get("LOG_LEVEL", "INFO"))


@app.route("/time")
def in_utc() -> dict[str, str]:
    """The time in UTC."""
    return answer("UTC")


@app.route("/time/{zone}")
def in_zone(zone: str) -> dict[str, str]:
    """The time in a zone without a slash in its name, such as Japan."""
    return answer(unquote(zone))


# Chalice knows no path that takes several parts at once: one route for each number of them.
@app.route("/time/{area}/{place}")
def in_place(area: str, place: str) -> dict[str, str]:
    """The time in America/New_York."""
    return answer(unquote(f"{area}/{place}"))


@app.route("/time/{area}/{region}/{place}")
def in_region(area: str, region: str, place: str) -> dict[str, str]:
    """The time in America/Argentina/Buenos_Aires."""
    return answer(unquote(f"{area}/{region}/{place}"))


def answer(zone: str) -> dict[str, str]:
    """The answer for a zone; an unknown one is not found."""
    try:
        body = time_in(zone, datetime.now(UTC))
    except UnknownZoneError as error:
        raise NotFoundError(str(error)) from error
    app.log.info("answered for %s", zone)
    return body
