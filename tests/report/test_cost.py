"""Costs: quantities times prices, free tiers of a month, V1 against V2."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from generator.report.cost import Cost, Line, cost, together
from generator.report.prices import PriceList
from generator.report.usage import Assumptions
from tests.report.conftest import Pipelines


def line(estimate: Cost, item: str) -> Line:
    return next(charge for charge in estimate.month if charge.item == item)


def test_a_commit_costs_its_action_minutes_and_its_build(pipeline: Pipelines, prices: PriceList) -> None:
    charges = {charge.item: charge.full for charge in cost(pipeline(), Assumptions(), prices).commit}
    assert charges["codepipeline.v2.minutes"] == Decimal("0.054")
    assert charges["codebuild.general1.small.minutes"] == Decimal("0.020")


def test_a_commit_is_at_list_prices_and_the_total_is_the_sum(pipeline: Pipelines, prices: PriceList) -> None:
    estimate = cost(pipeline(), Assumptions(), prices)
    assert together(estimate.commit) == sum(charge.full for charge in estimate.commit)
    assert Decimal("0.07") < together(estimate.commit) < Decimal("0.09")


def test_free_tiers_are_taken_off_once_a_month(pipeline: Pipelines, prices: PriceList) -> None:
    result = line(cost(pipeline(), Assumptions(commits_per_day=Decimal(1)), prices), "codepipeline.v2.minutes")
    assert result.quantity == 30 * 27
    assert result.full == Decimal("1.62")
    assert result.after_free == Decimal("1.42")


def test_what_stays_within_a_free_tier_costs_nothing_and_never_less(pipeline: Pipelines, prices: PriceList) -> None:
    estimate = cost(pipeline(), Assumptions(commits_per_day=Decimal("0.1")), prices)
    assert line(estimate, "codepipeline.v2.minutes").after_free == 0
    assert all(0 <= charge.after_free <= charge.full for charge in estimate.month)


def test_v1_is_paid_by_the_pipeline_and_v2_by_the_minute(pipeline: Pipelines, prices: PriceList) -> None:
    types = cost(pipeline(), Assumptions(), prices).types
    assert types is not None
    assert (types.v1.full, types.v1.after_free) == (Decimal(1), Decimal(0))
    assert types.v2.full == Decimal(5 * 30 * 27) * Decimal("0.002")
    # 500 minutes cost a dollar: 18 commits of 27 minutes are below it, 19 above.
    assert types.equal_at == 19


def test_an_item_without_a_price_is_named_and_left_out(pipeline: Pipelines, prices: PriceList) -> None:
    estimate = cost(pipeline("build: {compute: 2xlarge}\n"), Assumptions(), prices)
    assert estimate.unpriced == ("codebuild.general1.2xlarge.minutes",)
    assert not [charge for charge in estimate.commit if charge.item.startswith("codebuild")]


def test_without_a_price_of_both_types_nothing_is_compared(pipeline: Pipelines, prices: PriceList) -> None:
    fewer = {item: price for item, price in prices.prices.items() if item != "codepipeline.v1.pipelines"}
    assert cost(pipeline(), Assumptions(), dataclasses.replace(prices, prices=fewer)).types is None


def test_codepipelines_own_prices_are_awss_and_the_others_are_marked_as_copies(
    pipeline: Pipelines, prices: PriceList
) -> None:
    estimate = cost(pipeline("encryption: kms\n"), Assumptions(), prices)
    assert [charge.item for charge in estimate.month if not charge.copied] == ["codepipeline.v2.minutes"]
    assert {"kms.keys", "s3.gb-months", "lambda.requests"} <= {
        charge.item for charge in estimate.month if charge.copied
    }


def test_nothing_delivered_costs_what_is_there(pipeline: Pipelines, prices: PriceList) -> None:
    estimate = cost(pipeline("encryption: kms\n"), Assumptions(commits_per_day=Decimal(0)), prices)
    assert together(estimate.month) == 1
