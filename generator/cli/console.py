"""Output and arguments that all commands share."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click

from generator.errors import Problem


def _pipeline_file() -> Path:
    from generator.pipeline_file import names  # noqa: PLC0415 - whoever names the file needs none of it

    return names.default(Path())


pipeline_argument = click.argument("pipeline", default=_pipeline_file, type=click.Path(path_type=Path))


def tell(problems: Iterable[Problem]) -> bool:
    """Say every problem on stderr; whether one of them is an error."""
    reported = tuple(problems)
    for problem in reported:
        click.echo(str(problem), err=True)
    return any(problem.level == "error" for problem in reported)


def as_data(problem: Problem) -> dict[str, object]:
    """A problem as the JSON of a command shows it."""
    data = problem._asdict() | {"place": problem.place._asdict() if problem.place else None}
    return {key: data[key] for key in ("level", "message", "place", "hint", "excerpt")}


def fail(code: int) -> NoReturn:
    """End the command that runs with this exit code; what had to be said has been said."""
    raise click.exceptions.Exit(code)
