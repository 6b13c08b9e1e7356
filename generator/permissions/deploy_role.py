"""The deploy role's statements: what CloudFormation needs to create, update, delete and roll back an application.

The rights of the baseline come from AWS's own lists (`data/baseline.json`, made by `extraction`).
"""

from __future__ import annotations

import json
from pathlib import Path

from generator.model import PACKAGED_PREFIX
from generator.permissions.scopes import ARN, HERE, STACK
from generator.rights import TRANSFORMS, Statement

DATA = Path(__file__).parent / "data"


def statements() -> tuple[Statement, ...]:
    """What every deploy role may do with the resources of its own stack, and what none may ever do."""
    return (*baseline(), *_read(), _never())


def baseline() -> tuple[Statement, ...]:
    """The rights of every type of the baseline."""
    read = json.loads((DATA / "baseline.json").read_text(encoding="utf-8"))
    return tuple(
        Statement(one["sid"], tuple(one["actions"]), tuple(one["resources"]), one["condition"])
        for one in read["statements"]
    )


def covers() -> str:
    """What the baseline covers, as `coverage.pattern` writes it."""
    written: str = json.loads((DATA / "baseline.json").read_text(encoding="utf-8"))["covers"]
    return written


def _read() -> tuple[Statement, ...]:
    secrets = tuple(f"{ARN}secretsmanager{HERE}secret:{name}" for name in (f"{STACK}-*", f"{STACK}/*"))
    parameters = tuple(f"{ARN}ssm{HERE}parameter/{name}" for name in (f"{STACK}-*", f"{STACK}/*"))
    # AWS's own parameters, such as the ids of images, belong to no account.
    public = f"{ARN}ssm:${{AWS::Region}}::parameter/aws/service/*"
    return (
        Statement(
            "ReadCode", ("s3:GetObject", "s3:GetObjectVersion"), (f"${{ArtifactBucket.Arn}}/{PACKAGED_PREFIX}/*",)
        ),
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
        Statement(
            "References", ("secretsmanager:GetSecretValue", "ssm:GetParameters"), (*secrets, *parameters, public)
        ),
        Statement("Transform", ("cloudformation:CreateChangeSet",), TRANSFORMS),
    )


def _never() -> Statement:
    # Who could tag these roles, change their policies or this stack would write his own permissions.
    roles = tuple(f"{ARN}iam::${{AWS::AccountId}}:{kind}/${{AWS::StackName}}-*" for kind in ("policy", "role"))
    stack = f"{ARN}cloudformation{HERE}stack/${{AWS::StackName}}/*"
    return Statement("NeverThisPipeline", ("cloudformation:*", "iam:*"), (stack, *roles), effect="Deny")
