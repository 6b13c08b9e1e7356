from datetime import UTC, datetime

import pytest
from app import app
from chalice.test import Client
from chalicelib.clock import UnknownZoneError, time_in

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "time"),
    [
        ("UTC", WINTER, "2026-01-15T12:00:00+00:00"),
        ("America/New_York", WINTER, "2026-01-15T07:00:00-05:00"),
        ("America/New_York", SUMMER, "2026-07-15T08:00:00-04:00"),
        ("Asia/Kolkata", WINTER, "2026-01-15T17:30:00+05:30"),
    ],
)
def test_the_time_is_that_of_the_zone(zone: str, moment: datetime, time: str) -> None:
    assert time_in(zone, moment) == {"time": time, "timeZone": zone}


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "America", "../../etc/passwd", "", "x" * 300])
def test_a_zone_nobody_knows_is_an_error(zone: str) -> None:
    with pytest.raises(UnknownZoneError, match="there is no time zone"):
        time_in(zone, WINTER)


@pytest.mark.parametrize(
    ("path", "zone"),
    [
        ("/time", "UTC"),
        ("/time/Japan", "Japan"),
        ("/time/Europe/Berlin", "Europe/Berlin"),
        ("/time/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_request_is_answered_in_json(path: str, zone: str) -> None:
    with Client(app) as client:
        response = client.http.get(path)
    assert response.status_code == 200
    assert response.json_body["timeZone"] == zone


def test_a_request_for_an_unknown_zone_gets_a_message() -> None:
    with Client(app) as client:
        response = client.http.get("/time/Atlantis/Capital")
    assert response.status_code == 404
    assert "Atlantis/Capital" in response.json_body["Message"]
