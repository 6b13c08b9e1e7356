"""What a pipeline is: frozen values in AWS's words, which no file format knows.

A *text* here is the text of CloudFormation's `Fn::Sub`: `${ServiceName}` and pseudo parameters are resolved when the
stack is launched, so that one template serves many services. Foreign text enters through `literal`.
`#{Source.CommitId}` inside a text is a CodePipeline variable, resolved when the action runs.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from generator.commands import Commands, Moment, TestCommands
from generator.conditions import Alarms, Condition, OnFailure, OnFailureResult, Window
from generator.machine import Machine, Secret
from generator.rights import NOTHING, DeployRights, Statement
from generator.telling import Subscription, Target
from generator.triggers import PullRequest, Push, Variable

Text = str
Json = Any

SERVICE_PATTERN = r"[a-z]([a-z0-9-]*[a-z0-9])?"
# CodePipeline keeps the first 20 characters of a pipeline's name as the folder of its artifacts; the bucket's expiry
# rule names that folder through ServiceName, and CloudFormation cannot shorten a text.
SERVICE_LENGTH = 20
STAGE_LENGTH = 20

# The stages of a pipeline file that names none, and the one that asks for an approval without being told to.
DEFAULT_STAGES = ("beta", "gamma", "prod")
GUARDED_STAGE = "prod"
# Pipeline stages and stacks of the pipeline's own.
RESERVED_STAGES = frozenset({"source", "build", "deploytests", "tests", "pipeline"})

SOURCE_ARTIFACT = "SourceArtifact"
BUILD_ARTIFACT = "BuildArtifact"
# What the build leaves in its artifact: the names of AWS's sample of 2017, so that its buildspecs work unchanged.
PACKAGED_APP = "app-output_sam.yaml"
PACKAGED_TESTS = "test-output_sam.yaml"
# Begins with a capital, which no service does: the expiry of artifacts can never match packaged code.
PACKAGED_PREFIX = "Packaged"

# Leaves room for the changes and the tests within the 1,000 characters of an approval's text.
APPROVAL_MESSAGE_LENGTH = 400

Execution = Literal["SUPERSEDED", "QUEUED", "PARALLEL"]
Encryption = Literal["s3", "kms"]


def literal(text: str) -> Text:
    """Foreign text as a text in which nothing is substituted."""
    return text.replace("${", "${!")


def resolved(text: Text, service: str) -> str:
    """What a text says for a service, as far as that is known before launch; pseudo parameters stay as they are."""
    return re.sub(r"\$\{!", "${", text.replace("${ServiceName}", service))


class Parameter(NamedTuple):
    """A parameter of the template; the console shows those of one `group` together."""

    name: str
    default: str
    group: str
    description: str
    pattern: str = ""
    constraint: str = ""
    max_length: int = 0


class Resource(NamedTuple):
    """A resource of the template in CloudFormation's own words; properties hold texts and intrinsics.

    `keep` retains it when the stack goes or replaces it, `condition` names the template's condition it depends on.
    """

    logical_id: str
    type: str
    properties: Mapping[str, Json]
    comment: str
    keep: bool = False
    condition: str = ""
    depends_on: tuple[str, ...] = ()


class Output(NamedTuple):
    """An output of the template."""

    name: str
    value: Json
    description: str


class Action(NamedTuple):
    """An action of a pipeline stage. Configuration values are texts or intrinsics; `role` is a logical id."""

    name: str
    category: str
    provider: str
    configuration: Mapping[str, Json]
    run_order: int = 1
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    namespace: str = ""
    timeout_minutes: int = 0
    owner: str = "AWS"
    version: str = "1"


class Source(NamedTuple):
    """Where commits come from.

    `commit` is the variable of the commit's id. `event_pattern` starts the pipeline through EventBridge; a connection
    needs none. `statements` are what the pipeline's role needs to read the source, `variables` what the action
    puts out.
    """

    kind: str
    action: Action
    commit: Text
    parameters: tuple[Parameter, ...]
    statements: tuple[Statement, ...]
    variables: tuple[str, ...]
    resources: tuple[Resource, ...] = ()
    outputs: tuple[Output, ...] = ()
    conditions: Mapping[str, Json] = NOTHING
    event_pattern: Mapping[str, Json] | None = None
    pushes: tuple[Push, ...] = ()
    pull_request: PullRequest | None = None


class Build(NamedTuple):
    """How a commit is built: once, on CodeBuild. `buildspec` is its text, or a path in the repository when `own`."""

    framework: str
    buildspec: str
    own: bool
    machine: Machine
    environment: Mapping[str, Text]
    secrets: tuple[Secret, ...] = ()


class App(NamedTuple):
    """The application's template in the repository and the output that is its URL (None: it has none)."""

    template: str
    url: str | None


