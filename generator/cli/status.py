"""`penstock status`: the state of the pipeline, and what blocks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from generator.cli.aws_options import of_service, on_aws
from generator.cli.console import fail

if TYPE_CHECKING:
    from generator.aws.door import Door
    from generator.aws.pipeline import Pipeline


@click.command()
@of_service
@click.option("--watch", is_flag=True, help="Follow it until nothing runs any more.")
@on_aws
def command(service: str, watch: bool, door: Door, output: str) -> None:
    """Show the stages of the pipeline of PIPELINE (pipeline.yaml): commits, tests, approvals, URLs, and what blocks it.

    Exits with 0 if the pipeline is green or running, with 1 if it is red.

    Example: penstock status --watch
    """
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415 - the help needs no AWS
    from generator.cli import pipeline_status  # noqa: PLC0415
    from generator.cli.live_status import watched  # noqa: PLC0415
    from generator.cli.output import result  # noqa: PLC0415

    name = pipeline_name(service)
    pipeline = watched(door, name) if watch else look(door, name)
    result(output, _as_data(pipeline), pipeline_status.lines(pipeline, door.clock()))
    if pipeline.red:
        fail(1)


def _as_data(pipeline: Pipeline) -> dict[str, Any]:
    from generator.aws.pipeline import as_data  # noqa: PLC0415 - the help needs no AWS

    return {
        **as_data(pipeline),
        "latest": as_data(pipeline.latest),
        "running": bool(pipeline.running),
        "red": pipeline.red,
        "blockers": as_data(pipeline.blockers),
    }
