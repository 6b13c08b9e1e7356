"""When a deployment window is open: the cron expressions and time zones of CodePipeline's DeploymentWindow rule.

An expression has six fields, of which the first, the seconds, is always `*`, and may have a year as the seventh.
https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference-DeploymentWindow.html
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS = ("seconds", "minutes", "hours", "day of the month", "month", "day of the week", "year")
_WEEK = 7
_OFFSET = re.compile(r"UTC(?:([+-])([01][0-9]):([0-5][0-9]))?")
_Day = Callable[[dt.date], bool]


class Cron(NamedTuple):
    """An expression, ready to be held against a moment."""

    minutes: frozenset[int]
    hours: frozenset[int]
    months: frozenset[int]
    years: frozenset[int]
    days_of_month: tuple[_Day, ...]
    days_of_week: tuple[_Day, ...]

    def holds(self, moment: dt.datetime) -> bool:
        """Whether the window is open at a moment, told in the window's own time zone."""
        return (
            moment.minute in self.minutes
            and moment.hour in self.hours
            and moment.month in self.months
            and moment.year in self.years
            and any(day(moment.date()) for day in self.days_of_month)
            and any(day(moment.date()) for day in self.days_of_week)
        )


def parse(text: str) -> Cron:
    """The expression a text means. Raises ValueError with what is wrong, in a sentence."""
    fields = text.upper().split()
    if len(fields) not in (6, 7):
        raise ValueError(f"a cron expression of a window has 6 fields and may have a year, not {len(fields)}")
    seconds, minutes, hours, day, month, weekday, *year = fields
    if seconds != "*":
        raise ValueError(f"the first field, the seconds, can only be *, not '{seconds}'")
    if (day == "?") == (weekday == "?"):
        raise ValueError("one of day of the month and day of the week, and only one, has to be ?")
    return Cron(
        minutes=_numbers(minutes, 1, range(60)),
        hours=_numbers(hours, 2, range(24)),
        months=_numbers(month, 4, range(1, 13), _MONTHS),
        years=_numbers(year[0] if year else "*", 6, range(1970, 2200)),
        days_of_month=tuple(_day_of_month(part) for part in day.split(",")),
        days_of_week=tuple(_day_of_week(part) for part in weekday.split(",")),
    )


def zone(name: str) -> dt.tzinfo:
    """The time zone of a name. Raises ValueError if there is none, LookupError when this machine knows none at all."""
    # Few pipelines have a window, and each `generate` would pay for the system's time zones.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones  # noqa: PLC0415

    if match := _OFFSET.fullmatch(name):
        sign, hours, minutes = match.groups(default="0")
        offset = dt.timedelta(hours=int(hours), minutes=int(minutes))
        return dt.timezone(-offset if sign == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if not available_timezones():
            raise LookupError("this machine has no time zones") from None
        raise ValueError(f"'{name}' is not a time zone") from None


def _numbers(text: str, field: int, allowed: range, names: tuple[str, ...] = ()) -> frozenset[int]:
    return frozenset(number for part in text.split(",") for number in _part(part, field, allowed, names))


def _part(text: str, field: int, allowed: range, names: tuple[str, ...]) -> Iterator[int]:
    """The numbers of one part of a list: all, one, a range, and every so many of any of these."""
    body, slash, step = text.partition("/")
    if slash and not re.fullmatch(r"[1-9][0-9]{0,3}", step):
        raise _wrong(text, field)
    first, dash, last = body.partition("-")
    if body == "*":
        start, end = allowed[0], allowed[-1]
    else:
        start = _number(first, field, allowed, names)
        end = _number(last, field, allowed, names) if dash else allowed[-1] if slash else start
    if end < start:
        raise ValueError(f"'{text}' ends before it begins; write it as two parts with a comma ({_FIELDS[field]})")
    yield from range(start, end + 1, int(step) if slash else 1)


def _number(text: str, field: int, allowed: range, names: tuple[str, ...]) -> int:
    number = names.index(text) + allowed[0] if text in names else int(text) if re.fullmatch("[0-9]{1,4}", text) else -1
    if number not in allowed:
        raise _wrong(text, field)
    return number


def _wrong(text: str, field: int) -> ValueError:
    return ValueError(f"'{text}' is not a valid value for {_FIELDS[field]}")


def _day_of_month(text: str) -> _Day:
    if text == "?":
        return _always
    if match := re.fullmatch(r"L(?:-([1-9]|[12][0-9]|30))?", text):
        back = int(match[1] or 0)
        return lambda date: date.day == _length(date) - back
    if match := re.fullmatch(r"(LW|([1-9]|[12][0-9]|3[01])W)", text):
        day = int(match[2] or 0)
        return lambda date: date.day == _nearest_weekday(date, day or _length(date))
    days = frozenset(_part(text, 3, range(1, 32), ()))
    return lambda date: date.day in days


def _day_of_week(text: str) -> _Day:
    if text == "?":
        return _always
    if text == "L":
        return lambda date: _weekday(date) == _WEEK
    if match := re.fullmatch(r"([1-7]|[A-Z]{3})(L|#([1-5]))", text):
        weekday = _number(match[1], 5, range(1, 8), _DAYS)
        if match[3]:
            return lambda date: _weekday(date) == weekday and (date.day - 1) // _WEEK + 1 == int(match[3])
        return lambda date: _weekday(date) == weekday and date.day > _length(date) - _WEEK
    days = frozenset(_part(text, 5, range(1, 8), _DAYS))
    return lambda date: _weekday(date) in days


def _always(_date: dt.date) -> bool:
    return True


def _weekday(date: dt.date) -> int:
    """The day of the week as cron counts: Sunday is 1."""
    return date.isoweekday() % _WEEK + 1


def _length(date: dt.date) -> int:
    return calendar.monthrange(date.year, date.month)[1]


def _nearest_weekday(date: dt.date, day: int) -> int:
    """The day from Monday to Friday nearest to a day of the month, without leaving the month; 0 when it has no such."""
    last = _length(date)
    if day > last:
        return 0
    weekday = date.replace(day=day).isoweekday()
    if weekday == 6:  # noqa: PLR2004 - Saturday: the Friday before, or the Monday after it
        return day - 1 if day > 1 else day + 2
    if weekday == _WEEK:
        return day + 1 if day < last else day - 2
    return day
