"""The sources of a project that no pipeline feeds: S3, CodeCommit or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from generator.rehearsal.codebuild.project import Project, Shape
from generator.rehearsal.codebuild.sources import NoSource, RepositorySource, S3Source, Source
from generator.rehearsal.service import ServiceError, Surroundings


@dataclass(frozen=True, slots=True)
class Origins:
    """Finds sources. `client` makes clients with the build role's rights; downloads go into `scratch`."""

    surroundings: Surroundings
    client: Callable[[str], Any]
    scratch: Path

    def primary(self, project: Project) -> Source:
        """The project's primary source; raises ServiceError for a type that is not rehearsed."""
        return self._source(project.source, str(project.shape.get("sourceVersion") or ""))

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
            return RepositorySource(self._repository(location), version)
        raise ServiceError("InvalidInputException", f"a source of type {kind} is not rehearsed on this machine")

    def _repository(self, location: str) -> str:
        """Where git finds the repository that a CodeCommit URL names.

        Raises ServiceError when there is none.
        """
        name = location.rpartition("/v1/repos/")[2]
        try:
            answer = self.surroundings.client("codecommit").get_repository(repositoryName=name)
        except ClientError as error:
            raise ServiceError("InvalidInputException", f"{location}: {error}") from error
        return str(answer["repositoryMetadata"]["cloneUrlHttp"])
