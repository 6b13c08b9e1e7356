"""`penstock retry`: reruns the stage that failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.aws_options import of_service, on_aws

if TYPE_CHECKING:
    from generator.aws.door import Door


@click.command()
@click.argument("stage", default="")
@of_service
@on_aws
def command(stage: str, service: str, door: Door, output: str) -> None:
    """Rerun the stage that failed, or STAGE if several did: all of its actions, with the same commit.

    Example: penstock retry Beta
    """
    from generator.aws import executions  # noqa: PLC0415 - the help needs no AWS
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline import as_data  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415
    from generator.cli.output import result  # noqa: PLC0415

    pipeline = look(door, pipeline_name(service))
    chosen = executions.to_retry(pipeline, stage)
    executions.retry(door, pipeline, chosen)
    data = {"pipeline": pipeline.name, "stage": chosen.name, "execution": as_data(chosen.execution)}
    lines = [f"trying {chosen.name} again: {chosen.execution}", "  penstock status --watch follows it"]
    result(output, data, lines)
