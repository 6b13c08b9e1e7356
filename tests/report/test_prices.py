"""The file of prices: the one that ships is sound, and a user's is told everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from generator.errors import InvalidInputError
from generator.report.prices import SHIPPED, PriceList, read

GOOD: dict[str, Any] = {
    "as_of": "2026-11-21",
    "region": "eu-west-1",
    "currency": "USD",
    "prices": {"kms.requests": {"unit": "requests", "price": 0.03, "per": 10000, "free": 20000, "source": "copy"}},
}


def written(tmp_path: Path, data: object) -> Path:
    file = tmp_path / "prices.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return file


def refusal(tmp_path: Path, data: object) -> str:
    with pytest.raises(InvalidInputError) as refused:
        read(written(tmp_path, data), "my.json")
    return str(refused.value)


def test_the_shipped_prices_say_their_day_and_region(prices: PriceList) -> None:
    assert prices.as_of <= dt.datetime.now(tz=dt.UTC).date()
    assert (prices.region, prices.currency) == ("us-east-1", "USD")


def test_the_shipped_file_is_sorted() -> None:
    items = list(json.loads(SHIPPED.read_text(encoding="utf-8"))["prices"])
    by_service = [item for item in items if not item.startswith("codebuild")]
    assert by_service == sorted(by_service)


def test_prices_are_exact_and_per_so_many_units(tmp_path: Path) -> None:
    price = read(written(tmp_path, GOOD), "my.json").prices["kms.requests"]
    assert (price.price, price.free, price.copied) == (Decimal("0.03"), Decimal(20000), True)
    assert price.of(Decimal(5000)) == Decimal("0.015")


def test_a_single_unit_without_a_free_tier_is_what_a_short_entry_means(tmp_path: Path) -> None:
    data = GOOD | {"prices": {"kms.keys": {"unit": "keys", "price": 1, "source": "aws"}}}
    price = read(written(tmp_path, data), "my.json").prices["kms.keys"]
    assert (price.per, price.free, price.copied) == (Decimal(1), Decimal(0), False)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"as_of": "yesterday"}, "'as_of' must be a date such as 2026-11-21, and not 'yesterday'"),
        ({"as_of": 20261121}, "'as_of' must be a date"),
        ({"region": None}, "'region' must be a text"),
        ({"prices": []}, "it has no object 'prices'"),
        ({"prices": {"a": 1}}, "'a' must be an object with unit, price and source"),
        ({"prices": {"a": {"unit": "x", "price": "1", "source": "aws"}}}, "'a': price must be a number"),
        ({"prices": {"a": {"unit": "x", "price": -1, "source": "aws"}}}, "'a': price must be a number"),
        ({"prices": {"a": {"unit": "x", "source": "aws"}}}, "'a': price must be a number"),
        ({"prices": {"a": {"unit": "x", "price": 1, "per": 0, "source": "aws"}}}, "'a': per must be a number above 0"),
        ({"prices": {"a": {"unit": 7, "price": 1, "source": "aws"}}}, "'a': unit must be a text"),
        ({"prices": {"a": {"unit": "x", "price": 1, "source": "me"}}}, "'a': source must be aws or copy"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    assert f"my.json: {message}" in refusal(tmp_path, GOOD | change)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = refusal(tmp_path, {"as_of": "", "region": 1, "prices": {"a": {}}})
    assert text.count("my.json: ") == 6


@pytest.mark.parametrize("price", ["NaN", "Infinity", "-Infinity"])
def test_a_price_that_is_no_number_of_json_is_refused(price: str, tmp_path: Path) -> None:
    text = json.dumps(GOOD).replace("0.03", price)
    assert "'kms.requests': price must be a number" in refusal(tmp_path, text)


def test_broken_json_is_refused_at_its_place(tmp_path: Path) -> None:
    assert refusal(tmp_path, '{\n  "as_of": }').startswith("my.json:2:12: this is not JSON: ")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"my\.json cannot be read: No such file"):
        read(tmp_path / "none.json", "my.json")


def test_a_file_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidInputError, match=r"my\.json is not UTF-8 text"):
        read(file, "my.json")
