"""A list of AWS's prices: one dated file, which a user may replace."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator.errors import InvalidInputError, Place, Problem

SHIPPED = Path(__file__).with_name("prices.json")
_SOURCES = ("aws", "copy")


@dataclass(frozen=True, slots=True)
class Price:
    """What `per` units of something cost, and how many an account gets for nothing each month.

    `copied` says that the price comes from a copy by somebody else and not from AWS's own page.
    """

    item: str
    unit: str
    price: Decimal
    per: Decimal
    free: Decimal
    copied: bool

    def of(self, quantity: Decimal) -> Decimal:
        """The price of a quantity, free tier left aside."""
        return quantity * self.price / self.per


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one region on one day, by item (such as `codepipeline.v2.minutes`)."""

    as_of: dt.date
    region: str
    currency: str
    prices: Mapping[str, Price]


def read(file: Path, name: str) -> PriceList:
    """The prices of a file, called `name` by the user. Raises InvalidInputError with everything that is wrong."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"), parse_float=Decimal, parse_int=Decimal)
    except OSError as refused:
        raise InvalidInputError([Problem(f"{name} cannot be read: {refused.strerror}")]) from refused
    except UnicodeDecodeError as refused:
        raise InvalidInputError([Problem(f"{name} is not UTF-8 text", hint=_HINT)]) from refused
    except json.JSONDecodeError as broken:
        place = Place(name, broken.lineno, broken.colno)
        raise InvalidInputError([Problem(f"this is not JSON: {broken.msg}", place, hint=_HINT)]) from broken
    problems = [Problem(f"{name}: {wrong}", hint=_HINT) for wrong in _wrong(data)]
    if problems:
        raise InvalidInputError(problems)
    prices = {item: _price(item, entry) for item, entry in sorted(data["prices"].items())}
    return PriceList(dt.date.fromisoformat(data["as_of"]), data["region"], data["currency"], prices)


_HINT = "penstock cost --show-prices prints the prices that ship with Penstock: change a copy of them"


def _price(item: str, entry: Mapping[str, Any]) -> Price:
    per, free = entry.get("per", Decimal(1)), entry.get("free", Decimal(0))
    return Price(item, entry["unit"], entry["price"], per, free, copied=entry["source"] == "copy")


def _wrong(data: Any) -> list[str]:
    """What is wrong with the file's content, in words."""
    if not isinstance(data, dict) or not isinstance(data.get("prices"), dict):
        return ["it has no object 'prices'"]
    texts = [f"'{key}' must be a text" for key in ("region", "currency") if not isinstance(data.get(key), str)]
    entries = [wrong for item, entry in data["prices"].items() for wrong in _wrong_entry(item, entry)]
    return [*_wrong_date(data.get("as_of")), *texts, *entries]


def _wrong_date(value: Any) -> list[str]:
    try:
        dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return [f"'as_of' must be a date such as 2026-11-21, and not {value!r}"]
    return []


def _wrong_entry(item: str, entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return [f"'{item}' must be an object with unit, price and source"]
    message = {"price": None, "per": Decimal(1), "free": Decimal(0)} | entry
    problems = [
        f"'{item}': {key} must be a number, and not below 0" for key in ("price", "free") if not _amount(message[key])
    ]
    if not _amount(message["per"]) or message["per"] == 0:
        problems.append(f"'{item}': per must be a number above 0")
    if not isinstance(entry.get("unit"), str):
        problems.append(f"'{item}': unit must be a text")
    if entry.get("source") not in _SOURCES:
        problems.append(f"'{item}': source must be {' or '.join(_SOURCES)}")
    return problems


def _amount(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and value >= 0
