"""Which managed policies a user, a group or a role can have, in IAM's words: AWS's own, and those of the account.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generator.aws_rules.iam import managed_policies
from generator.rehearsal.emulator.ministack import iam

_ARN = re.compile(r"arn:aws[a-z-]*:iam::(?:aws|\d{12}):policy/.+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of IAM's: its code, its HTTP status, its words."""

    code: str
    status: int
    words: str

    @property
    def handler(self) -> str:
        """What CloudFormation's handlers make of the code."""
        return "NotFound" if self.code == "NoSuchEntity" else "InvalidRequest"


def refused(arn: str) -> Refusal | None:
    """Why IAM does not attach a policy; None when it does."""
    if not _ARN.fullmatch(arn):
        return Refusal("ValidationError", 400, f"ARN {arn} is not valid.")
    if managed_policies.is_managed(arn) and managed_policies.document(arn) and not managed_policies.is_attachable(arn):
        return Refusal("PolicyNotAttachable", 400, "Cannot attach a Service Role Policy to a Customer Role.")
    if not iam.has_policy(arn):
        return Refusal("NoSuchEntity", 404, f"Policy {arn} does not exist or is not attachable.")
    return None


def refused_as_boundary(arn: str) -> Refusal | None:
    """Why IAM does not take a policy for a permissions boundary; None when it does."""
    if not _ARN.fullmatch(arn):
        return Refusal("ValidationError", 400, f"Invalid ARN: {arn}")
    if not iam.has_policy(arn):
        return Refusal("NoSuchEntity", 404, f"Scope ARN: {arn} does not exist or is not attachable.")
    return None


def is_of_another_account(arn: str) -> bool:
    """Whether only the user can tell what a policy says: one of an account that the rehearsal has not made."""
    return bool(_ARN.fullmatch(arn)) and not managed_policies.is_managed(arn) and not iam.has_policy(arn)


def install() -> None:
    """Let IAM know AWS's managed policies, all of them, and refuse to attach what there is not."""
    iam.know_managed_policies(managed_policies.documents)
    iam.judge_attachments(_answer)


def _answer(arn: str) -> tuple[str, int, str] | None:
    refusal = refused(arn)
    return (refusal.code, refusal.status, refusal.words) if refusal else None
