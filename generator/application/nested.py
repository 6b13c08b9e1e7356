"""The stacks within a stack: which files are their templates, and what the template around them gives them.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.application.choices import chosen
from generator.application.conditions import holds
from generator.application.template import Resource, Template

LOCATIONS: Mapping[str, str] = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
"""The resources that are stacks, and the property that says where the template is."""


def files(template: Template) -> Iterator[tuple[Resource, str]]:
    """The stacks within a template whose own template is a file beside it, each with its path in the repository."""
    for resource in template.resources.values():
        location = resource.properties.get(LOCATIONS.get(resource.type, ""))
        if isinstance(location, str) and "://" not in location:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(template.path), location))
            if not path.startswith(("/", "..")):
                yield resource, path


def stack_name(stack: str, logical_id: str) -> str:
    """What a stack within another is called: `*` stands for what CloudFormation adds."""
    return f"{stack}-{logical_id}-*"


def parameters_of(template: Template, logical_id: str, values: Mapping[str, str]) -> Mapping[str, Any]:
    """The parameters that a stack within the template is given, with the choices that its known `values` make."""
    stated = template.resources[logical_id].properties.get("Parameters")
    parameters = chosen(stated, template.document.data, values)
    return parameters if isinstance(parameters, dict) else {}


def inner_values(
    template: Template, logical_id: str, values: Mapping[str, str], text: Callable[[Any, Mapping[str, str]], str | None]
) -> dict[str, str]:
    """The parameters of a stack within the template as texts, those with a default too; none that is not known."""
    inner = template.nested[logical_id]
    texts = {name: text(value, values) for name, value in parameters_of(template, logical_id, values).items()}
    every = inner.defaults() | texts
    return {name: value for name, value in every.items() if value is not None}


def is_left_out(template: Template, logical_id: str, values: Mapping[str, str]) -> bool:
    """Whether the condition of a stack within the template certainly does not hold."""
    condition = template.resources[logical_id].condition
    return bool(condition) and holds(condition, template.document.data.get("Conditions"), values) is False
