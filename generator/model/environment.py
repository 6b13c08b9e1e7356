"""An environment: where stages live, in an account or a region of their own, and the roles that the pipeline has there.

The roles have fixed names, so that each side can name the other's before it is there: the environment's stack is
launched first, because CodePipeline checks on creation that it may assume what its actions name.
https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.deployment import DEPLOY_ROLE, PIPELINE_STACK, Deployment, stack_of
from generator.model.text import NOTHING, Text

PIPELINE_ACCOUNT = "PipelineAccount"
"""The parameter of an environment's template that says whose pipeline it is for."""
ARTIFACT_BUCKET = f"arn:${{AWS::Partition}}:s3:::{PIPELINE_STACK}-artifactbucket-*"
"""The pipeline's bucket as another account knows it: CloudFormation chooses the end of its name."""
ARTIFACT_KEYS = f"arn:${{AWS::Partition}}:kms:${{AWS::Region}}:${{{PIPELINE_ACCOUNT}}}:key/*"
"""The pipeline's key as another account knows it, whose own policy lets these roles use it."""
ACTION_ROLE = "ActionRole"
READ_ROLE = "ReadRole"
_ACCOUNT = "${AWS::AccountId}"


def named_role(kind: str, word: str) -> Text:
    """What a role of an environment is called; the capital keeps it apart from all that begins with a stack's name."""
    return f"${{ServiceName}}-{kind}-{word}"


def role_arn(account: Text, name: Text) -> Text:
    """The ARN of a role by its name; a `*` in the name stands for all that follows."""
    return f"arn:${{AWS::Partition}}:iam::{account}:role/{name}"


class Environment(NamedTuple):
    """Where stages live: `account` is another one than the pipeline's, empty: the pipeline's own.

    `parameters` are given to every stage there, as texts; `tags` are of all in its stack, `permissions_boundary` is the
    ARN of a policy of its account that bounds the roles there.
    """

    word: str
    account: str = ""
    parameters: Mapping[str, Text] = NOTHING
    tags: Mapping[str, str] = NOTHING
    permissions_boundary: str = ""

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is outside of the pipeline's own account, and so has a stack with roles."""
        return bool(self.account)

    @property
    def stack(self) -> Text:
        """The name of its stack."""
        return stack_of("environment", self.word)

    @property
    def action_role(self) -> Text:
        """The ARN of the role that the pipeline assumes for its actions there."""
        return role_arn(self.account or _ACCOUNT, named_role(ACTION_ROLE, self.word))

    @property
    def read_role(self) -> Text:
        """The ARN of the role that the pipeline's functions assume to read outputs and change sets there."""
        return role_arn(self.account or _ACCOUNT, named_role(READ_ROLE, self.word))

    def deployed(self, deployment: Deployment) -> Deployment:
        """A deployment that is here: its roles are those of the environment's stack."""
        if not self.is_elsewhere:
            return deployment
        role = role_arn(self.account, named_role(DEPLOY_ROLE, deployment.name))
        return deployment._replace(account=self.account, existing_role=role, action_role=self.action_role)


def within(deployment: Deployment) -> Deployment:
    """A deployment as its environment's own template has it: the account is the one in which that is launched."""
    role = role_arn(_ACCOUNT, named_role(DEPLOY_ROLE, deployment.name))
    return deployment._replace(account="", existing_role=role)


def is_elsewhere(environment: Environment | None) -> bool:
    """Whether what is in this environment is outside of the pipeline's account; without one it is inside."""
    return environment is not None and environment.is_elsewhere
