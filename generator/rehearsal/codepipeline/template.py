"""A CloudFormation template as far as a deploy action must know it: its parameters, and what it asks leave for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities)
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

CAPABILITIES = ("CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND")
_NAMED = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
_UNNAMED = (
    "AWS::IAM::AccessKey",
    "AWS::IAM::Policy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::UserToGroupAddition",
)
_MACRO = "Fn::Transform"
# SAM makes a role for these unless one is given.
_SAM_ROLES = {"AWS::Serverless::Function": "Role", "AWS::Serverless::StateMachine": "Role"}


class NoTemplateError(Exception):
    """A text is no template: neither JSON nor YAML, or not a mapping with resources."""


# The C loader is ten times as fast; it crashes on nesting that no template has, so that goes to the other one.
MOST_BRACKETS = 10_000


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms, whose meaning does not matter here."""


class _PatientLoader(yaml.SafeLoader):
    """The same, slower, and never crashing."""


def _short_form(loader: Any, suffix: str, node: yaml.Node) -> Any:
    if suffix == "Transform" and isinstance(node, yaml.MappingNode):
        return {_MACRO: loader.construct_mapping(node, deep=True)}
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


for _loader in (_Loader, _PatientLoader):
    _loader.add_multi_constructor("!", _short_form)
    # A date stays the text it is in the template.
    _loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def parse(text: str) -> Mapping[str, Any]:
    """The template a text holds. Raises NoTemplateError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = _parse_yaml(text)
    if not isinstance(found, dict) or not isinstance(found.get("Resources"), dict):
        raise NoTemplateError("Template format error: At least one Resources member must be defined.")
    return found


def _parse_yaml(text: str) -> Any:
    loader = _Loader if text.count("[") + text.count("{") < MOST_BRACKETS else _PatientLoader
    try:
        return yaml.load(text, loader)  # noqa: S506  # both are SafeLoader with tags that make plain values
    except (yaml.YAMLError, RecursionError) as error:
        raise NoTemplateError(f"Template format error: YAML not well-formed. {error}") from None


def parameters(template: Mapping[str, Any]) -> frozenset[str]:
    """Names of the template's parameters."""
    return frozenset(template.get("Parameters") or ())


def missing_capabilities(template: Mapping[str, Any], given: frozenset[str], *, expand: bool = True) -> list[str]:
    """The capabilities the template needs and was not given.

    With `expand` false macros need no leave: a change set shows what they made before it is executed.
    """
    missing = []
    if expand and (template.get("Transform") or _has_macros(template)) and "CAPABILITY_AUTO_EXPAND" not in given:
        missing.append("CAPABILITY_AUTO_EXPAND")
    iam = "CAPABILITY_NAMED_IAM" in given or "CAPABILITY_IAM" in given
    if _names_identities(template) and "CAPABILITY_NAMED_IAM" not in given:
        missing.append("CAPABILITY_NAMED_IAM")
    elif _makes_identities(template) and not iam:
        missing.append("CAPABILITY_IAM")
    return missing


def _has_macros(value: Any) -> bool:
    """Whether a macro is applied to some part of the template."""
    if isinstance(value, dict):
        return _MACRO in value or any(map(_has_macros, value.values()))
    return isinstance(value, list) and any(map(_has_macros, value))


def _names_identities(template: Mapping[str, Any]) -> bool:
    return any(_NAMED.get(kind, "") in properties for kind, properties in _resources(template))


def _makes_identities(template: Mapping[str, Any]) -> bool:
    return any(
        kind in _NAMED
        or kind in _UNNAMED
        or kind == "AWS::Serverless::Connector"
        or (kind in _SAM_ROLES and _SAM_ROLES[kind] not in {**_globals(template, kind), **properties})
        for kind, properties in _resources(template)
    )


def _resources(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in template["Resources"].values():
        if isinstance(resource, dict):
            properties = resource.get("Properties")
            yield str(resource.get("Type", "")), properties if isinstance(properties, dict) else {}


def _globals(template: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    """What SAM's Globals section says for resources of this type."""
    everything = template.get("Globals")
    section = everything.get(kind.rpartition("::")[2]) if isinstance(everything, dict) else None
    return section if isinstance(section, dict) else {}
