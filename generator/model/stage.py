"""Where the application is deployed and tested, and who says yes before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.model.commands import Commands, DeployCommands, Moment
from generator.model.condition import Alarms, OnFailureResult, Window
from generator.model.deployment import Deployment, logical_id, namespace, stack_of
from generator.model.environment import Environment
from generator.model.text import NOTHING, Text

STAGE_LENGTH = 20

# The stages of a pipeline file that names none, and the one that asks for an approval without being told to.
DEFAULT_STAGES = ("beta", "gamma", "prod")
GUARDED_STAGE = "prod"
# Pipeline stages and stacks of the pipeline's own.
RESERVED_STAGES = frozenset({"source", "build", "deploytests", "tests", "pipeline"})

# Leaves room for the changes and the tests within the 1,000 characters of an approval's text.
APPROVAL_MESSAGE_LENGTH = 400


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
    order, none where commands deploy it, `deploy` the stage kind, `subset` the part of the tests that runs here (empty:
    all), `environment` where it lives (None: where the pipeline is).
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
    by_commands: DeployCommands | None = None
    environment: Environment | None = None

    @property
    def deployment(self) -> Deployment:
        """The deployment of a stage that has but one. Raises ValueError where there are several."""
        (deployment,) = self.deployments
        return deployment

    @property
    def parameters(self) -> Mapping[str, Text]:
        """What the template of a stage's only deployment is given."""
        return self.deployment.parameters if self.deployments else NOTHING

    def commands(self, moment: Moment) -> Commands | None:
        """What it runs before or after its deployment, if anything."""
        return self.before if moment == "before" else self.after

    @property
    def logical_id(self) -> str:
        """The stage's name as part of a logical id, which knows letters and digits only."""
        return logical_id(self.word)

    @property
    def exported(self) -> Mapping[str, Text]:
        """The outputs of the commands that deploy it, as variables of the pipeline."""
        names = self.by_commands.outputs if self.by_commands else ()
        return {name: f"#{{{self.namespace_of('')}.{name}}}" for name in names}

    def has_output(self, name: str) -> bool:
        """Whether it has an output, as far as that is known: commands say which they export."""
        return self.by_commands is None or name in self.by_commands.outputs

    def namespace_of(self, service: str) -> str:
        """The namespace of what a service has as outputs here."""
        return namespace(self.logical_id) if self.by_commands else self.deployment_of(service).namespace

    def deployment_of(self, service: str) -> Deployment:
        """The deployment of a service, by its word."""
        return next(each for each in self.deployments if each.service == service)

    def stacks(self, *, readers: bool = False) -> Text:
        """Its stacks in a word, or in several: `shop-*-beta database api=old worker<api+database`.

        An action's configuration has little room. So the first word is the pattern of the names, behind which each
        service stands, with its stack where that is called otherwise, and for `readers` with what it reads outputs of.
        """
        if not self.deployments[0].service:
            return self.deployment.stack
        words = [stack_of("*", self.word)]
        for each in self.deployments:
            named = "" if each.stack == stack_of(each.service, self.word) else f"={each.stack}"
            reads = "<" + "+".join(each.reads) if readers and each.reads else ""
            words.append(f"{each.service}{named}{reads}")
        return " ".join(words)

    @property
    def asks_apart(self) -> bool:
        """Whether its approval has a pipeline stage of its own."""
        return self.approval is not None and self.approval.separate

    @property
    def asking(self) -> str:
        """The pipeline stage in which its approval would be asked for."""
        return f"{self.name}Approval" if self.asks_apart else self.name
