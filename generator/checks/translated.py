"""What can only be seen after SAM's transform: how many resources there are, and how they are called."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.translation import Translated
from generator.aws_rules import limits
from generator.checks.collisions import named_alike, stacks_of
from generator.checks.name_lengths import NamedStack, check_fixed_names, check_generated_names
from generator.checks.stages import tests_values
from generator.errors import Problem, in_order
from generator.model.pipeline import Pipeline
from generator.model.text import resolved


def check_translated(pipeline: Pipeline, app: Translated | None, tests: Translated | None) -> tuple[Problem, ...]:
    """The problems of the translated templates (None if there is none): what SAM refuses first of all."""
    problems: list[Problem] = []
    by_name = any(not rights.wide for rights in pipeline.deploy_rights)
    for translated in (app, tests):
        if translated:
            problems += [*translated.problems, *_count(translated)]
    if app:
        stacks = stacks_of(pipeline, app.source)
        names = (resolved(stage.deployment.stack, pipeline.service) for stage in pipeline.stages)
        named = tuple(NamedStack(name, deployed.values) for name, deployed in zip(names, stacks, strict=True))
        problems += [*_generated_names(pipeline, app), *_lengths(app, named, by_name=by_name)]
    if tests and pipeline.tests:
        values = tests_values(pipeline.tests, tests.source, pipeline.service)
        stack = NamedStack(resolved(pipeline.tests.deployment.stack, pipeline.service), values)
        problems += _lengths(tests, (stack,), by_name=by_name)
    return in_order(problems)


def _lengths(translated: Translated, stacks: tuple[NamedStack, ...], *, by_name: bool) -> Iterator[Problem]:
    # Where SAM refuses the template, its own resources are all there is to look at.
    resources = tuple((translated.resources() or translated.source.resources).values())
    yield from check_fixed_names(translated.source, resources, stacks)
    if by_name:
        yield from check_generated_names(translated.source, resources, stacks)


def _count(translated: Translated) -> Iterator[Problem]:
    count, stated = len(translated.resources()), len(translated.source.resources)
    if count > limits.RESOURCES:
        note = f", {count - stated} of them made by SAM" if count > stated else ""
        message = f"the stack has {count} resources{note}; CloudFormation takes {limits.RESOURCES}"
        hint = "move some to a nested stack (AWS::CloudFormation::Stack or AWS::Serverless::Application)"
        yield translated.source.problem(("Resources",), message, hint, at="key")


def _generated_names(pipeline: Pipeline, app: Translated) -> Iterator[Problem]:
    """Fixed names of resources the template does not spell out, such as the rule of a function's schedule."""
    stacks = stacks_of(pipeline, app.source)
    for resource in app.resources().values():
        if resource.logical_id not in app.source.resources:
            yield from named_alike(resource, stacks, app.source)
