"""What an action is given to do its work with, and what carries it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from generator.rehearsal.codepipeline import artifacts
from generator.rehearsal.codepipeline.action_handle import ActionHandle
from generator.rehearsal.codepipeline.builds import Builds
from generator.rehearsal.codepipeline.clock import Clock
from generator.rehearsal.codepipeline.declaration import Action, ArtifactStore
from generator.rehearsal.codepipeline.failure import ActionFailedError
from generator.rehearsal.codepipeline.lint import Errors, no_errors
from generator.rehearsal.codepipeline.repositories import Repositories
from generator.rehearsal.codepipeline.state import Artifact, CloneRight, Outcome
from generator.rehearsal.iam.question import Answer
from generator.rehearsal.service import Credentials, Surroundings


@dataclass(frozen=True)
class ActionContext:
    """One run of one action, as its provider sees it.

    `configuration` is resolved; `inputs` are the artifacts it may read; `overrides` maps AWS's
    SourceRevisionType to the revision asked for at the start; `role` is the pipeline's, and `action.role`, if
    any, of this account or another, is assumed through it; `store` is that of the action's region; `folder` is the
    action's own, and gone when it has ended.
    """

    pipeline: str
    pipeline_arn: str
    execution: str
    stage: str
    run: str
    action: Action
    configuration: Mapping[str, str]
    inputs: Mapping[str, Artifact]
    overrides: Mapping[str, str]
    role: str
    store: ArtifactStore
    folder: Path
    clock: Clock
    handle: ActionHandle
    surroundings: Surroundings
    builds: Builds
    repositories: Repositories
    lint: Errors = no_errors

    @property
    def region(self) -> str:
        """Where the action works: in the pipeline's region, unless it names another."""
        return self.action.region or self.surroundings.region

    @property
    def account(self) -> str:
        """The account of the action's role, in which it works."""
        return (self.action.role or self.role).split(":")[4]

    def client(self, service: str) -> Any:
        """A client of another service in the action's region, whose calls go out with the action's role."""
        if self.action.role in (None, self.role):
            return self.as_pipeline(service, self.region)
        return self.surroundings.connected(service, self.credentials(), self.region)

    def credentials(self) -> Credentials:
        """Keys of a session of the action's role."""
        if self.action.role in (None, self.role):
            return self.surroundings.credentials(self.role, session_name=self.run, source_arn=self.pipeline_arn)
        chained = self.as_pipeline("sts").assume_role(RoleArn=self.action.role, RoleSessionName=self.run)
        keys = chained["Credentials"]
        return Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])

    def as_pipeline(self, service: str, region: str | None = None) -> Any:
        """A client of another service, by default in the pipeline's region, whose calls go out with its role."""
        return self.surroundings.client(
            service, role=self.role, region=region, session_name=self.execution, source_arn=self.pipeline_arn
        )

    def may(self, action: str, resource: str, context: Mapping[str, str]) -> Answer:
        """What IAM says to something CodePipeline does with the action's role behind its API."""
        role = self.action.role or self.role
        principal = f"arn:aws:sts::{role.split(':')[4]}:assumed-role/{role.rpartition('/')[2]}/{self.run}"
        behind = f"action {self.action.name} of {self.pipeline}"
        return self.surroundings.may(principal, action, resource, context=context, behind=behind)

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def fetch(self, name: str, *, for_build: bool = False) -> Path:
        """The zip of an input artifact, downloaded for this action.

        Raises ActionFailedError for an artifact that only builds can read, unless this is one.
        https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html
        """
        if self.inputs[name].clone and not for_build:
            words = f"Artifact {name} has the format CODEBUILD_CLONE_REF, which only CodeBuild actions can use."
            raise ActionFailedError("ConfigurationError", words)
        file = self.folder / f"{name}.in.zip"
        if not file.exists():
            artifacts.fetch(self.client("s3"), self.inputs[name], file)
        return file

    def place(self, name: str) -> Artifact:
        """Where an output artifact will lie: a key nobody has yet."""
        return Artifact(name, self.store.bucket, artifacts.new_key(self.pipeline, name))

    def put(self, name: str, file: Path, revision: str | None = None, clone: CloneRight | None = None) -> Artifact:
        """Lay the zip of an output artifact into the artifact bucket."""
        place = self.place(name)
        artifact = Artifact(name, place.bucket, place.key, revision, clone)
        artifacts.put(self.client("s3"), self.store, artifact, file)
        return artifact


class ActionProvider(Protocol):
    """Whoever runs actions of some types; every module of `actions/` is one."""

    def start(self, context: ActionContext) -> Outcome:
        """Carry the action out and say how it ended.

        Raises ActionFailedError when it failed. A botocore ClientError that gets out fails the action with
        that error's code and text.
        """
