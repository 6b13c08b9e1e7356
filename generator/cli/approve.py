"""`penstock approve`: approves the waiting commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from generator.cli.aws_options import of_service, on_aws

if TYPE_CHECKING:
    from generator.aws.door import Door


@click.command()
@click.argument("stage", default="")
@of_service
@click.option("--message", default="", help="The reason, shown to everybody who can see the pipeline.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@on_aws
def command(*, stage: str, service: str, message: str, yes: bool, door: Door, output: str) -> None:
    """Approve the commit that waits to enter STAGE.

    Shows the commit, what it will change and what the tests said before it asks. Nothing is approved but what was
    shown: when the pipeline has moved on meanwhile, it says so and exits with 1.

    Example: penstock approve Prod --message "seen in gamma"
    """
    from generator.cli.approval_answer import answered, report_answer  # noqa: PLC0415 - the help needs no AWS

    question = answered(door, service, stage, approve=True, message=message, yes=yes)
    report_answer(output, question, "approved")
