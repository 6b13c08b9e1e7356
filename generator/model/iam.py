"""What a role may do: frozen values in IAM's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from generator.model import text
from generator.model.block import Block
from generator.model.template import Output
from generator.model.text import NOTHING, Text

# Transforms are AWS's own, so that their ARNs carry no account. Whoever makes a change set with one needs the right to.
TRANSFORMS = tuple(
    f"arn:${{AWS::Partition}}:cloudformation:${{AWS::Region}}:aws:transform/{name}"
    for name in ("Include", "LanguageExtensions", "Serverless-2016-10-31")
)

# What a deploy role's tags say: the name of its stack, as it is and as buckets are named, in lower case.
DEPLOY_ROLE_TAGS = ("bucket", "stack")


class Statement(NamedTuple):
    """One statement of an identity policy; resources are texts or CloudFormation intrinsics.

    `comment` says what its Sid does not: why it is as wide as it is. IAM never sees it.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Any, ...]
    condition: Mapping[str, Mapping[str, Any]] = NOTHING
    effect: Literal["Allow", "Deny"] = "Allow"
    comment: str = ""


class DeployRole(NamedTuple):
    """The role that CloudFormation deploys one stack with; its tags carry the stack's name to the policies.

    `statements` are its own, beside the policies it shares: they hold for the names that its stack gives resources.
    `name` is what it is called where its name is fixed.
    """

    logical_id: str
    stack: str
    statements: tuple[Statement, ...] = ()
    name: Text = ""


class DeployRights(NamedTuple):
    """What some deploy roles may do: the same policies for all of them, each scoped to its own stack by its tags.

    `policy` begins the logical ids of the policies; `covers` are the resource types they have the rights of;
    `wide`: names that do not begin with the stack's are within reach as well; `exact`: no type is covered but those
    that templates have, or had. `environment` is the word of the environment whose stack makes them; empty: the
    pipeline's does.
    """

    policy: str
    roles: tuple[DeployRole, ...]
    statements: tuple[Statement, ...]
    covers: tuple[str, ...] = ()
    wide: bool = False
    exact: bool = False
    environment: str = ""


class Role(NamedTuple):
    """A role that one service may assume, or those of an `account` whom the condition lets, and what it may do there.

    `policies` are ARNs of managed policies beside its own statements, `tags` what policies know it by; `name` is what
    it is called where CloudFormation does not choose.
    """

    logical_id: str
    service: str
    statements: tuple[Statement, ...]
    comment: str
    condition: Mapping[str, Any] = NOTHING
    policies: tuple[Text, ...] = ()
    tags: Mapping[str, Text] = NOTHING
    keep: bool = False
    account: Text = ""
    name: Text = ""

    @property
    def arn(self) -> Text:
        """Its ARN."""
        return text.arn(self.logical_id)

    @property
    def parts(self) -> tuple[Block, ...]:
        """None: policies that its statements do not fit into belong to how it is written."""
        return ()


class ManagedPolicy(NamedTuple):
    """A policy for people or roles outside of the stack; whoever owns them attaches it."""

    logical_id: str
    statements: tuple[Statement, ...]
    comment: str
    output: Output

    @property
    def parts(self) -> tuple[Block, ...]:
        """None."""
        return ()
