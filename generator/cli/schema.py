"""`penstock schema`: the JSON Schema of the pipeline file, for editors."""

from __future__ import annotations

import json

import click


@click.command()
def command() -> None:
    """Print the JSON Schema of the pipeline file.

    Example: penstock schema > pipeline.schema.json
    """
    from generator.pipeline_file.schema import pipeline_file  # noqa: PLC0415 - the help needs no kinds

    click.echo(json.dumps(pipeline_file(), indent=2))
