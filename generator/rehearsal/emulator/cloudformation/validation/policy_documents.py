"""What IAM refuses of a policy document and cfn-lint does not know, in IAM's own words.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource, Properties

_SYNTAX = "Syntax errors in policy."
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_ARN_PARTS = 6
_IDENTITY = {
    "AWS::IAM::Group": "Policies",
    "AWS::IAM::ManagedPolicy": "",
    "AWS::IAM::Policy": "",
    "AWS::IAM::Role": "Policies",
    "AWS::IAM::RolePolicy": "",
    "AWS::IAM::User": "Policies",
}


class PolicyError(ValueError):
    """Why IAM refuses a policy document."""


def refuse(resource: PlannedResource) -> None:
    """Raise PolicyError for the first thing IAM would refuse of the documents of a role, user, group or policy."""
    if resource.type not in _IDENTITY:
        return
    for document in _documents(resource.properties, _IDENTITY[resource.type]):
        _refuse_document(document, _identity)
    if "AssumeRolePolicyDocument" in resource.properties:
        _refuse_document(resource.properties["AssumeRolePolicyDocument"], _trust)


def _documents(properties: Properties, embedded: str) -> Iterator[Any]:
    if "PolicyDocument" in properties:
        yield properties["PolicyDocument"]
    for policy in properties.get(embedded) or []:
        if isinstance(policy, Mapping) and "PolicyDocument" in policy:
            yield policy["PolicyDocument"]


def _refuse_document(document: Any, rules: Any) -> None:
    for problem in _problems(document, rules):
        raise PolicyError(f"{problem} (Service: Iam, Status Code: 400, Error Code: MalformedPolicyDocument)")


def _problems(document: Any, rules: Any) -> Iterator[str]:
    statements = _statements(document)
    if not all(isinstance(statement, Mapping) for statement in statements):
        yield _SYNTAX
        return
    for statement in statements:
        yield from _actions(statement)
        yield from rules(statement)


def _statements(document: Any) -> list[Any]:
    """The statements of a document, which may be JSON's text; [None] where it has none."""
    try:
        read = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return [None]
    return _listed(read.get("Statement")) or [None] if isinstance(read, Mapping) else [None]


def _actions(statement: Mapping[str, Any]) -> Iterator[str]:
    for action in _listed(statement.get("Action", statement.get("NotAction"))):
        if action != "*" and not _ACTION.fullmatch(str(action)):
            vendor = ":" in str(action)
            yield (
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." if not vendor else _SYNTAX
            )


def _identity(statement: Mapping[str, Any]) -> Iterator[str]:
    """Resources as they are once their functions are called: Ref is the name of most resources, and not the ARN."""
    for resource in _listed(statement.get("Resource", statement.get("NotResource"))):
        text = str(resource)
        if text != "*" and not text.startswith(("arn:", "*")):
            yield f'Resource {text} must be in ARN format or "*".'
        elif text.startswith("arn:") and "*" not in text and len(text.split(":")) < _ARN_PARTS:
            yield "The policy failed legacy parsing"


def _trust(statement: Mapping[str, Any]) -> Iterator[str]:
    for action in _listed(statement.get("Action")):
        if not str(action).startswith(("sts:", "*")):
            yield "AssumeRole policy may only specify STS AssumeRole actions."


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
