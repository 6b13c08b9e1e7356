"""A whole pipeline, how it goes through its stages, and the pipelines of CodePipeline it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from generator.model.action import Action
from generator.model.build import Build, Machine
from generator.model.commands import CommandTests
from generator.model.condition import Condition, OnFailure
from generator.model.deployment import PIPELINE_STACK, Deployment
from generator.model.environment import Environment, is_elsewhere
from generator.model.function import Function
from generator.model.iam import DeployRights, Role, Statement
from generator.model.log import LogGroup
from generator.model.notification import Subscription, Target
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.store import Encryption, Store
from generator.model.template import Output, Resource
from generator.model.tests import Tests
from generator.model.text import NOTHING, Text, resolved
from generator.model.trigger import PullRequest, Push, Variable

SERVICE_PATTERN = r"[a-z]([a-z0-9-]*[a-z0-9])?"
# CodePipeline keeps the first 20 characters of a pipeline's name as the folder of its artifacts; the bucket's expiry
# rule names that folder through ServiceName, and CloudFormation cannot shorten a text.
SERVICE_LENGTH = 20

Execution = Literal["SUPERSEDED", "QUEUED", "PARALLEL"]

DELIVERING = "Pipeline"
"""The logical id of the pipeline that delivers; its name is that of its stack."""


def pipeline_arn(name: Text = f"${{{DELIVERING}}}") -> Text:
    """The ARN of a pipeline by its name; of the one that delivers, once it is there."""
    return f"arn:${{AWS::Partition}}:codepipeline:${{AWS::Region}}:${{AWS::AccountId}}:{name}"


def console(logical_id: str) -> Text:
    """The page of one of the stack's pipelines in the console."""
    page = f"codesuite/codepipeline/pipelines/${{{logical_id}}}/view"
    return f"https://${{AWS::Region}}.console.aws.amazon.com/{page}"


class App(NamedTuple):
    """A service's template in the repository, the output that is the application's URL (None: it has none), and what
    the build makes of the template, with `{stage}` in the name where it makes one for each stage. `service` is the
    service's word, empty for a project that is one service; `configuration` a file with tags and the like that its
    stacks are given (empty: none), called as `packaged` is.
    """

    template: str
    url: str | None
    packaged: str
    service: str = ""
    configuration: str = ""

    def packaged_for(self, stage: Stage) -> str:
        """The file of the build's artifact that a stage deploys."""
        return self.packaged.replace("{stage}", stage.word)

    @property
    def output(self) -> str:
        """The output that is the URL, as the tests know it: with its service where there are several; empty: none."""
        return ".".join(filter(None, (self.service, self.url))) if self.url else ""

    def configuration_for(self, stage: Stage) -> str:
        """The file of the build's artifact that says what a stage's stack is given."""
        return self.configuration.replace("{stage}", stage.word)


def public(apps: Sequence[App]) -> App:
    """The service whose URL is the application's; the first one where none has any."""
    return next((app for app in apps if app.url), apps[0])


class Settings(NamedTuple):
    """What all blocks of a stack share: where artifacts lie, and how long logs are kept."""

    store: Store
    log_retention_days: int

    def log_group(self, logical_id: str, name: Text, comment: str) -> LogGroup:
        """A log group with the retention of all, under the stack's own key when it has one."""
        return LogGroup(logical_id, name, comment, self.log_retention_days, self.store.own_key)


class Delivery(NamedTuple):
    """What a stage kind knows of the pipeline around its stage.

    `previous` is the stage before it, if any; `test` the action that tests this one, if it is tested;
    `describe_changes` what tells an approver of a change set, where the pipeline has an approval; `machine` what
    commits are built on.
    """

    commit: Text
    apps: tuple[App, ...]
    settings: Settings
    machine: Machine
    previous: Stage | None = None
    test: Action | None = None
    describe_changes: Function | None = None

    @property
    def app(self) -> App:
        """The application as its users know it: the service that has its URL, if any has."""
        return public(self.apps)

    def packaged(self, stage: Stage, deployment: Deployment) -> str:
        """The file of the build's artifact that a deployment deploys in a stage."""
        return self._app(deployment).packaged_for(stage)

    def configuration(self, stage: Stage, deployment: Deployment) -> str:
        """The file of the build's artifact with tags and the like of its stack; empty: none."""
        return self._app(deployment).configuration_for(stage)

    def _app(self, deployment: Deployment) -> App:
        return next(app for app in self.apps if app.service == deployment.service)


