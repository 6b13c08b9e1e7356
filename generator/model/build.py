"""How a commit is built: what CodeBuild works on, what it runs, and the secrets it fetches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from generator.model import text
from generator.model.block import Block
from generator.model.iam import Role, Statement
from generator.model.log import LogGroup
from generator.model.text import NOTHING, Text

Cache = Literal["none", "s3", "local"]

OUTPUT_BUCKET = "BUILD_OUTPUT_BUCKET"
"""The variable of a build that holds the name of the bucket for packaged code."""
OUTPUT_PREFIX = "BUILD_OUTPUT_PREFIX"
"""The variable of a build that holds the folder in it."""
AWS_IMAGE = "aws/codebuild/"
"""What the names of AWS's own images begin with."""


class Network(NamedTuple):
    """The VPC a build runs in, its subnets and security groups: their ids."""

    vpc: str
    subnets: tuple[str, ...]
    security_groups: tuple[str, ...]


class Secret(NamedTuple):
    """A variable whose value is fetched when a build starts.

    `type` and `reference` are CodeBuild's own, `key` the ARN of the KMS key it is under (empty: one of AWS's).
    """

    name: str
    type: Literal["PARAMETER_STORE", "SECRETS_MANAGER"]
    reference: str
    key: str = ""


class Machine(NamedTuple):
    """Environment type, compute type and image in CodeBuild's words, and what lies around them.

    `privileged`: a build may run a container engine.
    """

    environment_type: str
    compute_type: str
    image: str
    cache: Cache = "s3"
    network: Network | None = None
    privileged: bool = False

    @property
    def on_lambda(self) -> bool:
        """Whether it is Lambda compute, which knows no timeouts, no cache and no root."""
        return "LAMBDA" in self.environment_type

    @property
    def is_aws_image(self) -> bool:
        """Whether AWS publishes the image; any other is pulled with the rights of the build's role."""
        return self.image.startswith(AWS_IMAGE)

    @property
    def chooses_runtimes(self) -> bool:
        """Whether the image has several versions of a language, of which `runtime-versions` chooses."""
        return self.is_aws_image and not self.on_lambda


class Build(NamedTuple):
    """How a commit is built: once, on CodeBuild. `buildspec` is its text, or a path in the repository when `own`.

    `filled_in` are variables whose values the pipeline knows only when it runs, `statements` what this application's
    build needs beyond what every build does; `reuses`: what was built before of a service that has not changed is taken
    again. `images`: it makes container images, and pushes them into a repository of the pipeline's.
    """

    framework: str
    buildspec: str
    own: bool
    machine: Machine
    environment: Mapping[str, Text]
    secrets: tuple[Secret, ...] = ()
    filled_in: Mapping[str, Text] = NOTHING
    statements: tuple[Statement, ...] = ()
    reuses: bool = False
    images: bool = False


class Project(NamedTuple):
    """A CodeBuild project that works on what CodePipeline hands it.

    `buildspec` is plain text, no `Fn::Sub`'s: `${...}` in it belongs to the shell. `cache` is a place in S3, `key` the
    ARN of the key that encrypts what it writes; empty: none, and S3's own.
    """

    logical_id: str
    name: Text
    comment: str
    machine: Machine
    buildspec: str
    environment: Mapping[str, Text]
    secrets: tuple[Secret, ...]
    role: Role
    logs: LogGroup
    cache: Text = ""
    key: Text = ""

    @property
    def reference(self) -> Text:
        """What an action calls it by."""
        return text.reference(self.logical_id)

    @property
    def arn(self) -> Text:
        """Its ARN."""
        return text.arn(self.logical_id)

    @property
    def parts(self) -> tuple[Block, ...]:
        """Its role and its log."""
        return (self.role, self.logs)
