"""The options every command on AWS shares, through a command that only says what it got."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from generator.aws.door import Door
from generator.cli.aws_options import of_service, on_aws
from generator.errors import InvalidInputError

NOTHING = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None, "AWS_PROFILE": None, "AWS_CONFIG_FILE": "/dev/null"}


@click.command()
@of_service
@on_aws
def command(door: Door, output: str, service: str) -> None:
    click.echo(f"{service} {door.region} {output}")


def output_of(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(command, arguments, env={**NOTHING, **environment})


@pytest.mark.parametrize(
    ("arguments", "environment", "region"),
    [
        (("--region", "eu-west-1"), {"AWS_REGION": "eu-west-2"}, "eu-west-1"),
        ((), {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-2"),
        ((), {"AWS_DEFAULT_REGION": "eu-west-3"}, "eu-west-3"),
    ],
)
def test_the_region_is_found_as_the_aws_cli_finds_it(
    arguments: tuple[str, ...], environment: dict[str, str], region: str
) -> None:
    assert output_of("--service", "time", *arguments, **environment).output == f"time {region} text\n"


def test_no_region_anywhere_is_said() -> None:
    assert "no AWS region is set" in str(output_of("--service", "time").exception)


def test_a_profile_that_is_not_there_is_named() -> None:
    assert "there is no AWS profile 'nobody'" in str(output_of("--service", "time", "--profile", "nobody").exception)


def test_the_service_is_read_from_a_file_whatever_else_is_wrong_with_it(tmp_path: Path) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text("service: time-service\nnot: {a: pipeline}\n")
    assert output_of(str(file), AWS_REGION="eu-west-1").output == "time-service eu-west-1 text\n"


@pytest.mark.parametrize(
    ("text", "message"), [("source: {}\n", "names no service"), ("service: Time\n", "cannot be the name")]
)
def test_a_file_without_a_service_is_wrong_input(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "pipeline.yaml"
    file.write_text(text)
    raised = output_of(str(file)).exception
    assert isinstance(raised, InvalidInputError)
    assert message in str(raised)


def test_no_file_leads_to_the_option() -> None:
    assert "--service NAME" in str(output_of("no-such-file.yaml").exception)


def test_the_help_shows_what_is_shared() -> None:
    output = output_of("--help").output
    assert all(option in output for option in ("--profile", "--region", "--output", "--service"))
