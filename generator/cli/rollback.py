"""`penstock rollback`: rolls a stage back to an earlier commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.aws_options import of_service, on_aws
from generator.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from generator.aws.door import Door
    from generator.aws.rollbacks import WayBack


@click.command()
@click.argument("stage")
@of_service
@click.option("--to", metavar="EXECUTION", default="", help="This execution; its first 8 characters do.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_aws
def command(*, stage: str, service: str, to: str, yes: bool, door: Door, output: str) -> None:
    """Bring what STAGE held before back into it, from the artifacts that were delivered then.

    Shows the commit that will come back, and when it succeeded there, before it asks. Other stages stay as they are.

    Example: penstock rollback Prod
    """
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline import as_data  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415 - the help needs no AWS
    from generator.aws.rollbacks import roll_back, way_back  # noqa: PLC0415
    from generator.cli.output import confirmed, remark, result  # noqa: PLC0415

    way = way_back(door, look(door, pipeline_name(service)), stage, to)
    remark(_lines(way, door.clock()))
    if not confirmed(f"roll {way.stage} back?", yes=yes):
        raise RefusedError("nothing was rolled back")
    execution = roll_back(door, way)
    lines = [f"rolling {way.stage} back: execution {execution}", "  penstock status --watch follows it"]
    result(output, {"execution": execution, **as_data(way)}, lines)


def _lines(way: WayBack, now: datetime) -> Iterator[str]:
    from generator.cli.output import ago  # noqa: PLC0415 - the help needs no AWS

    succeeded = f", succeeded there {ago(way.succeeded, now)}" if way.succeeded else ""
    yield f"into {way.stage} of {way.pipeline} comes back"
    yield f"  {way.target}{succeeded}"
    if way.instead_of:
        yield "instead of"
        yield f"  {way.instead_of}"
    if way.asks:
        yield "an approval of the stage will be asked for again"
