"""The environments that a launch begins with: the profile of each, and whether that is its account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from generator.aws.door import Door
from generator.errors import InvalidInputError, Problem, RefusedError

if TYPE_CHECKING:
    from generator.model.environment import Environment
    from generator.model.pipeline import Pipeline

environment_option = click.option(
    "--environment",
    "environments",
    metavar="NAME=PROFILE",
    multiple=True,
    help="First launch this environment's stack, in its account, with this profile of the aws CLI; may be repeated.",
)


def doors(door: Door, pipeline: Pipeline, written: tuple[str, ...]) -> Iterator[tuple[Environment, Door]]:
    """Each environment that is to be launched, with a door to its account; what is not launched is told.

    Raises InvalidInputError for an environment that is not there, before AWS is asked, and RefusedError for a profile
    of another account.
    """
    profiles = dict(map(_pair, written))
    environments = {environment.word: environment for environment in pipeline.environments}
    if unknown := [word for word in profiles if word not in environments]:
        hint = f"there are {', '.join(environments)}" if environments else "no stage lives in another account"
        raise InvalidInputError([Problem(f"there is no environment {word} to launch", hint=hint) for word in unknown])
    _tell_others(environments, profiles)
    places = [
        (environment, door.of_profile(profiles[word])) for word, environment in environments.items() if word in profiles
    ]
    for environment, there in places:
        if (account := there.account()) != environment.account:
            profile = profiles[environment.word]
            message = f"the profile {profile} is of account {account}, and {environment.word} is {environment.account}"
            raise RefusedError(str(Problem(message, hint=f"--environment {environment.word}=<another profile>")))
    yield from places


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


def _tell_others(environments: Mapping[str, Environment], profiles: Mapping[str, str]) -> None:
    for word, environment in environments.items():
        if word not in profiles:
            click.echo(
                f"note: {word} in account {environment.account} is not launched here, and has to be before the "
                f"pipeline: --environment {word}=PROFILE, or penstock generate --environment {word}",
                err=True,
            )