class PlannedStage(NamedTuple):
    """A pipeline stage as CodePipeline runs it.

    `stage` names the file's stage it belongs to, if any; the conditions say what may enter and what follows.
    """

    name: str
    actions: tuple[Action, ...]
    stage: str = ""
    before_entry: Condition | None = None
    on_success: Condition | None = None
    on_failure: OnFailure | None = None

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the pipeline's role needs for it."""
        actions = tuple(statement for action in self.actions for statement in action.statements)
        conditions = (condition for condition in (self.before_entry, self.on_success) if condition)
        return (*actions, *(statement for condition in conditions for statement in condition.statements))


class CodePipeline(NamedTuple):
    """One of the stack's pipelines: what starts it, its stages, and the role it runs with."""

    logical_id: str
    name: Text
    comment: str
    role: Role
    source: str
    stages: tuple[PlannedStage, ...]
    mode: Execution
    store: Store
    output: Output
    pushes: tuple[Push, ...] = ()
    pull_request: PullRequest | None = None
    variables: tuple[Variable, ...] = ()


class Pipeline(NamedTuple):
    """A whole pipeline, ready to be rendered.

    `start_tests` and `describe_changes` are the code of its functions; `permissions_boundary` is the ARN of a managed
    policy that bounds every role of the pipeline's own. `bucket` and `key` are a name and an ARN of what is there
    already for artifacts; empty: the pipeline makes its own, a key only for `encryption` kms. `test_kind` is the word
    of the kind that tests the stages; empty: none does.
    """

    service: str
    source: Source
    build: Build
    apps: tuple[App, ...]
    tests: Tests | None
    stages: tuple[Stage, ...]
    deploy_rights: tuple[DeployRights, ...]
    start_tests: str
    describe_changes: str
    plan: tuple[PlannedStage, ...] = ()
    execution: Execution = "SUPERSEDED"
    encryption: Encryption = "s3"
    subscriptions: tuple[Subscription, ...] = ()
    targets: tuple[Target, ...] = ()
    channels: tuple[Resource, ...] = ()
    pushes: tuple[Push, ...] = ()
    pull_request: PullRequest | None = None
    variables: tuple[Variable, ...] = ()
    test_kind: str = ""
    test_commands: CommandTests | None = None
    permissions_boundary: str = ""
    bucket: str = ""
    key: str = ""
    tags: Mapping[str, str] = NOTHING
    log_retention_days: int = 30
    artifact_expiry_days: int = 90

    @property
    def app(self) -> App:
        """The application as its users know it: the service that has its URL, if any has."""
        return public(self.apps)

    def of(self, app: App) -> Pipeline:
        """The pipeline as one of its services sees it: as if there were no others."""
        alone = (
            stage._replace(deployments=tuple(each for each in stage.deployments if each.service == app.service))
            for stage in self.stages
        )
        return self._replace(apps=(app,), stages=tuple(alone))

    @property
    def stack(self) -> str:
        """The name of its own stack, for the service of the file."""
        return resolved(PIPELINE_STACK, self.service)

    @property
    def environments(self) -> tuple[Environment, ...]:
        """The environments outside of its own account that stages live in, in the order of the stages."""
        every = (stage.environment for stage in self.stages if stage.environment)
        return tuple({each.word: each for each in every if is_elsewhere(each)}.values())

    @property
    def store(self) -> Store:
        """Where its artifacts and packaged code lie."""
        return Store(self.encryption, self.bucket, self.key, self.artifact_expiry_days)

    @property
    def settings(self) -> Settings:
        """What all its blocks share."""
        return Settings(self.store, self.log_retention_days)
