"""AWS::IAM::*: roles and policies.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_IAM.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html (what a boundary's condition sees)
"""

from __future__ import annotations

from generator.rehearsal.iam.cloudformation_calls.calls import Call, Kind, Named, tags

_ROLE = "arn:{partition}:iam::{account}:role{Path|path}{id}"
_POLICY = "arn:{partition}:iam::{account}:policy{Path|path}{id|last}"
_EACH = "arn:{partition}:iam::{account}:role/{each|last}"
_BOUNDARY = {"iam:PermissionsBoundary": "{PermissionsBoundary}"}
_ATTACHED = {**_BOUNDARY, "iam:PolicyARN": "{each}"}

ROLE = Kind(
    "AWS::IAM::Role",
    _ROLE,
    Named("RoleName"),
    create=(Call("iam:CreateRole", keys=_BOUNDARY),),
    both=(
        Call("iam:PutRolePolicy", when=("Policies",), keys=_BOUNDARY),
        Call("iam:AttachRolePolicy", when=("ManagedPolicyArns",), each="ManagedPolicyArns", keys=_ATTACHED),
        *tags("iam:TagRole", "iam:UntagRole"),
    ),
    read=(Call("iam:GetRole"),),
    update=(
        Call("iam:UpdateAssumeRolePolicy", when=("AssumeRolePolicyDocument",)),
        Call("iam:UpdateRole", when=("Description", "MaxSessionDuration")),
        Call("iam:PutRolePermissionsBoundary", when=("PermissionsBoundary",), keys=_BOUNDARY),
        Call("iam:DeleteRolePermissionsBoundary", lost=("PermissionsBoundary",)),
        Call("iam:DeleteRolePolicy", lost=("Policies",), keys=_BOUNDARY),
        Call("iam:DetachRolePolicy", lost=("ManagedPolicyArns",), each="ManagedPolicyArns|lost", keys=_ATTACHED),
    ),
    # A role goes only when nothing hangs on it: CloudFormation takes off what it has put on.
    delete=(
        Call("iam:DetachRolePolicy", when=("ManagedPolicyArns",), each="ManagedPolicyArns", keys=_ATTACHED),
        Call("iam:DeleteRolePolicy", when=("Policies",), keys=_BOUNDARY),
        Call("iam:DeleteRole"),
    ),
)
POLICY = Kind(
    "AWS::IAM::Policy",
    _EACH,
    Named("PolicyName"),
    both=(Call("iam:PutRolePolicy", when=("Roles", "PolicyDocument", "PolicyName"), each="Roles"),),
    update=(
        Call("iam:DeleteRolePolicy", lost=("Roles",), each="Roles|lost"),
        Call("iam:DeleteRolePolicy", lost=("PolicyName",), each="Roles"),
    ),
    delete=(Call("iam:DeleteRolePolicy", each="Roles"),),
)
ROLE_POLICY = Kind(
    "AWS::IAM::RolePolicy",
    "arn:{partition}:iam::{account}:role/{RoleName}",
    Named("PolicyName"),
    create=(Call("iam:PutRolePolicy"),),
    read=(Call("iam:GetRolePolicy"),),
    update=(Call("iam:PutRolePolicy"),),
    delete=(Call("iam:DeleteRolePolicy"),),
)
MANAGED_POLICY = Kind(
    "AWS::IAM::ManagedPolicy",
    _POLICY,
    Named("ManagedPolicyName"),
    create=(Call("iam:CreatePolicy"),),
    both=(
        Call("iam:AttachRolePolicy", _EACH, when=("Roles",), each="Roles", keys={"iam:PolicyARN": _POLICY}),
        *tags("iam:TagPolicy", "iam:UntagPolicy"),
    ),
    read=(Call("iam:GetPolicy"),),
    update=(
        Call("iam:CreatePolicyVersion", when=("PolicyDocument",)),
        # A policy has at most five versions: CloudFormation makes room for the next.
        Call("iam:ListPolicyVersions", when=("PolicyDocument",)),
        Call("iam:DeletePolicyVersion", when=("PolicyDocument",)),
        Call("iam:DetachRolePolicy", _EACH, lost=("Roles",), each="Roles|lost", keys={"iam:PolicyARN": _POLICY}),
    ),
    delete=(
        Call("iam:DetachRolePolicy", _EACH, when=("Roles",), each="Roles", keys={"iam:PolicyARN": _POLICY}),
        Call("iam:ListPolicyVersions"),
        Call("iam:DeletePolicy"),
    ),
)

KINDS = (ROLE, POLICY, ROLE_POLICY, MANAGED_POLICY)
