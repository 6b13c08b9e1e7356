"""`penstock reject`: rejects the waiting commit."""

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
    """Stop the commit that waits for an approval of STAGE; its execution fails there.

    Shows the same as `penstock approve` before it asks, and answers nothing but what was shown.

    Example: penstock reject Prod --message "the table would be replaced"
    """
    from generator.cli.approval_answer import answered, report_answer  # noqa: PLC0415 - the help needs no AWS

    question = answered(door, service, stage, approve=False, message=message, yes=yes)
    report_answer(output, question, "rejected")
