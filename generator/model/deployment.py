"""A deployment: a service in a stage, with its stack, the role that deploys it, and where it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.model import text
from generator.model.text import NOTHING, Text

DEPLOY_ROLE = "DeployRole"
"""What the logical id of each role that deploys ends with."""


def stack_of(*words: str) -> Text:
    """What a stack of the project is called, unless the file says another name: the project's, and these words."""
    return "-".join(("${ServiceName}", *words))


def logical_id(word: str) -> str:
    """The word of a stage or service as part of a logical id, which knows letters and digits only."""
    return "".join(part[:1].upper() + part[1:] for part in word.split("-"))


def namespace(name: str) -> str:
    """The namespace of the outputs of a deployment, by its name."""
    return f"{name}Deploy"


def waves(deployments: Sequence[Deployment]) -> tuple[tuple[Deployment, ...], ...]:
    """The deployments in the order that they need: those of one wave do not need each other.

    Raises ValueError where some need each other in a circle.
    """
    ordered: list[tuple[Deployment, ...]] = []
    waiting, deployed = list(deployments), set[str]()
    while waiting:
        wave = tuple(each for each in waiting if deployed.issuperset(each.after))
        if not wave:
            raise ValueError(f"they need each other: {', '.join(each.service for each in waiting)}")
        ordered.append(wave)
        deployed.update(each.service for each in wave)
        waiting = [each for each in waiting if each not in wave]
    return tuple(ordered)


PIPELINE_STACK = stack_of("pipeline")
"""The stack of the pipeline itself, and the name of the pipeline that delivers."""


class Deployment(NamedTuple):
    """A service in a stage.

    `name` begins the logical ids of what it has of its own. `existing_role` is the ARN of a role that is there already;
    empty: the pipeline's stack makes one. `account` and `region` are where the stack is; empty: where the pipeline is.
    `action_role` is the ARN of the role that the pipeline assumes there; empty: it uses its own.
    `parameters` are what its template is given there, as texts; `service` is the service's word, empty for a project
    that is one service. `reads` are the services whose outputs are among the parameters, `after` all that are deployed
    before it.
    """

    name: str
    stack: Text
    existing_role: Text = ""
    account: str = ""
    region: str = ""
    parameters: Mapping[str, Text] = NOTHING
    service: str = ""
    reads: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    action_role: Text = ""

    @property
    def suffix(self) -> str:
        """What the names of its actions end with: nothing where a stage has but one deployment."""
        return logical_id(self.service)

    @property
    def namespace(self) -> str:
        """The namespace of its stack's outputs."""
        return namespace(self.name)

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
