"""Turns a project, what StartBuild overrides and a pipeline's order into a build that can be run."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.artifact_rights import ArtifactRights
from generator.rehearsal.codebuild.cloudwatch import LogSink, LogStream
from generator.rehearsal.codebuild.entry import Entry
from generator.rehearsal.codebuild.environment import Identity
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.job import Clocks, Host, Job
from generator.rehearsal.codebuild.pipeline import outputs_of
from generator.rehearsal.codebuild.project import Project, Shape
from generator.rehearsal.codebuild.project_sources import Origins
from generator.rehearsal.codebuild.report_rights import ReportRights
from generator.rehearsal.codebuild.runner import Build
from generator.rehearsal.codebuild.sources import ZipSource
from generator.rehearsal.codebuild.stand_ins import stand_ins
from generator.rehearsal.codebuild.uploads import identifiers, into_s3
from generator.rehearsal.codebuild.variables import Variable
from generator.rehearsal.codepipeline.builds import BuildOrder
from generator.rehearsal.service import Caller, Credentials, ServiceError, Surroundings
from generator.repository.cache.folder import cache_folder

_SHORT = 8  # characters of the build's id in its folder: paths of sockets must stay short


@dataclass(frozen=True)
class Plan:
    """The plan of one build: of a pipeline's action when there is an `order`."""

    surroundings: Surroundings
    clocks: Clocks
    project: Project
    order: BuildOrder | None
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))

    @cached_property
    def log(self) -> LogSink:
        """Where the log of the build goes."""
        group = self.project.log_group()
        stream = self.project.log_stream(self.uuid)
        return LogSink(LogStream(self.client, group, stream, self.arn) if group else None)

    @property
    def id(self) -> str:
        """The build's id."""
        return f"{self.project.name}:{self.uuid}"

    @property
    def arn(self) -> str:
        """The build's ARN."""
        return f"{self.project.arn.rpartition(':project/')[0]}:build/{self.id}"

    @property
    def _session(self) -> str:
        """The ARN of the session in which the build has its role."""
        account, name = self.project.role.split(":")[4], self.project.role.rpartition("/")[2]
        return f"arn:aws:sts::{account}:assumed-role/{name}/AWSCodeBuild-{self.uuid}"

    def client(self, service: str) -> Any:
        """A client with the build role's rights; raises PhaseFailedError where the role lets nobody in."""
        return self._as_role(partial(self.surroundings.client, service))

    def _keys(self) -> dict[str, str]:
        keys: Credentials = self._as_role(self.surroundings.credentials)
        return keys.environment()

    def _as_role(self, get: Callable[..., Any]) -> Any:
        """What `get` gives the build's role, in the session that CodeBuild would have."""
        project = self.project
        try:
            return get(role=project.role, session_name=f"AWSCodeBuild-{self.uuid}", source_arn=project.arn)
        except (ClientError, ServiceError) as error:
            words = f"CodeBuild is not authorized to perform: sts:AssumeRole on service role {project.role}: {error}"
            raise PhaseFailedError("ACCESS_DENIED", words) from error

    def build(self, number: int, caller: Caller) -> tuple[Entry, Build]:
        """The build, not yet running: the project's `number`th, started by `caller`.

        Raises ServiceError for what cannot be built here.
        """
        started = self.clocks.now()
        initiator = self.order.initiator if self.order else _who(caller)
        identity = self._identity(number, initiator, started)
        job = self._job_of(self.order, identity) if self.order else self._job(identity)
        build = Build(job, self._host(), self.log.write)
        region = self.surroundings.region
        entry = Entry(self.id, self.arn, number, self.project, initiator, identity, build, started, region)
        return entry, build

    def _identity(self, number: int, initiator: str, started: float) -> Identity:
        shape, from_pipeline = self.project.shape, self.order is not None
        return Identity(
            build_id=self.id,
            build_arn=self.arn,
            project_arn=self.project.arn,
            number=number,
            image=str(self.project.environment.get("image", "")),
            initiator=initiator,
            kms_key=str(shape.get("encryptionKey") or ""),
            log_stream=self.project.log_stream(self.uuid),
            start_time=int(started * 1000),
            resolved_source_version=self.order.revisions.get(self.order.primary, "") if self.order else "",
            source_version="" if from_pipeline else str(shape.get("sourceVersion") or ""),
            repository_url="" if from_pipeline else _repository_url(self.project.source),
        )

    def _host(self) -> Host:
        region = self.surroundings.region
        return Host(
            variables={**self.surroundings.variables, "AWS_REGION": region, "AWS_DEFAULT_REGION": region},
            keys=self._keys,
            client=self.client,
            cache=cache_folder(self.surroundings.variables),
            clocks=self.clocks,
            assumptions=self.surroundings.assumptions,
        )

    def _job_of(self, order: BuildOrder, identity: Identity) -> Job:
        """The job of a pipeline's action."""
        rights = ArtifactRights(self.surroundings, self._session, order)
        sources = {name: rights.readable(name, ZipSource(file)) for name, file in order.sources.items()}
        return Job(
            identity=identity,
            folder=self.surroundings.folder / self.uuid[:_SHORT],
            artifact_folder=order.folder,
            primary=sources.pop(order.primary),
            secondary=sources,
            buildspec=order.buildspec or self._buildspec,
            variables=self.project.variables,
            overrides=tuple(Variable(v.name, v.value, v.type) for v in order.environment),
            outputs=outputs_of(order),
            deliver=rights.deliver,
            report=self._report_rights.check,
            provision=self._provision,
            timeout_minutes=self.project.timeout_minutes,
            lambda_compute=self.project.on_lambda,
            stand_ins=tuple(stand_ins(self.project)),
        )

    def _job(self, identity: Identity) -> Job:
        """The job of a StartBuild that came from no pipeline."""
        project = self.project
        artifacts = [artifact for artifact in project.artifacts if artifact["type"] != "NO_ARTIFACTS"]
        if "CODEPIPELINE" in {project.source["type"], *(declared["type"] for declared in artifacts)}:
            words = "belongs to CodePipeline: start the pipeline, or override both"
            raise ServiceError("InvalidInputException", f"Project {project.name} {words}")
        folder = self.surroundings.folder / self.uuid[:_SHORT]
        origins = Origins(self.surroundings, self.client, folder / "download", self._session)
        return Job(
            identity=replace(identity, resolved_source_version=origins.revision(project)),
            folder=folder,
            artifact_folder=folder / "made",
            primary=origins.primary(project),
            secondary=origins.secondary(project),
            buildspec=self._buildspec,
            variables=project.variables,
            overrides=project.overrides,
            outputs=identifiers(artifacts),
            deliver=into_s3(artifacts, project.name, self.uuid, self.client),
            report=self._report_rights.check,
            provision=self._provision,
            timeout_minutes=project.timeout_minutes,
            lambda_compute=project.on_lambda,
            stand_ins=tuple(stand_ins(project)),
        )

    @property
    def _report_rights(self) -> ReportRights:
        return ReportRights(self.surroundings, self._session, self.project.arn)

    @property
    def _buildspec(self) -> str:
        return str(self.project.source.get("buildspec") or "")

    def _provision(self) -> None:
        if self.project.on_windows:
            words = "a build on Windows is not rehearsed on this machine"
            raise PhaseFailedError("CLIENT_ERROR", words, not_rehearsed=True)
        self.log.open()


def _who(caller: Caller) -> str:
    """The name CODEBUILD_INITIATOR shows for a person or a role session."""
    return (caller.arn or "root").rpartition(":")[2].removeprefix("user/")


def _repository_url(source: Shape) -> str:
    location = str(source.get("location") or "")
    return f"s3://{location}" if source["type"] == "S3" else location
