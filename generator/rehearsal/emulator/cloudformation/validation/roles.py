"""Roles that services are given: each service looks whether it may assume its role when it is given it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from generator.rehearsal.emulator.ministack import iam
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource

_LAMBDA = "The role defined for the function cannot be assumed by Lambda. (Service: Lambda, Status Code: 400)"
_STATES = (
    "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the"
    " provided role. (Service: AWSStepFunctions; Status Code: 400; Error Code: AccessDeniedException)"
)
_SCHEDULER = (
    "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    " (Service: Scheduler, Status Code: 400)"
)
_BUILD = (
    "CodeBuild is not authorized to perform: sts:AssumeRole on service role. Please verify that: 1) The provided"
    " service role exists, 2) The role name is case-sensitive and matches exactly, and 3) The role has the necessary"
    " trust policy configured. (Service: AWSCodeBuild; Status Code: 400; Error Code: InvalidInputException)"
)
_PIPELINE = (
    "CodePipeline is not authorized to perform AssumeRole on role {role}"
    " (Service: AWSCodePipeline; Status Code: 400; Error Code: InvalidStructureException)"
)
ASSUMED: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "AWS::CodeBuild::Project": (("ServiceRole",), "codebuild.amazonaws.com", _BUILD),
    "AWS::CodePipeline::Pipeline": (("RoleArn",), "codepipeline.amazonaws.com", _PIPELINE),
    "AWS::Lambda::Function": (("Role",), "lambda.amazonaws.com", _LAMBDA),
    "AWS::Scheduler::Schedule": (("Target", "RoleArn"), "scheduler.amazonaws.com", _SCHEDULER),
    "AWS::StepFunctions::StateMachine": (("RoleArn",), "states.amazonaws.com", _STATES),
}
"""Where a type names its role, the principal that must be trusted, and what its service says when it is not."""
_ARN = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/.+")


class RoleError(ValueError):
    """Why a service does not take a role."""


def refuse(resource: PlannedResource, account: str) -> None:
    """Raise RoleError for a role of the account that is not there or does not trust the service.

    Conditions of the trust policy are judged when the role is assumed.
    """
    path, principal, refusal = ASSUMED.get(resource.type, ((), "", ""))
    role = _at(resource.properties, path)
    match = _ARN.fullmatch(role) if isinstance(role, str) else None
    if match and match[1] == account and not _trusts(_trust_policy(account, str(role)), principal):
        raise RoleError(refusal.format(role=role))


def _at(properties: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        properties = properties.get(name) if isinstance(properties, Mapping) else None
    return properties if path else None


def _trusts(document: Any, principal: str) -> bool:
    policy = json.loads(document) if isinstance(document, str) else document or {}
    statements = policy.get("Statement", [])
    return any(
        _names(statement, principal) for statement in ([statements] if isinstance(statements, dict) else statements)
    )


def _names(statement: Mapping[str, Any], principal: str) -> bool:
    named = statement.get("Principal", {})
    services = named.get("Service", []) if isinstance(named, dict) else []
    listed = [services] if isinstance(services, str) else services
    return statement.get("Effect") == "Allow" and (named == "*" or principal in listed or _regional(listed, principal))


def _regional(services: list[str], principal: str) -> bool:
    """states.eu-west-1.amazonaws.com means the service as well."""
    service, _, domain = principal.partition(".")
    return any(re.fullmatch(rf"{service}\.[a-z0-9-]+\.{re.escape(domain)}", name) for name in services)


def _trust_policy(account: str, role: str) -> Any:
    record = iam.role(account, role.rpartition("/")[2])
    return record["AssumeRolePolicyDocument"] if record else None
