"""`penstock permissions`: what the deploy roles may do and why, or what deploying any template takes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.cli.console import fail, pipeline_argument, tell

if TYPE_CHECKING:
    from generator.compiler.required_permissions import Requirements
    from generator.permissions.documents import Names


@click.command()
@pipeline_argument
@click.option("--template", type=click.Path(path_type=Path), help="Answer for this template; no pipeline file is read.")
@click.option("--stack-name", default="", help="The name of the stack in ARNs, instead of a variable or placeholder.")
@click.option("--account", default="ACCOUNT_ID", show_default=True, help="The account's id in ARNs.")
@click.option("--region", default="", help="The region in ARNs, instead of AWS_REGION or a placeholder.")
@click.option("--output", type=click.Choice(["text", "json", "policy"]), default="text", show_default=True)
def command(pipeline: Path, template: Path | None, stack_name: str, account: str, region: str, output: str) -> None:
    """Say what the deploy roles of PIPELINE (pipeline.yaml) may do, type by type, and which resource needs it.

    With --template the same for any CloudFormation template, and --output policy as policies to paste, each
    within IAM's limit of a managed policy. Exits with 1 when a type is not covered. AWS is not asked.

    Example: penstock permissions --template template.yaml --stack-name time-service-beta --output policy
    """
    from generator.cli import permissions_messages as words  # noqa: PLC0415 - the help needs none of these
    from generator.permissions.documents import Names  # noqa: PLC0415

    required, service = _required(pipeline, template)
    names = Names(
        stack=stack_name or ("STACK_NAME" if template else ""),
        account=account,
        region=region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "REGION",
        service=service,
    )
    failed = tell(required.problems)
    _print(required, names, output)
    for line in words.uncovered(required):
        click.echo(line, err=True)
    if failed or any(entry.granted is False for entry in required.types):
        fail(1)


def _required(pipeline: Path, template: Path | None) -> tuple[Requirements, str]:
    """The requirements, and the service they are about."""
    from generator.compiler import required_permissions  # noqa: PLC0415 - as above
    from generator.compiler.pipeline import compile_file  # noqa: PLC0415
    from generator.repository.files import Repository  # noqa: PLC0415

    if template:
        return required_permissions.of_template(template), ""
    compiled = compile_file(pipeline, str(pipeline), Repository(pipeline.parent))
    return required_permissions.of_pipeline(compiled), compiled.pipeline.service


def _print(required: Requirements, names: Names, output: str) -> None:
    from generator.cli import permissions_messages as words  # noqa: PLC0415 - as above
    from generator.permissions.documents import documents  # noqa: PLC0415

    if output == "text":
        click.echo("\n".join(words.text(required, names)))
        return
    policies = [policy for grant in required.grants for policy in documents(grant.statements, names)]
    if output == "json":
        click.echo(json.dumps(words.as_data(required, names, policies), indent=2))
    else:
        click.echo(json.dumps(policies[0] if len(policies) == 1 else policies, indent=2))
        if left := words.placeholders(policies):
            click.echo(left, err=True)
