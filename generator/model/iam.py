"""What a role may do: frozen values in IAM's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from generator.model.text import NOTHING

# Transforms are AWS's own, so that their ARNs carry no account. Whoever makes a change set with one needs the right to.
TRANSFORMS = tuple(
    f"arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:aws:transform/{name}"
    for name in ("Include", "LanguageExtensions", "Serverless-2016-10-31")
)

# What a deploy role's tags say: the name of its stack, as it is and as buckets are named, in small letters.
DEPLOY_ROLE_TAGS = ("bucket", "stack")


class Statement(NamedTuple):
    """One statement of an identity policy; resources are texts or CloudFormation intrinsics."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    condition: Mapping[str, Mapping[str, Any]] = NOTHING
    effect: Literal["Allow", "Deny"] = "Allow"


class DeployRole(NamedTuple):
    """The role that CloudFormation deploys one stack with; its tags carry the stack's name to the policies."""

    logical_id: str
    stack: str


class DeployRights(NamedTuple):
    """What some deploy roles may do: the same policies for all of them, each scoped to its own stack by its tags.

    `policy` begins the logical ids of the policies; `covers` are the resource types they have the rights of;
    `wide`: names that do not begin with the stack's are within reach as well; `exact`: no type is covered but those
    that templates have, or had.
    """

    policy: str
    roles: tuple[DeployRole, ...]
    statements: tuple[Statement, ...]
    covers: tuple[str, ...] = ()
    wide: bool = False
    exact: bool = False
