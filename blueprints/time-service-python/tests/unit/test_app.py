import json
from datetime import UTC, datetime

import pytest
from app import handler, time_in

WINTER = datetime(2026, 1, 15, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "time"),
    [
        ("UTC", WINTER, "2026-01-15T12:00:00+00:00"),
        ("America/New_York", WINTER, "2026-01-15T07:00:00-05:00"),
        ("America/New_York", SUMMER, "2026-07-15T08:00:00-04:00"),
        ("America/Argentina/Buenos_Aires", WINTER, "2026-01-15T09:00:00-03:00"),
        ("Asia/Kolkata", WINTER, "2026-01-15T17:30:00+05:30"),
    ],
)
def test_the_time_is_that_of_the_zone(zone: str, moment: datetime, time: str) -> None:
    assert time_in(zone, moment) == (200, {"time": time, "timeZone": zone})


@pytest.mark.parametrize("zone", ["Atlantis/Capital", "America", "../../etc/passwd", "/etc/localtime", "", "x" * 300])
def test_a_zone_nobody_knows_is_not_found(zone: str) -> None:
    status, body = time_in(zone, WINTER)
    assert status == 404
    assert f"there is no time zone '{zone}'" in body["message"]


@pytest.mark.parametrize(
    ("parameters", "zone"),
    [
        (None, "UTC"),
        ({"timeZone": "Europe/Berlin"}, "Europe/Berlin"),
        ({"timeZone": "Europe%2FBerlin"}, "Europe/Berlin"),
        ({"timeZone": "Etc/GMT+5"}, "Etc/GMT+5"),
    ],
)
def test_a_request_is_answered_in_json(parameters: dict[str, str] | None, zone: str) -> None:
    answer = handler({"pathParameters": parameters}, None)
    assert answer["statusCode"] == 200
    assert answer["headers"] == {"Content-Type": "application/json"}
    assert json.loads(answer["body"])["timeZone"] == zone


def test_a_request_for_an_unknown_zone_gets_a_message() -> None:
    answer = handler({"pathParameters": {"timeZone": "Atlantis/Capital"}}, None)
    assert answer["statusCode"] == 404
    assert "Atlantis/Capital" in json.loads(answer["body"])["message"]
