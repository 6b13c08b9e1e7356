"""What IAM refuses of a role, a user or a group, and what of them the judge of permissions would never see.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.rehearsal.emulator import policy_attachments
from generator.rehearsal.emulator.ministack.cloudformation_resources import PlannedResource

_HOLDERS = frozenset({"AWS::IAM::Group", "AWS::IAM::Role", "AWS::IAM::User"})
_HELD = frozenset({"ManagedPolicyArns", "Policies"})
_HELD_BY = frozenset({"Groups", "PolicyDocument", "Roles", "Users"})
CARRIED: Mapping[str, frozenset[str]] = {
    "AWS::IAM::Group": _HELD | {"GroupName", "Path"},
    "AWS::IAM::InstanceProfile": frozenset({"InstanceProfileName", "Path", "Roles"}),
    "AWS::IAM::ManagedPolicy": _HELD_BY | {"Description", "ManagedPolicyName", "Path"},
    "AWS::IAM::Policy": _HELD_BY | {"PolicyName"},
    "AWS::IAM::Role": _HELD
    | {
        "AssumeRolePolicyDocument",
        "Description",
        "MaxSessionDuration",
        "Path",
        "PermissionsBoundary",
        "RoleName",
        "Tags",
    },
    "AWS::IAM::RolePolicy": frozenset({"PolicyDocument", "PolicyName", "RoleName"}),
    "AWS::IAM::User": _HELD | {"Groups", "LoginProfile", "Path", "PermissionsBoundary", "Tags", "UserName"},
}
"""The properties, by type, that the judge uses or that decide nothing."""


class PrincipalError(ValueError):
    """Why IAM refuses a principal."""


def refuse(resource: PlannedResource, unable: Callable[[str], None]) -> None:
    """Raise PrincipalError for a policy that cannot be attached; tell `unable` what cannot be judged here."""
    for name in resource.properties.keys() - CARRIED.get(resource.type, resource.properties.keys()):
        unable(f"{resource.logical_id}: {name} of {resource.type} is not judged")
    if resource.type not in _HOLDERS:
        return
    for arn, refusal in _held(resource.properties):
        if policy_attachments.is_of_another_account(arn):
            words = f"{resource.logical_id} has the policy {arn}, which no stack here creates: its rights are not known"
            unable(f"{words}; tell them with --existing policy:{arn}=FILE")
        elif refusal:
            words = f"{refusal.words} (Service: Iam, Status Code: {refusal.status})"
            raise PrincipalError(f'Resource handler returned message: "{words}" (HandlerErrorCode: {refusal.handler})')


def _held(properties: Mapping[str, Any]) -> Iterator[tuple[str, policy_attachments.Refusal | None]]:
    for arn in map(str, properties.get("ManagedPolicyArns") or ()):
        yield arn, policy_attachments.refused(arn)
    boundary = str(properties.get("PermissionsBoundary") or "")
    if boundary:
        yield boundary, policy_attachments.refused_as_boundary(boundary)
