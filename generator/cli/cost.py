"""`penstock cost`: what a pipeline costs for each commit and each month."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.console import pipeline_argument

if TYPE_CHECKING:
    from generator.report.cost import Cost, Line
    from generator.report.prices import PriceList
    from generator.report.usage import Assumptions


def _number(_ctx: click.Context, _param: click.Parameter, value: str) -> Decimal:
    """An option's text as a number, not below 0."""
    try:
        number = Decimal(value)
    except ArithmeticError:
        number = Decimal("NaN")
    if not number.is_finite() or number < 0:
        raise click.BadParameter(f"{value!r} is not a number from 0 up")
    return number


def _kinds(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> dict[str, int]:
    """KIND=MINUTES, such as `build=6`, by kind."""
    from generator.report.usage import MINUTES  # noqa: PLC0415 - the help needs none of it

    kinds = {}
    for value in values:
        kind, _, minutes = value.partition("=")
        if kind not in MINUTES:
            raise click.BadParameter(f"no kind of action is called '{kind}'; kinds: {', '.join(MINUTES)}")
        if not minutes.isdecimal() or int(minutes) < 1:
            raise click.BadParameter(f"'{value}' gives no whole minutes: every action is charged for 1 at least")
        kinds[kind] = int(minutes)
    return kinds


@click.command()
@pipeline_argument
@click.option(
    "--commits-per-day",
    metavar="N",
    callback=_number,
    default="5",
    show_default=True,
    help="Commits, weekends included.",
)
@click.option(
    "--minutes", metavar="KIND=N", callback=_kinds, multiple=True, help="Minutes of an action, as in build=6."
)
@click.option(
    "--artifact-mb", metavar="N", callback=_number, default="5", show_default=True, help="Size of one artifact."
)
@click.option("--image-mb", metavar="N", callback=_number, default="20", show_default=True, help="MB its images add.")
@click.option("--prices", "file", type=click.Path(path_type=Path), help="Use the prices of this file.")
@click.option("--show-prices", is_flag=True, help="Print the prices as such a file, and nothing else.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(  # noqa: PLR0913, PLR0917 - one for each option
    pipeline: Path,
    commits_per_day: Decimal,
    minutes: dict[str, int],
    artifact_mb: Decimal,
    image_mb: Decimal,
    file: Path | None,
    show_prices: bool,
    output: str,
) -> None:
    """Estimate what the pipeline of PIPELINE (pipeline.yaml) costs, from its actions; AWS is not contacted.

    CodePipeline's minutes are an assumption for each kind of action, shown and changed by --minutes. Prices come from
    one dated file; --prices takes another, for another region or a newer day.

    Example: penstock cost --commits-per-day 20 --minutes build=6
    """
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415 - the help needs none of these
    from generator.report.cost import cost  # noqa: PLC0415
    from generator.report.prices import SHIPPED, read  # noqa: PLC0415
    from generator.report.usage import MINUTES, Assumptions  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    prices = read(file or SHIPPED, str(file or SHIPPED.name))
    if show_prices:
        click.echo((file or SHIPPED).read_text(encoding="utf-8"), nl=False)
        return
    compiled = compile_file(pipeline, str(pipeline), Repository(pipeline.parent)).pipeline
    assumed = Assumptions(commits_per_day, {**MINUTES, **minutes}, artifact_mb, image_mb)
    estimate = cost(compiled, assumed, prices)
    if output == "json":
        click.echo(json.dumps(_as_data(estimate, assumed, prices), indent=2))
    else:
        click.echo("\n".join(_page(compiled.service, estimate, assumed, prices)))


def _page(service: str, estimate: Cost, assumed: Assumptions, prices: PriceList) -> Iterator[str]:
    from generator.report.cost import NOT_COUNTED, together  # noqa: PLC0415 - the help needs none of it

    yield f"{service}: {prices.currency} in {prices.region} as of {prices.as_of}"
    yield ""
    yield "minutes of each action, assumed (--minutes KIND=N)"
    yield from (
        f"  {_name(action.stage, action.action):<32}{_minutes(action.kind, action.minutes)}"
        for action in estimate.actions
    )
    yield ""
    yield f"one commit that goes all the way: {together(estimate.commit):.3f}"
    yield from (f"  {line.item:<34}{_quantity(line)} {line.unit:<16}{line.full:>10.4f}" for line in estimate.commit)
    yield ""
    full, after = together(estimate.month), together(estimate.month, after_free=True)
    yield f"a month of {_plain(assumed.commits)} commits: {full:.2f}, and {after:.2f} after the account's free tiers"
    yield f"{'':<65}{'full':>10}{'after':>10}"
    for line in estimate.month:
        yield f"  {line.item:<34}{_quantity(line)} {line.unit:<16}{line.full:>10.2f}{line.after_free:>10.2f}"
    yield f"  storage is that after a year, at {_plain(assumed.artifact_mb)} MB an artifact (--artifact-mb);"
    if any(line.item.startswith("ecr.") for line in estimate.month):
        yield f"  images too, at {_plain(assumed.image_mb)} MB of new layers a commit (--image-mb);"
    yield "  functions have 256 MB; the free tiers are shared with whatever else the account does"
    yield from _types(estimate)
    yield ""
    yield "not counted:"
    yield from (f"  {what}" for what in NOT_COUNTED)
    yield from (f"  {item}, which the prices do not name" for item in estimate.unpriced)
    yield from _copies(estimate.month)


def _types(estimate: Cost) -> Iterator[str]:
    if not estimate.types:
        return
    v1, v2 = estimate.types.v1, estimate.types.v2
    yield ""
    yield f"{'CodePipeline itself, a month':<65}{'full':>10}{'after':>10}"
    yield f"{'  V2, which this pipeline is':<65}{v2.full:>10.2f}{v2.after_free:>10.2f}"
    yield f"{'  V1, without triggers and execution modes':<65}{v1.full:>10.2f}{v1.after_free:>10.2f}"
    if estimate.types.equal_at:
        yield f"  V2 costs as much as V1, or more, from {estimate.types.equal_at} commits a month"


def _copies(lines: Iterable[Line]) -> Iterator[str]:
    copied = [line.item for line in lines if line.copied]
    if copied:
        yield ""
        yield "prices from copies by third parties, not from AWS's own page:"
        yield f"  {', '.join(copied)}"


def _name(stage: str, action: str) -> str:
    return stage if stage == action else f"{stage} / {action}"


def _minutes(kind: str, minutes: int) -> str:
    return f"{minutes:>3}  {kind}" if minutes else "  -  a manual approval is free"


def _quantity(line: Line) -> str:
    return f"{_plain(line.quantity):>12}"


def _plain(number: Decimal) -> str:
    return f"{number:,.2f}".rstrip("0").rstrip(".")


def _as_data(estimate: Cost, assumed: Assumptions, prices: PriceList) -> dict[str, object]:
    from generator.report.cost import NOT_COUNTED, together  # noqa: PLC0415 - the help needs none of it

    types = estimate.types
    return {
        "prices": {"as_of": str(prices.as_of), "region": prices.region, "currency": prices.currency},
        "commits": {"day": float(assumed.commits_per_day), "month": float(assumed.commits)},
        "actions": [
            {"stage": action.stage, "action": action.action, "kind": action.kind, "minutes": action.minutes}
            for action in estimate.actions
        ],
        "commit": {"total": _money(together(estimate.commit)), "lines": [_line(line) for line in estimate.commit]},
        "month": {
            "total": _money(together(estimate.month)),
            "after_free": _money(together(estimate.month, after_free=True)),
            "lines": [_line(line) for line in estimate.month],
        },
        "codepipeline": {"v1": _line(types.v1), "v2": _line(types.v2), "equal_at": types.equal_at} if types else None,
        "not_counted": [*NOT_COUNTED, *estimate.unpriced],
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "item": line.item,
        "quantity": float(line.quantity),
        "unit": line.unit,
        "full": _money(line.full),
        "after_free": _money(line.after_free),
        "copied": line.copied,
    }


def _money(amount: Decimal) -> float:
    return float(round(amount, 6))
