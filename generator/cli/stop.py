"""`penstock stop`: stops a running execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.aws_options import of_service, on_aws

if TYPE_CHECKING:
    from generator.aws.door import Door

_WAITS = "it stops when its actions in progress have ended"
_ABANDONS = "its actions in progress were abandoned: what they began (a stack's update, a build) goes on by itself"


@click.command()
@of_service
@click.option("--execution", metavar="ID", default="", help="Which one, when several run; its first 8 characters do.")
@click.option("--abandon", is_flag=True, help="Do not wait for the actions in progress.")
@click.option("--reason", default="", help="Why; it stays in the pipeline's history.")
@on_aws
def command(*, service: str, execution: str, abandon: bool, reason: str, door: Door, output: str) -> None:
    """Stop what runs in the pipeline of PIPELINE (pipeline.yaml), once its actions in progress have ended.

    Example: penstock stop --reason "wrong branch"
    """
    from generator.aws import executions  # noqa: PLC0415 - the help needs no AWS
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline import as_data  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415
    from generator.cli.output import result  # noqa: PLC0415

    pipeline = look(door, pipeline_name(service))
    stopped = executions.to_stop(pipeline, execution)
    executions.stop(door, pipeline, stopped, abandon=abandon, reason=reason)
    lines = [f"stopping {stopped}", f"  {_ABANDONS if abandon else _WAITS}"]
    result(output, {"pipeline": pipeline.name, "abandon": abandon, "execution": as_data(stopped)}, lines)
