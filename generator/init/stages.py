"""The stages a repository is deployed to already, out of the configuration of its framework's own tool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.errors import Problem
from generator.frameworks import DeployedStack, OwnConfiguration
from generator.init.names import stage_word
from generator.init.proposed_stages import GUARDED, Proposed
from generator.model.stage import DEFAULT_STAGES, RESERVED_STAGES

BEFORE_PROD = DEFAULT_STAGES[:-1]
PROD = DEFAULT_STAGES[-1]
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html
_STACK = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}")


class Adopted(NamedTuple):
    """A stage that takes an existing stack over."""

    word: str
    stack: str
    region: str
    approval: bool


class Stages(NamedTuple):
    """The stages to write, a stack to suggest for prod (empty: none), and what was left out.

    `proposed` are those that the application's parameters allow; they are written where no stack is taken over.
    """

    adopted: tuple[Adopted, ...]
    proposed: tuple[Proposed, ...]
    suggested: str
    problems: tuple[Problem, ...]


def find(configuration: OwnConfiguration, service: str, proposed: tuple[Proposed, ...] = ()) -> Stages:
    """Environments become stages in the file's order, those that are production last; the default is only suggested."""
    problems = [*_trouble(configuration)]
    adopted: list[Adopted] = []
    named = [candidate for candidate in configuration.stacks if not candidate.is_default]
    for deployed in sorted(named, key=lambda candidate: stage_word(candidate.environment) in GUARDED):
        word = stage_word(deployed.environment)
        stage = Adopted(word, deployed.stack, deployed.region, word in GUARDED)
        if reason := _refusal(stage, adopted, service):
            problems.append(_left_out(configuration.file, deployed, reason))
        else:
            adopted.append(stage)
            problems += _overrides(configuration.file, deployed)
    suggested = _suggested(configuration, adopted, service)
    return Stages(tuple(adopted), () if adopted else proposed, suggested, tuple(problems))


def _suggested(configuration: OwnConfiguration, adopted: Sequence[Adopted], service: str) -> str:
    """The stack of the default environment, unless a stage is production already or the stack is another's."""
    if any(stage.approval for stage in adopted):
        return ""
    # Without a stage of the configuration's there are those of a file that names none.
    before = adopted or [Adopted(word, f"{service}-{word}", "", approval=False) for word in BEFORE_PROD]
    stacks = (stack.stack for stack in configuration.stacks if stack.is_default)
    fitting = (stack for stack in stacks if not _refusal(Adopted(PROD, stack, "", approval=True), before, service))
    return next(fitting, "")


def _refusal(stage: Adopted, before: Sequence[Adopted], service: str) -> str:
    """Why this cannot be a stage after those before it; empty when it can."""
    words = {_as_logical_id(deployment.word) for deployment in before}
    stacks = {f"{service}-pipeline", f"{service}-tests", *(deployment.stack.casefold() for deployment in before)}
    if not stage.word or stage.word in RESERVED_STAGES or _as_logical_id(stage.word) in words:
        return "that name is not allowed for a stage, or is taken"
    if not _STACK.fullmatch(stage.stack):
        return f"'{stage.stack}' is not a valid stack name"
    if stage.stack.casefold() in stacks:
        return f"the stack {stage.stack} belongs to another stage"
    return ""


def _as_logical_id(word: str) -> str:
    """Logical ids know no hyphens: stages that differ in nothing else would be one."""
    return word.replace("-", "")


def _left_out(file: str, deployed: DeployedStack, reason: str) -> Problem:
    return Problem(
        f"{file}: environment {deployed.environment} did not become a stage: {reason}",
        hint="add it under stages: by hand",
        level="warning",
    )


def _overrides(file: str, deployed: DeployedStack) -> Iterator[Problem]:
    if deployed.overrides:
        yield Problem(
            f"{file}: the parameter_overrides of {deployed.environment} were not taken over",
            hint=f"give them to stage {stage_word(deployed.environment)}: parameters: {{Name: value}}",
            level="warning",
        )


def _trouble(configuration: OwnConfiguration) -> Iterator[Problem]:
    if configuration.trouble:
        yield Problem(f"{configuration.file} was not read: {configuration.trouble}", level="warning")
