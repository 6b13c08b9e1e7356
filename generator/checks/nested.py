"""Stacks within a stack: whether their templates are readable, take the parameters they get and have the outputs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.application import nested
from generator.application.reader import read
from generator.application.template import Resource, Template
from generator.application.values import names_in
from generator.checks.phrases import listed
from generator.document import quote
from generator.errors import InvalidInputError, Problem
from generator.repository.files import Repository

_OUTPUTS = "Outputs"


def check_nested(template: Template, repository: Repository) -> Iterator[Problem]:
    """The problems of the stacks right within a template. A file that is not there is for `checks.code` to say.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
    """
    for resource, path in nested.files(template):
        if resource.logical_id in template.nested:
            yield from _parameters(template, resource)
        elif repository.has(path):
            yield from _unread(template, resource, path, repository)
    yield from _outputs(template)


def _unread(template: Template, resource: Resource, path: str, repository: Repository) -> Iterator[Problem]:
    try:
        read(repository, path)
    except InvalidInputError as refused:
        yield from refused.problems
    else:
        place = template.place_of(resource.logical_id, nested.LOCATIONS[resource.type])
        yield template.problem(place, f"{path} is within itself: such stacks have no end", "name another template")


def _parameters(template: Template, resource: Resource) -> Iterator[Problem]:
    inner, stated = template.nested[resource.logical_id], resource.properties.get("Parameters", {})
    if not isinstance(stated, dict) or "Parameters" in inner.open or any(name.startswith("Fn::") for name in stated):
        return
    missing = [each.name for each in inner.parameters.values() if not each.has_default and each.name not in stated]
    if missing:
        message = f"{inner.path} needs a value for {listed(missing)}, and {resource.logical_id} gives it none"
        yield template.problem(("Resources", resource.logical_id), message, "add it below Parameters", at="key")
    for name in (name for name in stated if name not in inner.parameters):
        path = template.place_of(resource.logical_id, "Parameters", name)
        message = f"{inner.path} has no parameter {quote(name)}, and CloudFormation refuses a value for it"
        yield template.problem(path, message, "remove it, or add it to that template's Parameters", at="key")


def _outputs(template: Template) -> Iterator[Problem]:
    """What the template asks of the stacks within it and their templates do not have."""
    data = template.document.data
    asked = dict.fromkeys(name.partition(".") for name in names_in([data.get("Resources"), data.get(_OUTPUTS)]))
    for logical_id, _, attribute in asked:
        inner = template.nested.get(logical_id)
        kind, _, name = attribute.partition(".")
        if inner and kind == _OUTPUTS and name not in inner.outputs and _OUTPUTS not in inner.open:
            message = f"{inner.path} has no output {quote(name)}, which {logical_id}.{attribute} names"
            hint = f"it has {listed(sorted(inner.outputs))}" if inner.outputs else "add it to that template's Outputs"
            yield template.problem(("Resources", logical_id), message, hint, at="key")
