"""A CodeBuild project as BatchGetProjects tells it, with what StartBuild overrides for one build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from generator.rehearsal.codebuild.variables import Variable, of_api
from generator.rehearsal.service import ServiceError

Shape = Mapping[str, Any]

# What StartBuild overrides -> where it stands in a project.
_OVERRIDES = {
    "artifactsOverride": ("artifacts",),
    "secondaryArtifactsOverride": ("secondaryArtifacts",),
    "secondarySourcesOverride": ("secondarySources",),
    "secondarySourcesVersionOverride": ("secondarySourceVersions",),
    "sourceVersion": ("sourceVersion",),
    "sourceTypeOverride": ("source", "type"),
    "sourceLocationOverride": ("source", "location"),
    "buildspecOverride": ("source", "buildspec"),
    "environmentTypeOverride": ("environment", "type"),
    "imageOverride": ("environment", "image"),
    "computeTypeOverride": ("environment", "computeType"),
    "serviceRoleOverride": ("serviceRole",),
    "timeoutInMinutesOverride": ("timeoutInMinutes",),
    "queuedTimeoutInMinutesOverride": ("queuedTimeoutInMinutes",),
    "encryptionKeyOverride": ("encryptionKey",),
    "logsConfigOverride": ("logsConfig",),
}
_OWN = frozenset({"projectName", "environmentVariablesOverride", "idempotencyToken"})


@dataclass(frozen=True, slots=True)
class Project:
    """One project; `shape` is what the API says about it, `overrides` the variables of the one build."""

    shape: Shape
    overrides: tuple[Variable, ...] = ()

    @staticmethod
    def for_build(project: Shape, request: Shape) -> Project:
        """The project with a StartBuild's overrides.

        Raises ServiceError for an override that would change nothing here.
        """
        unknown = sorted(request.keys() - _OVERRIDES.keys() - _OWN)
        if unknown:
            words = f"not rehearsed in StartBuild: {', '.join(unknown)}"
            raise ServiceError("InvalidInputException", words)
        shape: dict[str, Any] = dict(project)
        for name, path in _OVERRIDES.items():
            if name in request:
                shape[path[0]] = request[name] if len(path) == 1 else {**shape[path[0]], path[1]: request[name]}
        return Project(shape, tuple(of_api(request.get("environmentVariablesOverride"))))

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.shape["name"])

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.shape["arn"])

    @property
    def role(self) -> str:
        """The ARN of the role the build works as; a project may name the role alone, of its own account."""
        role = str(self.shape["serviceRole"])
        return role if role.startswith("arn:") else f"arn:aws:iam::{self.arn.split(':')[4]}:role/{role}"

    @property
    def source(self) -> Shape:
        """Its primary source."""
        source: Shape = self.shape["source"]
        return source

    @property
    def secondary_sources(self) -> list[Shape]:
        """Its other sources, each with a `sourceIdentifier`."""
        return list(self.shape.get("secondarySources") or ())

    @property
    def artifacts(self) -> list[Shape]:
        """Its artifacts, the primary one first."""
        return [self.shape["artifacts"], *(self.shape.get("secondaryArtifacts") or ())]

    @property
    def environment(self) -> Shape:
        """Image, compute type and variables."""
        environment: Shape = self.shape["environment"]
        return environment

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables the project sets."""
        return tuple(of_api(self.environment.get("environmentVariables")))

    @property
    def timeout_minutes(self) -> int:
        """How long a build may take."""
        return int(self.shape.get("timeoutInMinutes") or 60)

    @property
    def on_lambda(self) -> bool:
        """Whether its builds run on Lambda compute."""
        return "LAMBDA" in str(self.environment.get("type"))

    @property
    def on_windows(self) -> bool:
        """Whether its builds run on Windows."""
        return "WINDOWS" in str(self.environment.get("type"))

    def log_group(self) -> str | None:
        """The CloudWatch log group of its builds; None when it wants no logs there."""
        config = self._cloudwatch()
        if config.get("status") == "DISABLED":
            return None
        return str(config.get("groupName") or f"/aws/codebuild/{self.name}")

    def log_stream(self, uuid: str) -> str:
        """The log stream of one build."""
        prefix = self._cloudwatch().get("streamName")
        return f"{prefix}/{uuid}" if prefix else uuid

    def _cloudwatch(self) -> Shape:
        return (self.shape.get("logsConfig") or {}).get("cloudWatchLogs") or {}
