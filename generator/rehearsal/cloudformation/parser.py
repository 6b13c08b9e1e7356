"""A template's text as values: JSON, or YAML with CloudFormation's short forms.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.cloudformation.values import is_scalar, text

# The C loader is ten times as fast; it crashes on nesting that no template has, so that goes to the other one.
MOST_BRACKETS = 10_000
_BARE = frozenset({"Condition", "Ref"})
_EXTENDED = frozenset({"ForEach", "Length", "ToJsonString"})


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms."""


class _PatientLoader(yaml.SafeLoader):
    """The same, slower, and never crashing."""


def _short_form(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if suffix in _EXTENDED:
        # "Short-form YAML syntax isn't supported [...] for intrinsic functions that are only available in the
        # AWS::LanguageExtensions transform."
        raise TemplateError(f"Template format error: !{suffix} has no short form; write 'Fn::{suffix}'")
    if isinstance(node, yaml.ScalarNode):
        argument: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        argument = loader.construct_sequence(node, deep=True)
    else:
        argument = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    return {suffix if suffix in _BARE else f"Fn::{suffix}": argument}


for _loader in (_Loader, _PatientLoader):
    _loader.add_multi_constructor("!", _short_form)
    # A date stays the text it is in the template.
    _loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def parse(source: str) -> dict[str, Any]:
    """The template a text holds, every key a text. Raises TemplateError for what is neither JSON nor YAML."""
    try:
        template = json.loads(source)
    except (ValueError, RecursionError):
        template = _parse_yaml(source)
    if not isinstance(template, dict):
        raise TemplateError("Template format error: unsupported structure.")
    return dict(_members(template))


def _parse_yaml(source: str) -> Any:
    loader = _Loader if source.count("[") + source.count("{") < MOST_BRACKETS else _PatientLoader
    try:
        return yaml.load(source, loader)  # noqa: S506  # both are SafeLoader with tags that make plain values
    except (yaml.YAMLError, RecursionError) as error:
        raise TemplateError(f"Template format error: YAML not well-formed. {error}") from None


def _members(node: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    for key, member in node.items():
        if not is_scalar(key):
            raise TemplateError("Template format error: every key must be a string")
        yield text(key, ""), _with_text_keys(member)


def _with_text_keys(node: Any) -> Any:
    """Account ids and years are numbers for YAML; as keys they are texts."""
    if isinstance(node, Mapping):
        return dict(_members(node))
    if isinstance(node, list):
        return [_with_text_keys(item) for item in node]
    return node
