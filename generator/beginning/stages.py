"""The stages a repository is deployed to already, out of its SAM configuration."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from generator.beginning.names import stage_word
from generator.beginning.samconfig import DEFAULT, Deployment, Samconfig
from generator.errors import Problem

# Environments that people call so hold what must not break: they come last and ask first.
_GUARDED = ("prod", "production", "live")
# Pipeline stages and stacks of the pipeline's own.
_RESERVED = frozenset({"source", "build", "deploytests", "tests", "pipeline"})
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
_STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


class Adopted(NamedTuple):
    """A stage that takes an existing stack over."""

    word: str
    stack: str
    region: str
    approval: bool


class Stages(NamedTuple):
    """The stages to write, a stack to suggest for prod (empty: none), and what was left out."""

    adopted: tuple[Adopted, ...]
    suggested: str
    problems: tuple[Problem, ...]


def find(samconfig: Samconfig, service: str) -> Stages:
    """Environments become stages in the file's order, those that are production last; `default` is only suggested."""
    problems = [*_trouble(samconfig)]
    taken = {f"{service}-pipeline", f"{service}-tests"}
    adopted: dict[str, Adopted] = {}
    named = [one for one in samconfig.deployments if one.environment != DEFAULT]
    for deployment in sorted(named, key=lambda one: stage_word(one.environment) in _GUARDED):
        stage = _adopted(deployment)
        # Logical ids know no hyphens: stages that differ in nothing else would be one.
        reason = _refusal(deployment, stage, stage.word.replace("-", "") in adopted, taken)
        if reason:
            problems.append(_left_out(samconfig.file, deployment, reason))
            continue
        adopted[stage.word.replace("-", "")] = stage
        taken.add(stage.stack.casefold())
        problems += _overrides(samconfig.file, deployment)
    suggested = (
        one.stack for one in samconfig.deployments if one.environment == DEFAULT and _STACK.fullmatch(one.stack)
    )
    unguarded = not any(stage.approval for stage in adopted.values())
    return Stages(tuple(adopted.values()), next(suggested, "") if unguarded else "", tuple(problems))


def _adopted(deployment: Deployment) -> Adopted:
    word = stage_word(deployment.environment)
    return Adopted(word, deployment.stack, deployment.region, word in _GUARDED)


def _refusal(deployment: Deployment, stage: Adopted, is_taken: bool, stacks: Iterable[str]) -> str:
    if not stage.word or stage.word in _RESERVED or is_taken:
        return "a stage cannot be called so, or there is one already"
    if not _STACK.fullmatch(deployment.stack):
        return f"'{deployment.stack}' is no stack's name"
    if deployment.stack.casefold() in stacks:
        return f"the stack {deployment.stack} belongs to another stage"
    return ""


def _left_out(file: str, deployment: Deployment, reason: str) -> Problem:
    return Problem(
        f"{file}: environment {deployment.environment} did not become a stage: {reason}",
        hint="add it under stages: by hand",
        level="warning",
    )


def _overrides(file: str, deployment: Deployment) -> Iterator[Problem]:
    if deployment.overrides:
        yield Problem(
            f"{file}: the parameter_overrides of {deployment.environment} were not taken over",
            hint=f"give them to stage {stage_word(deployment.environment)}: parameters: {{Name: value}}",
            level="warning",
        )


def _trouble(samconfig: Samconfig) -> Iterator[Problem]:
    if samconfig.trouble:
        yield Problem(f"{samconfig.file} was not read: {samconfig.trouble}", level="warning")
