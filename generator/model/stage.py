"""Where the application is deployed and tested, and who says yes before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.commands import Commands, Moment
from generator.model.condition import Alarms, OnFailureResult, Window
from generator.model.deployment import Deployment
from generator.model.text import Text

STAGE_LENGTH = 20

# The stages of a pipeline file that names none, and the one that asks for an approval without being told to.
DEFAULT_STAGES = ("beta", "gamma", "prod")
GUARDED_STAGE = "prod"
# Pipeline stages and stacks of the pipeline's own.
RESERVED_STAGES = frozenset({"source", "build", "deploytests", "tests", "pipeline"})

# Leaves room for the changes and the tests within the 1,000 characters of an approval's text.
APPROVAL_MESSAGE_LENGTH = 400


def logical_id(word: str) -> str:
    """A stage's word as part of a logical id, which knows letters and digits only."""
    return "".join(part[:1].upper() + part[1:] for part in word.split("-"))


class Approval(NamedTuple):
    """A person's yes before a stage changes, in the same pipeline stage or in a `separate` one.

    `topic` is an existing SNS topic's ARN; addresses get one of their own. `approvers_policy` says
    whether the stack has a policy that allows the answer.
    """

    addresses: tuple[str, ...] = ()
    topic: str = ""
    message: str = ""
    timeout_minutes: int = 0
    separate: bool = False
    approvers_policy: bool = False


class Stage(NamedTuple):
    """Where the application is deployed and tested, in order.

    `word` is what the pipeline file says, `name` the pipeline stage; `deployments` are its services in the file's
    order, `deploy` the stage kind, `subset` the part of the tests that runs here (empty: all).
    """

    word: str
    name: str
    deployments: tuple[Deployment, ...]
    deploy: str
    tested: bool
    approval: Approval | None = None
    subset: str = ""
    on_failure: OnFailureResult | None = None
    alarms: Alarms | None = None
    window: Window | None = None
    before: Commands | None = None
    after: Commands | None = None

    @property
    def deployment(self) -> Deployment:
        """The deployment of a stage that has but one. Raises ValueError where there are several."""
        (deployment,) = self.deployments
        return deployment

    @property
    def parameters(self) -> Mapping[str, Text]:
        """What the template of a stage's only deployment is given."""
        return self.deployment.parameters

    def commands(self, moment: Moment) -> Commands | None:
        """What it runs before or after its deployment, if anything."""
        return self.before if moment == "before" else self.after

    @property
    def logical_id(self) -> str:
        """The stage's name as part of a logical id, which knows letters and digits only."""
        return logical_id(self.word)

    @property
    def asks_apart(self) -> bool:
        """Whether its approval has a pipeline stage of its own."""
        return self.approval is not None and self.approval.separate

    @property
    def asking(self) -> str:
        """The pipeline stage in which its approval would be asked for."""
        return f"{self.name}Approval" if self.asks_apart else self.name
