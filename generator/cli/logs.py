"""`penstock logs`: the log that says why an action failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli import environment_profiles
from generator.cli.aws_options import of_service, on_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.aws.door import Door
    from generator.aws.logs import ActionLog

_LINES = 200


@click.command()
@click.argument("stage", default="")
@of_service
@click.option("--lines", "most", type=click.IntRange(1), default=_LINES, show_default=True, help="Of each log.")
@environment_profiles.environment_option("Show what CloudFormation says in this environment's account, too,")
@on_aws
def command(stage: str, service: str, most: int, environments: tuple[str, ...], door: Door, output: str) -> None:
    """Show the log of the action that failed: a build's, the tests' or what CloudFormation says about the stack.

    STAGE chooses another stage than the one that failed.

    Example: penstock logs Beta
    """
    from generator.aws.environments import of_action  # noqa: PLC0415 - as below
    from generator.aws.logs import logs  # noqa: PLC0415 - the help needs no AWS
    from generator.aws.names import pipeline_name  # noqa: PLC0415
    from generator.aws.pipeline import as_data  # noqa: PLC0415
    from generator.aws.pipeline_queries import look  # noqa: PLC0415
    from generator.cli.output import result  # noqa: PLC0415

    pipeline = look(door, pipeline_name(service))
    words = dict.fromkeys(of_action(action.role).word for each in pipeline.stages for action in each.actions)
    environment_profiles.refuse_unknown(environments, filter(None, words))
    sections = logs(environment_profiles.reach(door, environments), pipeline, stage, most)
    result(output, {"logs": as_data(sections)}, (line for log in sections for line in _lines(log)))


def _lines(log: ActionLog) -> Iterator[str]:
    yield f"{log.stage}/{log.action} {log.status.lower()}{f': {log.execution}' if log.execution else ''}"
    yield from (f"  {line}" for line in log.reason.splitlines())
    for section in log.sections:
        yield f"{section.title}:"
        yield from (f"  | {line}" for line in section.lines)
