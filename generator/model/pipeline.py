"""A whole pipeline, and how it goes through its stages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model.action import Action
from generator.model.build import Build
from generator.model.commands import TestCommands
from generator.model.condition import Condition, OnFailure
from generator.model.iam import DeployRights, Statement
from generator.model.notification import Subscription, Target
from generator.model.source import Source
from generator.model.stage import Stage
from generator.model.template import Resource
from generator.model.tests import Tests
from generator.model.text import NOTHING, Text
from generator.model.trigger import Variable

SERVICE_PATTERN = r"[a-z]([a-z0-9-]*[a-z0-9])?"
# CodePipeline keeps the first 20 characters of a pipeline's name as the folder of its artifacts; the bucket's expiry
# rule names that folder through ServiceName, and CloudFormation cannot shorten a text.
SERVICE_LENGTH = 20

Execution = Literal["SUPERSEDED", "QUEUED", "PARALLEL"]
Encryption = Literal["s3", "kms"]


class App(NamedTuple):
    """The application's template in the repository and the output that is its URL (None: it has none)."""

    template: str
    url: str | None


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
