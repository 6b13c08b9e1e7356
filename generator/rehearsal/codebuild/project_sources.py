"""The sources of a project that no pipeline feeds: S3, CodeCommit or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.artifact_rights import Guarded
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.project import Project, Shape
from generator.rehearsal.codebuild.sources import NoSource, RepositorySource, S3Source, Source
from generator.rehearsal.service import ServiceError, Surroundings


@runtime_checkable
class HasRepositories(Protocol):
    """A CodeCommit whose repositories lie on this machine."""

    def folder_of(self, name: str) -> Path:
        """The git directory of a repository."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Finds sources. `client` makes clients with the build role's rights; downloads go into `scratch`.

    `principal` is the session of the build's role, which clones.
    """

    surroundings: Surroundings
    client: Callable[[str], Any]
    scratch: Path
    principal: str

    def primary(self, project: Project) -> Source:
        """The project's primary source; raises ServiceError for a type that is not rehearsed."""
        return self._source(project.source, str(project.shape.get("sourceVersion") or ""))

    def revision(self, project: Project) -> str:
        """The commit that the primary source resolves to; empty for one that is no repository here."""
        if project.source["type"] != "CODECOMMIT":
            return ""
        version = str(project.shape.get("sourceVersion") or "")
        return RepositorySource(self._repository(str(project.source["location"])), version).commit()

    def secondary(self, project: Project) -> dict[str, Source]:
        """The project's other sources by their identifiers; raises ServiceError as `primary` does."""
        entries = project.shape.get("secondarySourceVersions") or ()
        versions = {entry["sourceIdentifier"]: entry["sourceVersion"] for entry in entries}
        named = {str(shape["sourceIdentifier"]): shape for shape in project.secondary_sources}
        return {name: self._source(shape, versions.get(name, "")) for name, shape in named.items()}

    def _source(self, shape: Shape, version: str) -> Source:
        kind, location = shape["type"], str(shape.get("location") or "")
        if kind == "NO_SOURCE":
            return NoSource()
        if kind == "S3":
            return S3Source(location, version, self.scratch, self.client)
        if kind == "CODECOMMIT":
            return Guarded(RepositorySource(self._repository(location), version), lambda: self._ask_to_pull(location))
        raise ServiceError("InvalidInputException", f"a source of type {kind} is not rehearsed on this machine")

    def _repository(self, location: str) -> str:
        """The git directory of the repository that a CodeCommit URL names: git itself goes by no network here.

        Raises ServiceError when there is none.
        """
        name = location.rpartition("/v1/repos/")[2]
        try:
            self.surroundings.client("codecommit").get_repository(repositoryName=name)
        except ClientError as error:
            raise ServiceError("InvalidInputException", f"{location}: {error}") from error
        service = self.surroundings.neighbour("codecommit")
        if not isinstance(service, HasRepositories):
            raise ServiceError("InvalidInputException", f"{location}: another CodeCommit is mounted")
        return str(service.folder_of(name))

    def _ask_to_pull(self, location: str) -> None:
        """https://docs.aws.amazon.com/codebuild/latest/userguide/setting-up-service-role.html."""
        here = self.surroundings
        arn = f"arn:aws:codecommit:{here.region}:{here.account}:{location.rpartition('/v1/repos/')[2]}"
        answer = here.may(self.principal, "codecommit:GitPull", arn, behind="the build's source")
        if not answer.allowed:
            raise PhaseFailedError("CLIENT_ERROR", f"AccessDenied: {answer.why}")
