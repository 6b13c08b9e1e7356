"""What IAM refuses of a policy document, in its own words.

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
_VERSIONS = ("2008-10-17", "2012-10-17")
_DOCUMENT = frozenset({"Version", "Id", "Statement"})
_STATEMENT = frozenset({
    *("Action", "Condition", "Effect", "NotAction", "NotPrincipal", "NotResource", "Principal", "Resource", "Sid"),
})  # fmt: skip
_ACTION = re.compile(r"[A-Za-z0-9-]+:[A-Za-z0-9*?]+")
_SID = re.compile(r"[A-Za-z0-9]*")
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


def refuse(wanted: PlannedResource) -> None:
    """Raise PolicyError for the first thing IAM would refuse of the documents of a role, user, group or policy."""
    if wanted.type not in _IDENTITY:
        return
    for document in _documents(wanted.properties, _IDENTITY[wanted.type]):
        _refuse_document(document, _identity)
    if "AssumeRolePolicyDocument" in wanted.properties:
        _refuse_document(wanted.properties["AssumeRolePolicyDocument"], _trust)


def _documents(properties: Properties, embedded: str) -> Iterator[Any]:
    if "PolicyDocument" in properties:
        yield properties["PolicyDocument"]
    for policy in properties.get(embedded) or []:
        if isinstance(policy, Mapping) and "PolicyDocument" in policy:
            yield policy["PolicyDocument"]


def _refuse_document(given: Any, rules: Any) -> None:
    for problem in _problems(given, rules):
        raise PolicyError(f"{problem} (Service: Iam, Status Code: 400, Error Code: MalformedPolicyDocument)")


def _problems(given: Any, rules: Any) -> Iterator[str]:
    document = _read(given)
    if not isinstance(document, dict) or document.keys() - _DOCUMENT or not document.get("Statement"):
        yield _SYNTAX
        return
    if str(document.get("Version", _VERSIONS[0])) not in _VERSIONS:
        yield "The policy must contain a valid version string"
    statements = document["Statement"]
    listed = [statements] if isinstance(statements, dict) else statements
    names = [one.get("Sid") for one in listed if isinstance(one, dict) and one.get("Sid")]
    for statement in listed:
        yield from _statement(statement)
        yield from rules(statement) if isinstance(statement, dict) else ()
    if len(set(names)) < len(names):
        yield "Statement IDs (SID) in a single policy must be unique."


def _read(given: Any) -> Any:
    try:
        return json.loads(given) if isinstance(given, str) else given
    except ValueError:
        return None


def _statement(statement: Any) -> Iterator[str]:
    if not isinstance(statement, dict) or statement.keys() - _STATEMENT:
        yield _SYNTAX
        return
    if statement.get("Effect") not in {"Allow", "Deny"} or not isinstance(statement.get("Condition", {}), dict):
        yield _SYNTAX
    if not _SID.fullmatch(str(statement.get("Sid", ""))):
        yield (
            "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression"
            " [0-9A-Za-z]*"
        )
    if len(statement.keys() & {"Action", "NotAction"}) != 1:
        yield "Policy statement must contain actions."
    for action in _listed(statement.get("Action", statement.get("NotAction"))):
        if action != "*" and not _ACTION.fullmatch(str(action)):
            vendor = ":" in str(action)
            yield (
                "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc." if not vendor else _SYNTAX
            )


def _identity(statement: Mapping[str, Any]) -> Iterator[str]:
    if statement.keys() & {"Principal", "NotPrincipal"}:
        yield "Policy document should not specify a principal."
    if len(statement.keys() & {"Resource", "NotResource"}) != 1:
        yield "Policy statement must contain resources."
    for resource in _listed(statement.get("Resource", statement.get("NotResource"))):
        text = str(resource)
        if text != "*" and not text.startswith("arn:") and not text.startswith("*"):
            yield f'Resource {text} must be in ARN format or "*".'
        elif text.startswith("arn:") and "*" not in text and len(text.split(":")) < _ARN_PARTS:
            yield "The policy failed legacy parsing"


def _trust(statement: Mapping[str, Any]) -> Iterator[str]:
    if statement.keys() & {"Resource", "NotResource"}:
        yield "Has prohibited field Resource"
    if len(statement.keys() & {"Principal", "NotPrincipal"}) != 1:
        yield "Missing required field Principal"
    for action in _listed(statement.get("Action")):
        if not str(action).startswith(("sts:", "*")):
            yield "AssumeRole policy may only specify STS AssumeRole actions."


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
