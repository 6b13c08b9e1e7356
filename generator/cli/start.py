"""`penstock start`: starts an execution without a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.aws_options import of_service, on_aws

if TYPE_CHECKING:
    from generator.aws.door import Door


@click.command()
@of_service
@click.option("--commit", metavar="ID", default="", help="This commit, by its whole id, instead of the newest.")
@on_aws
def command(service: str, commit: str, door: Door, output: str) -> None:
    """Start the pipeline of PIPELINE (pipeline.yaml) with the newest commit of its branch.

    Example: penstock start --commit $(git rev-parse HEAD~1)
    """
    from generator.aws.executions import start  # noqa: PLC0415
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415 - the help needs no AWS
    from generator.cli.output import result  # noqa: PLC0415

    pipeline = look(door, pipeline_name(service))
    execution = start(door, pipeline, commit)
    text = f"{pipeline.name} started: execution {execution}"
    result(output, {"pipeline": pipeline.name, "execution": execution}, [text, "  penstock status --watch follows it"])
