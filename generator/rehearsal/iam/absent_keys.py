"""Condition keys that a request does not carry here: whether AWS would not send them either.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping

from generator.aws_rules.iam import condition_keys
from generator.rehearsal.iam.question import Value

GLOBAL = (
    "aws:CurrentTime",
    "aws:EpochTime",
    "aws:FederatedProvider",
    "aws:MultiFactorAuthAge",
    "aws:MultiFactorAuthPresent",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalIsAWSService",
    "aws:PrincipalTag/*",
    "aws:PrincipalType",
    "aws:RequestTag/*",
    "aws:RequestedRegion",
    "aws:ResourceAccount",
    "aws:ResourceTag/*",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceOwner",
    "aws:TagKeys",
    "aws:TokenIssueTime",
    "aws:userid",
    "aws:username",
)
"""The keys of every service that a question carries where AWS does: one that is not there would not be there either.

Not those of an organisation, of the network a call comes from, and of the program that makes it.
"""


def is_absent(action: str, key: str, context: Mapping[str, Value | None]) -> bool:
    """Whether AWS would not send a key that `context` has no value for, for this action.

    A key (or a pattern of keys) without a value there has been looked for; any other key of a service is absent only
    where AWS documents that the action does not take it.
    """
    name = key.lower()
    absent = (pattern for pattern, value in context.items() if value is None)
    if any(fnmatch.fnmatchcase(name, pattern.lower()) for pattern in absent):
        return True
    if name.startswith("aws:"):
        return any(fnmatch.fnmatchcase(name, pattern.lower()) for pattern in GLOBAL)
    return condition_keys.takes(action, key) is False
