"""A CloudFormation template as far as a deploy action must know it: its parameters, and what it asks leave for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.cloudformation import parser, transforms
from generator.rehearsal.cloudformation.errors import TemplateError

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
# SAM makes a role for these unless one is given.
_SAM_ROLES = {"AWS::Serverless::Function": "Role", "AWS::Serverless::StateMachine": "Role"}


def parse(source: str) -> Mapping[str, Any]:
    """The template a text holds. Raises TemplateError for another text, and for a template without resources."""
    template = parser.parse(source)
    if not isinstance(template.get("Resources"), dict):
        raise TemplateError("Template format error: At least one Resources member must be defined.")
    return template


def parameters(template: Mapping[str, Any]) -> frozenset[str]:
    """Names of the template's parameters."""
    return frozenset(template.get("Parameters") or ())


def missing_capabilities(
    template: Mapping[str, Any], acknowledged: frozenset[str], *, expand: bool = True
) -> list[str]:
    """The capabilities the template needs and was not given.

    With `expand` false macros need no leave: a change set shows what they made before it is executed.
    """
    missing = []
    if (
        expand
        and (template.get("Transform") or transforms.embedded(template))
        and "CAPABILITY_AUTO_EXPAND" not in acknowledged
    ):
        missing.append("CAPABILITY_AUTO_EXPAND")
    iam = "CAPABILITY_NAMED_IAM" in acknowledged or "CAPABILITY_IAM" in acknowledged
    if _names_identities(template) and "CAPABILITY_NAMED_IAM" not in acknowledged:
        missing.append("CAPABILITY_NAMED_IAM")
    elif _makes_identities(template) and not iam:
        missing.append("CAPABILITY_IAM")
    return missing


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
