"""The seam to CodeBuild: what a build action hands over, and what it gets back.

On AWS, CodePipeline and CodeBuild share these behind their public APIs; so do the two rooms here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from generator.rehearsal.assumptions import Assumption
from generator.rehearsal.codepipeline.state import CloneRight

LINES_OF_LOG = 60
"""What is shown of a build's log where it failed; all of it is in CloudWatch Logs."""


@dataclass(frozen=True, slots=True)
class BuildVariable:
    """An environment variable of one build; `type` is PLAINTEXT, PARAMETER_STORE or SECRETS_MANAGER."""

    name: str
    value: str
    type: str = "PLAINTEXT"


@dataclass(frozen=True, slots=True)
class BuildOrder:
    """A build to run for a pipeline's action.

    `sources` maps each input artifact to its zip on this machine, `primary` names the one the build starts
    in. `outputs` names the artifacts asked for: one alone is the buildspec's `artifacts`, several are its
    `secondary-artifacts`. Their zips go into `folder`. `initiator` is what CODEBUILD_INITIATOR shows, `role`
    whose rights StartBuild is judged by, `client` a CodeBuild client that calls as that role (None: the runner
    makes one). `buildspec` overrides the project's. `places` maps artifacts to the ARNs of their objects, `key` is
    the ARN of the KMS key they are encrypted with, empty for S3's own. `revisions` has the source revision of each
    artifact that a source made, `clones` what the build's role needs for those that it has to clone. `region` is where
    the project is, in the account of `role`.
    """

    project: str
    sources: Mapping[str, Path]
    primary: str
    outputs: tuple[str, ...]
    environment: tuple[BuildVariable, ...]
    folder: Path
    role: str
    initiator: str
    buildspec: str | None = None
    client: Any = None
    places: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    revisions: Mapping[str, str] = field(default_factory=dict)
    clones: Mapping[str, CloneRight] = field(default_factory=dict)
    region: str = ""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How a build ended: AWS's status (SUCCEEDED, FAILED, FAULT, TIMED_OUT, STOPPED) and what it made.

    `phase` names the phase that failed and `message` says how; `log` is the log or its last lines, oldest first.
    `assumptions` are those on which its status depends.
    """

    status: str
    variables: Mapping[str, str] = field(default_factory=dict)
    artifacts: Mapping[str, Path] = field(default_factory=dict)
    log: tuple[str, ...] = ()
    phase: str = ""
    message: str = ""
    assumptions: tuple[Assumption, ...] = ()


class Build(Protocol):
    """A build that was started."""

    @property
    def id(self) -> str:
        """AWS's build id, "project:uuid"."""

    @property
    def url(self) -> str:
        """Where its log can be read, or nothing."""

    def result(self) -> BuildResult:
        """Wait for the end of the build."""


class Builds(Protocol):
    """Whoever runs builds."""

    def start(self, order: BuildOrder) -> Build:
        """Start a build. Raises botocore's ClientError as StartBuild does, for a project that is not there."""
