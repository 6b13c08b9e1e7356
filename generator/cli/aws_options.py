"""The options that all commands on AWS share, and how they find their pipeline."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from generator.cli.console import pipeline_argument
from generator.errors import InvalidInputError, Problem

Function = Callable[..., Any]


def on_aws(function: Function) -> Function:
    """Adds --profile, --region and --output; the function gets `door` and `output`, AWS's refusals become messages.

    AWS_PROFILE, AWS_REGION, AWS_DEFAULT_REGION and AWS_ENDPOINT_URL mean what they mean to the aws CLI.
    """

    @click.option("--profile", default="", help="Use this profile of the aws CLI.")
    @click.option("--region", default="", help="The pipeline's region.")
    @click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
    @functools.wraps(function)
    def wrapped(*, profile: str, region: str, **others: Any) -> Any:
        from generator.aws.door import Door, Settings, refusals  # noqa: PLC0415 - the help needs no AWS

        # boto3 reads all of the environment but AWS_REGION, which is the aws CLI's first choice.
        region = region or os.environ.get("AWS_REGION", "")
        # A program that runs the command may open the door itself, and hand it over as click's object.
        door = click.get_current_context().find_object(Door) or Door(Settings(profile, region))
        said_profile = profile or os.environ.get("AWS_PROFILE", "")
        with refusals(said_profile, region or os.environ.get("AWS_DEFAULT_REGION", "")):
            return function(door=door, **others)

    return wrapped


def of_service(function: Function) -> Function:
    """Adds the argument PIPELINE and --service; the function gets `service`, the pipeline's service.

    A pipeline file is only read for its service: whatever else is wrong with it is no matter for what runs already.
    """

    @pipeline_argument
    @click.option("--service", default="", help="The service, if there is no pipeline file.")
    @functools.wraps(function)
    def wrapped(*, pipeline: Path, service: str, **others: Any) -> Any:
        return function(service=_checked(service) if service else read_service(pipeline), **others)

    return wrapped


def read_service(pipeline: Path) -> str:
    """The service a pipeline file names. Raises InvalidInputError when there is no such file or it names none."""
    from generator import document  # noqa: PLC0415 - --service needs no YAML

    if not pipeline.exists():
        hint = "run it beside the pipeline file, name the file, or name the service: --service NAME"
        raise InvalidInputError([Problem(f"there is no {pipeline}", hint=hint)])
    match = document.read(pipeline, str(pipeline), document.PIPELINE_FILE)
    data = match.data
    if not isinstance(data, dict) or not isinstance(data.get("service"), str):
        raise InvalidInputError([Problem(f"{pipeline} names no service", hint="begin it with: service: NAME")])
    return _checked(data["service"])


def _checked(service: str) -> str:
    from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN  # noqa: PLC0415 - as above

    if len(service) > SERVICE_LENGTH or not re.fullmatch(SERVICE_PATTERN, service):
        hint = f"lower-case letters, digits and '-', beginning with a letter; at most {SERVICE_LENGTH}"
        raise InvalidInputError([Problem(f"{service!r} cannot be the name of a service", hint=hint)])
    return service
