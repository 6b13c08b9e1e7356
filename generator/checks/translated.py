"""What can only be seen after SAM's transform: how many resources there are, and how they are called."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.translation import Translated, translate
from generator.aws_rules import limits
from generator.checks.collisions import Stack, named_alike, stacks_of, with_nested
from generator.checks.name_lengths import NamedStack, check_fixed_names, check_generated_names
from generator.checks.stages import tests_values
from generator.errors import Problem, in_order
from generator.model.pipeline import Pipeline


def check_translated(pipeline: Pipeline, app: Translated | None, tests: Translated | None) -> tuple[Problem, ...]:
    """The problems of the translated templates (None if there is none), nested stacks' too: what SAM refuses first."""
    problems: list[Problem] = []
    by_name = any(not rights.wide for rights in pipeline.deploy_rights)
    if app:
        for translated, stacks in _all(app, stacks_of(pipeline, app.source)):
            problems += [*_of_each(translated, stacks, by_name=by_name), *_generated_names(translated, stacks)]
    if tests and pipeline.tests:
        values = tests_values(pipeline.tests, tests.source, pipeline.service)
        for translated, stacks in _all(tests, (Stack("tests", values),)):
            problems += _of_each(translated, stacks, by_name=by_name)
    return in_order(problems)


def _all(whole: Translated, stacks: tuple[Stack, ...]) -> Iterator[tuple[Translated, tuple[Stack, ...]]]:
    """A template and those of the stacks within its own, translated as the last of its stacks has it."""
    for template, several in with_nested(whole.source, stacks):
        if template is whole.source:
            yield whole, several
        elif several:
            values = several[-1].values.items()
            yield translate(template, {name: text for name, text in values if not name.startswith("AWS::")}), several


def _of_each(translated: Translated, stacks: tuple[Stack, ...], *, by_name: bool) -> Iterator[Problem]:
    yield from translated.problems
    yield from _count(translated)
    yield from _lengths(translated, tuple(_named(stack) for stack in stacks), by_name=by_name)


def _named(stack: Stack) -> NamedStack:
    """A stack by its name; of one within another, `-*` stands for what CloudFormation adds."""
    whole = stack.values["AWS::StackName"]
    outermost = stack.outermost or whole
    suffixes = whole.count("*") * (limits.NAME_SUFFIX_LENGTH - len("-*"))
    return NamedStack(outermost, stack.values, len(whole) - len(outermost) + suffixes)


def _lengths(translated: Translated, stacks: tuple[NamedStack, ...], *, by_name: bool) -> Iterator[Problem]:
    resources = tuple(translated.all_known().values())
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


def _generated_names(translated: Translated, stacks: tuple[Stack, ...]) -> Iterator[Problem]:
    """Fixed names of resources the template does not spell out, such as the rule of a function's schedule."""
    for resource in translated.resources().values():
        if resource.logical_id not in translated.source.resources:
            yield from named_alike(resource, stacks, translated.source)