class Tests(NamedTuple):
    """The test stack's template in the repository, its stack, the role that deploys it, and what tests: outputs."""

    template: str
    stack: Text
    functions: tuple[str, ...]
    state_machines: tuple[str, ...] = ()
    role: Text = "${TestsDeployRole.Arn}"

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs that name functions and state machines."""
        return (*self.functions, *self.state_machines)


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

    `word` is what the pipeline file says, `name` the pipeline stage; `deploy` the stage kind, `parameters` texts,
    `subset` the part of the tests that runs here (empty: all), `role` the ARN of the role that deploys it.
    """

    word: str
    name: str
    stack: Text
    deploy: str
    tested: bool
    parameters: Mapping[str, Text] = NOTHING
    approval: Approval | None = None
    subset: str = ""
    on_failure: OnFailureResult | None = None
    alarms: Alarms | None = None
    window: Window | None = None
    before: Commands | None = None
    after: Commands | None = None
    role: Text = ""

    def commands(self, moment: Moment) -> Commands | None:
        """What it runs before or after its deployment, if anything."""
        return self.before if moment == "before" else self.after

    @property
    def logical_id(self) -> str:
        """The stage's name as part of a logical id, which knows letters and digits only."""
        return "".join(part[:1].upper() + part[1:] for part in self.word.split("-"))

    @property
    def asks_apart(self) -> bool:
        """Whether its approval has a pipeline stage of its own."""
        return self.approval is not None and self.approval.separate

    @property
    def asking(self) -> str:
        """The pipeline stage in which its approval would be asked for."""
        return f"{self.name}Approval" if self.asks_apart else self.name


class Delivery(NamedTuple):
    """What a stage kind knows of the pipeline around its stage; `previous` is the stage before it, if any."""

    commit: Text
    app: App
    tests: Tests | None
    previous: Stage | None
    test_commands: TestCommands | None = None


class PlannedStage(NamedTuple):
    """A pipeline stage as CodePipeline runs it: its actions, and what the pipeline's role needs for them.

    `stage` names the file's stage it belongs to, if any; the conditions say who gets in, and what comes of the end.
    """

    name: str
    actions: tuple[Action, ...]
    statements: tuple[Statement, ...] = ()
    stage: str = ""
    before_entry: Condition | None = None
    on_success: Condition | None = None
    on_failure: OnFailure | None = None


class Pipeline(NamedTuple):
    """A whole pipeline, ready to be rendered.

    `start_tests` and `describe_changes` are the code of its functions; `permissions_boundary` is the ARN of a managed
    policy that bounds every role of the pipeline's own. `bucket` and `key` are a name and an ARN of what is there
    already for artifacts; empty: the pipeline makes its own, a key only for `encryption` kms.
    """

    service: str
    source: Source
    build: Build
    app: App
    tests: Tests | None
    stages: tuple[Stage, ...]
    plan: tuple[PlannedStage, ...]
    deploy_rights: tuple[DeployRights, ...]
    start_tests: str
    describe_changes: str
    execution: Execution = "SUPERSEDED"
    encryption: Encryption = "s3"
    subscriptions: tuple[Subscription, ...] = ()
    targets: tuple[Target, ...] = ()
    channels: tuple[Resource, ...] = ()
    variables: tuple[Variable, ...] = ()
    test_commands: TestCommands | None = None
    permissions_boundary: str = ""
    bucket: str = ""
    key: str = ""
    tags: Mapping[str, str] = NOTHING
    log_retention_days: int = 30
    artifact_expiry_days: int = 90
