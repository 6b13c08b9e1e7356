"""What can only be seen after SAM's transform: how many resources there are, and the names SAM gives them."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application.translation import Translated
from generator.checks.collisions import named_alike, stacks_of
from generator.checks.limits import RESOURCES
from generator.errors import Problem, in_order
from generator.model import Pipeline


def check_translated(pipeline: Pipeline, app: Translated | None, tests: Translated | None) -> tuple[Problem, ...]:
    """The problems of the translated templates (None: there is none): what SAM refuses first of all."""
    found: list[Problem] = []
    for translated in (app, tests):
        if translated:
            found += [*translated.problems, *_count(translated)]
    if app:
        found += _generated_names(pipeline, app)
    return in_order(found)


def _count(translated: Translated) -> Iterator[Problem]:
    count, stated = len(translated.resources()), len(translated.source.resources)
    if count > RESOURCES:
        made = f", {count - stated} of them made by SAM" if count > stated else ""
        message = f"the stack has {count} resources{made}; CloudFormation takes {RESOURCES}"
        hint = "move some to a nested stack (AWS::CloudFormation::Stack or AWS::Serverless::Application)"
        yield translated.source.problem(("Resources",), message, hint, at="key")


def _generated_names(pipeline: Pipeline, app: Translated) -> Iterator[Problem]:
    """Fixed names of resources the template does not spell out, such as the rule of a function's schedule."""
    stacks = stacks_of(pipeline, app.source)
    for resource in app.resources().values():
        if resource.logical_id not in app.source.resources:
            yield from named_alike(resource, stacks, app.source)
