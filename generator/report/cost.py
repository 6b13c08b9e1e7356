"""What a pipeline costs: for each commit, for each month, and on CodePipeline V1 against V2."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from generator.model.pipeline import Pipeline
from generator.report.prices import PriceList
from generator.report.usage import ActionTime, Assumptions, action_times, of_a_commit, of_a_month

NOT_COUNTED = (
    "the application and the stacks of its tests: functions, tables, API calls, their logs",
    "CloudWatch: logs of builds and functions, the alarm of start_tests",
    "data transfer, and what a build downloads",
    "builds of pull requests: CodePipeline's minutes and CodeBuild's, one Source and one Build each",
    "executions that fail early, are superseded or are tried again; mails about failures",
    "CodeCommit's users beyond the free five, secrets, taxes, support plans and discounts",
)
"""What no line of a cost stands for."""

_V1, _V2 = "codepipeline.v1.pipelines", "codepipeline.v2.minutes"


@dataclass(frozen=True, slots=True)
class Line:
    """A quantity of one item and what it costs: at the list price, and with the account's free tier taken off."""

    item: str
    unit: str
    quantity: Decimal
    full: Decimal
    after_free: Decimal
    copied: bool


@dataclass(frozen=True, slots=True)
class PipelineTypes:
    """CodePipeline's own price of a month by pipeline type, and the commits of a month at which V2 overtakes V1."""

    v1: Line
    v2: Line
    equal_at: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Everything together; `unpriced` are the items used that the price list has no price of."""

    actions: tuple[ActionTime, ...]
    commit: tuple[Line, ...]
    month: tuple[Line, ...]
    types: PipelineTypes | None
    unpriced: tuple[str, ...]


def cost(pipeline: Pipeline, assumed: Assumptions, prices: PriceList) -> Cost:
    """The cost of a pipeline at these prices. One commit is at list prices: the free tier belongs to a month."""
    commit = of_a_commit(pipeline, assumed)
    month = {item: quantity * assumed.commits for item, quantity in commit.items()} | of_a_month(pipeline, assumed)
    return Cost(
        actions=action_times(pipeline, assumed),
        commit=_lines(commit, prices),
        month=_lines(month, prices),
        types=_types(commit, month, prices),
        unpriced=tuple(sorted(item for item in month if item not in prices.prices)),
    )


def together(lines: Iterable[Line], *, after_free: bool = False) -> Decimal:
    """The sum of lines."""
    return sum((line.after_free if after_free else line.full for line in lines), Decimal(0))


def _lines(quantities: Mapping[str, Decimal], prices: PriceList) -> tuple[Line, ...]:
    return tuple(_line(item, quantities[item], prices) for item in quantities if item in prices.prices)


def _line(item: str, quantity: Decimal, prices: PriceList) -> Line:
    price = prices.prices[item]
    charged = max(quantity - price.free, Decimal(0))
    return Line(item, price.unit, quantity, price.of(quantity), price.of(charged), price.copied)


def _types(commit: Mapping[str, Decimal], month: Mapping[str, Decimal], prices: PriceList) -> PipelineTypes | None:
    if not {_V1, _V2} <= prices.prices.keys():
        return None
    v1 = _line(_V1, Decimal(1), prices)
    each = prices.prices[_V2].of(commit[_V2])
    return PipelineTypes(v1, _line(_V2, month[_V2], prices), math.ceil(v1.full / each) if each else 0)
