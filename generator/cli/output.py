"""How commands print times, names and results, and how they ask for confirmation."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from generator.cli.prompts import agreed, may_ask
from generator.cli.views.steps import harmless
from generator.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def duration(seconds: float) -> str:
    """So many seconds as people say it, in at most two units; clocks that disagree make it 0."""
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def ago(moment: datetime, now: datetime) -> str:
    """How long ago it was."""
    return f"{duration((now - moment).total_seconds())} ago"


def person(arn: str) -> str:
    """Who an ARN stands for: the user's name, a session with its role, or root."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind == "assumed-role":
        role, _, session = name.partition("/")
        return f"{session} ({role})"
    return name or kind


def say(lines: Iterable[str]) -> None:
    """Write lines to stdout, without whatever a terminal would act on: AWS repeats foreign text."""
    for line in lines:
        click.echo(harmless(line).rstrip())


def remark(lines: Iterable[str]) -> None:
    """The same on stderr: what is said beside the result."""
    for line in lines:
        click.echo(harmless(line).rstrip(), err=True)


def result(output: str, data: Any, lines: Iterable[str]) -> None:
    """Write the result as `--output` wants it: the data as JSON, or the lines."""
    if output == "json":
        click.echo(json.dumps(data, indent=2))
    else:
        say(lines)


def confirmed(question: str, *, yes: bool) -> bool:
    """Whether to go on: `yes`, or what the person at the terminal says.

    Raises InvalidInputError where nobody can be asked, click.Abort when there will be no answer.
    """
    if yes:
        return True
    if not may_ask():
        raise InvalidInputError(
            [Problem("cannot ask for confirmation: stdin is not a terminal", hint="--yes continues without asking")]
        )
    return agreed(question)
