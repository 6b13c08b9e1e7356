"""Deployment windows: what an expression means, and what cannot stand in one."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from generator.aws_rules import cron

# 2026-11-21 is a Saturday.
_OFFICE = "* * 9-16 ? * MON-FRI *"


@pytest.mark.parametrize(
    ("expression", "moment", "is_open"),
    [
        (_OFFICE, "2026-11-20T09:00:00", True),
        (_OFFICE, "2026-11-20T16:59:59", True),
        (_OFFICE, "2026-11-20T17:00:00", False),
        (_OFFICE, "2026-11-21T12:00:00", False),
        ("* 30 * * * ?", "2026-11-21T12:30:59", True),
        ("* 30 * * * ?", "2026-11-21T12:31:00", False),
        ("* 0/15 * * * ?", "2026-11-21T12:45:00", True),
        ("* 0/15 * * * ?", "2026-11-21T12:46:00", False),
        ("* */20 * * * ?", "2026-11-21T12:40:00", True),
        ("* * 8-10,14 * * ?", "2026-11-21T14:05:00", True),
        ("* * * 21 NOV ?", "2026-11-21T00:00:00", True),
        ("* * * 21 nov ?", "2026-11-21T00:00:00", True),
        ("* * * 21 10 ?", "2026-11-21T00:00:00", False),
        ("* * * ? * 7", "2026-11-21T00:00:00", True),
        ("* * * ? * SUN", "2026-11-22T00:00:00", True),
        ("* * * ? * L", "2026-11-21T00:00:00", True),
        ("* * * ? * 6L", "2026-11-27T00:00:00", True),
        ("* * * ? * 6L", "2026-11-20T00:00:00", False),
        ("* * * ? * FRI#3", "2026-11-20T00:00:00", True),
        ("* * * ? * FRI#3", "2026-11-27T00:00:00", False),
        ("* * * L * ?", "2026-11-30T00:00:00", True),
        ("* * * L-3 * ?", "2026-11-27T00:00:00", True),
        ("* * * L * ?", "2024-02-29T00:00:00", True),
        # The 21st is a Saturday, so the nearest weekday is the Friday before it; the 1st a Sunday, so the Monday after.
        ("* * * 21W * ?", "2026-11-20T00:00:00", True),
        ("* * * 1W * ?", "2026-11-02T00:00:00", True),
        ("* * * 1W * ?", "2026-08-03T00:00:00", True),
        ("* * * 31W * ?", "2026-11-30T00:00:00", False),
        ("* * * 31W * ?", "2026-05-29T00:00:00", True),
        ("* * * LW * ?", "2026-10-30T00:00:00", True),
        ("* * * * * ? 2026", "2026-11-21T00:00:00", True),
        ("* * * * * ? 2027-2030", "2026-11-21T00:00:00", False),
    ],
)
def test_a_window_is_open_at_the_moments_its_expression_means(expression: str, moment: str, *, is_open: bool) -> None:
    assert cron.parse(expression).holds(dt.datetime.fromisoformat(moment)) is is_open


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("", "6 fields and may have a year, not 0"),
        ("* * 9 * *", "not 5"),
        ("0 * 9 ? * MON *", "the seconds, can only be *, not '0'"),
        ("* * 9 * * MON", "has to be ?"),
        ("* * 9 ? * ?", "has to be ?"),
        ("* 60 * * * ?", "'60' is not a valid value for minutes"),
        ("* * 24 * * ?", "a valid value for hours"),
        ("* * * 32 * ?", "a valid value for day of the month"),
        ("* * * L-31 * ?", "a valid value for day of the month"),
        ("* * * * 13 ?", "a valid value for month"),
        ("* * * * JANUARY ?", "a valid value for month"),
        ("* * * ? * 8", "a valid value for day of the week"),
        ("* * * ? * XYZ#1", "a valid value for day of the week"),
        ("* * * ? * FRI#6", "a valid value for day of the week"),
        ("* * * * * ? 1969", "a valid value for year"),
        ("* */0 * * * ?", "'*/0' is not a valid"),
        ("* * 22-6 * * ?", "'22-6' ends before it begins"),
        ("* , * * * ?", "'' is not a valid value for minutes"),
    ],
)
def test_what_cannot_stand_in_an_expression_is_said(expression: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        cron.parse(expression)


@pytest.mark.parametrize(
    ("name", "hours"), [("UTC", 0.0), ("UTC+05:30", 5.5), ("UTC-08:00", -8.0), ("Asia/Tokyo", 9.0), ("EST", -5.0)]
)
def test_a_time_zone_may_be_a_place_an_offset_or_letters(name: str, hours: float) -> None:
    there = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC).astimezone(cron.zone(name))
    assert there.utcoffset() == dt.timedelta(hours=hours)


@pytest.mark.parametrize("name", ["Europe/Atlantis", "UTC+25:00", "../etc/passwd", "", "XYZ"])
def test_what_is_no_time_zone_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone"):
        cron.zone(name)
