"""The option --environment: the profiles for the accounts that a pipeline's environments are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from generator.aws.door import Door
from generator.aws.environments import Place, Reach
from generator.errors import InvalidInputError, Problem

if TYPE_CHECKING:
    from generator.model.environment import Environment
    from generator.model.pipeline import Pipeline

Function = Callable[..., Any]


def environment_option(meaning: str) -> Callable[[Function], Function]:
    """The option --environment; the function gets `environments`, as they are written."""
    return click.option(
        "--environment",
        "environments",
        metavar="NAME=PROFILE",
        multiple=True,
        help=f"{meaning} with this profile of the aws CLI; may be repeated.",
    )


def reach(door: Door, written: tuple[str, ...]) -> Reach:
    """The pipeline's account, and the accounts of the environments that there are profiles for."""
    return Reach(door, {word: door.of_profile(profile) for word, profile in map(_pair, written)})


def doors(door: Door, pipeline: Pipeline, written: tuple[str, ...]) -> Iterator[tuple[Environment, Door]]:
    """Each environment that is to be launched, with a door to its account; what is not launched is told.

    Raises InvalidInputError for an environment that is not there, before AWS is asked, and RefusedError for a profile
    of another account.
    """
    environments = {environment.word: environment for environment in pipeline.environments}
    refuse_unknown(written, environments)
    _tell_others(environments, [word for word, _ in map(_pair, written)])
    yield from ((environment, there) for environment, there in doors_or_none(door, pipeline, written) if there)


def doors_or_none(door: Door, pipeline: Pipeline, written: tuple[str, ...]) -> list[tuple[Environment, Door | None]]:
    """Every environment, with a door to its account where there is a profile for it."""
    chosen = reach(door, written)
    return [
        (each, chosen.door(Place(each.word, each.account)) if each.word in chosen.doors else None)
        for each in pipeline.environments
    ]


def refuse_unknown(written: tuple[str, ...], environments: Iterable[str]) -> None:
    """Raise InvalidInputError for a profile of an environment that is not there."""
    there = list(environments)
    hint = f"there are {', '.join(there)}" if there else "no stage lives in another account"
    if unknown := [word for word, _ in map(_pair, written) if word not in there]:
        raise InvalidInputError([Problem(f"there is no environment {word}", hint=hint) for word in unknown])


def refuse_other_name(pipeline: Pipeline, stack_name: str) -> None:
    """Raise InvalidInputError where other accounts would not know the pipeline's stack by its name."""
    if stack_name and pipeline.environments and stack_name != pipeline.stack:
        message = f"the environments let in the roles of {pipeline.stack} alone"
        raise InvalidInputError([Problem(message, hint="leave --stack-name out")])


def _pair(written: str) -> tuple[str, str]:
    word, equals, profile = written.partition("=")
    if not (word and equals and profile):
        raise InvalidInputError([Problem(f"--environment {written} names no profile", hint="write NAME=PROFILE")])
    return word, profile


def _tell_others(environments: Mapping[str, Environment], profiles: Iterable[str]) -> None:
    for word, environment in environments.items():
        if word not in profiles:
            click.echo(
                f"note: {word} in account {environment.account} is not launched here, and has to be before the "
                f"pipeline: --environment {word}=PROFILE, or penstock generate --environment {word}",
                err=True,
            )
