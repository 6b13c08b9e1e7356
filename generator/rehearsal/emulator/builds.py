"""CodeBuild as the emulator mounts it: projects kept whole here, builds by whoever runs them.

https://docs.aws.amazon.com/codebuild/latest/APIReference/
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from generator.rehearsal.codebuild.service import CodeBuildService
from generator.rehearsal.emulator.operations import Request, TableOfOperations, page
from generator.rehearsal.service import Caller, Service, ServiceError, Surroundings

_PAGE = 100
_OF_CREATION_ONLY = frozenset({"badgeEnabled"})


class Builds:
    """One service of two parts: what is asked about projects is answered here, all else by the runner."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._projects = Projects()
        self.runner = CodeBuildService(surroundings)

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one operation."""
        part: Service = self._projects if self._projects.answers(operation) else self.runner
        return part.handle(operation, request, caller)

    def close(self) -> None:
        """Stop the builds that run."""
        self.runner.close()


class Projects(TableOfOperations):
    """Projects by account, region and name, each with every property it was made with."""

    def __init__(self) -> None:
        self._projects: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._table = {
            "BatchGetProjects": self._batch_get,
            "CreateProject": self._create,
            "DeleteProject": self._delete,
            "ListProjects": self._list,
            "UpdateProject": self._update,
        }
        super().__init__(self._table, "InvalidInputException")

    def answers(self, operation: str) -> bool:
        """Whether the operation is about projects."""
        return operation in self._table

    def _create(self, request: Request, caller: Caller) -> dict[str, Any]:
        key = (caller.account, caller.region, request["name"])
        if key in self._projects:
            raise ServiceError("ResourceAlreadyExistsException", f"Project already exists: {_arn(caller, key[2])}")
        now = datetime.now(UTC)
        self._projects[key] = {
            "timeoutInMinutes": 60,
            "queuedTimeoutInMinutes": 480,
            "cache": {"type": "NO_CACHE"},
            "encryptionKey": f"arn:aws:kms:{caller.region}:{caller.account}:alias/aws/s3",
            "projectVisibility": "PRIVATE",
            **_kept(request),
            "arn": _arn(caller, request["name"]),
            "badge": {"badgeEnabled": bool(request.get("badgeEnabled"))},
            "created": now,
            "lastModified": now,
        }
        return {"project": self._projects[key]}

    def _update(self, request: Request, caller: Caller) -> dict[str, Any]:
        key = (caller.account, caller.region, request["name"])
        if key not in self._projects:
            raise ServiceError("ResourceNotFoundException", f"Project cannot be found: {_arn(caller, key[2])}")
        self._projects[key] = {**self._projects[key], **_kept(request), "lastModified": datetime.now(UTC)}
        return {"project": self._projects[key]}

    def _delete(self, request: Request, caller: Caller) -> dict[str, Any]:
        self._projects.pop((caller.account, caller.region, request["name"]), None)
        return {}

    def _batch_get(self, request: Request, caller: Caller) -> dict[str, Any]:
        projects, missing = [], []
        for named in request["names"]:
            project = self._projects.get((caller.account, caller.region, named.rpartition(":project/")[2]))
            projects.append(project) if project else missing.append(named)
        return {"projects": projects, "projectsNotFound": missing}

    def _list(self, request: Request, caller: Caller) -> dict[str, Any]:
        mine = [item for key, item in self._projects.items() if key[:2] == (caller.account, caller.region)]
        by = {"CREATED_TIME": "created", "LAST_MODIFIED_TIME": "lastModified"}.get(request.get("sortBy", ""), "name")
        ordered = sorted(mine, key=lambda item: item[by], reverse=request.get("sortOrder") == "DESCENDING")
        refused = ServiceError("InvalidInputException", "Invalid next token")
        shown, token = page([item["name"] for item in ordered], request.get("nextToken"), _PAGE, refused)
        return {"projects": shown, "nextToken": token}


def _kept(request: Request) -> dict[str, Any]:
    return {name: value for name, value in request.items() if name not in _OF_CREATION_ONLY}


def _arn(caller: Caller, name: str) -> str:
    return f"arn:aws:codebuild:{caller.region}:{caller.account}:project/{name}"
