"""A deployment: a service in a stage, with its stack, the role that deploys it, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model import text
from generator.model.text import NOTHING, Text

DEPLOY_ROLE = "DeployRole"
"""What the logical id of each role that deploys ends with."""


def stack_of(word: str) -> Text:
    """What a stack of the service is called, unless the file says another name: the service's, and this word."""
    return f"${{ServiceName}}-{word}"


PIPELINE_STACK = stack_of("pipeline")
"""The stack of the pipeline itself, and the name of the pipeline that delivers."""


class Deployment(NamedTuple):
    """A service in a stage.

    `name` begins the logical ids of what it has of its own. `existing_role` is the ARN of a role that is there already;
    empty: the pipeline's stack makes one. `account` and `region` are where the stack is; empty: where the pipeline is.
    `parameters` are what its template is given there, as texts; `service` is the service's word, empty for a project
    that is one service.
    """

    name: str
    stack: Text
    existing_role: Text = ""
    account: str = ""
    region: str = ""
    parameters: Mapping[str, Text] = NOTHING
    service: str = ""

    @property
    def role_id(self) -> str:
        """The logical id of its own role."""
        return f"{self.name}{DEPLOY_ROLE}"

    @property
    def role(self) -> Text:
        """The ARN of the role that deploys it."""
        return self.existing_role or text.arn(self.role_id)

    @property
    def stack_arn(self) -> Text:
        """The ARNs of its stack: CloudFormation makes the part after the name anew for each stack of that name."""
        place = f"{self.region or '${AWS::Region}'}:{self.account or '${AWS::AccountId}'}"
        return f"arn:${{AWS::Partition}}:cloudformation:{place}:stack/{self.stack}/*"
