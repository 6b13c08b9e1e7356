"""`penstock start`: starts an execution without a push."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.aws_options import of_service, on_aws
from generator.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from generator.aws.door import Door


@click.command()
@of_service
@click.option("--commit", metavar="ID", default="", help="This commit, by its whole id, instead of the newest.")
@click.option("--variable", "variables", metavar="NAME=VALUE", multiple=True, help="A variable of the pipeline.")
@on_aws
def command(service: str, commit: str, variables: tuple[str, ...], door: Door, output: str) -> None:
    """Start the pipeline of PIPELINE (pipeline.yaml) with the newest commit of its branch.

    Example: penstock start --commit $(git rev-parse HEAD~1)
    """
    from generator.aws.executions import start  # noqa: PLC0415
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415 - the help needs no AWS
    from generator.cli.output import result  # noqa: PLC0415

    pipeline = look(door, pipeline_name(service))
    execution = start(door, pipeline, commit, _values(variables))
    text = f"{pipeline.name} started: execution {execution}"
    result(output, {"pipeline": pipeline.name, "execution": execution}, [text, "  penstock status --watch follows it"])


def _values(variables: tuple[str, ...]) -> dict[str, str]:
    """The variables by name. Raises InvalidInputError for what has no value."""
    pairs = [variable.partition("=") for variable in variables]
    if wrong := [name for name, _, value in pairs if not value]:
        raise InvalidInputError([Problem(f"--variable {wrong[0]}: no value", hint="--variable NAME=VALUE")])
    return {name: value for name, _, value in pairs}
