"""CodeCommit's API over bare git repositories: repositories, branches, commits, and what a push makes known.

https://docs.aws.amazon.com/codecommit/latest/APIReference/
"""

from __future__ import annotations

import re
import shutil
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from generator.rehearsal.emulator.codecommit.bare_repository import Bare, Commit, Person
from generator.rehearsal.emulator.codecommit.folders import repository_folder
from generator.rehearsal.emulator.codecommit.pushes import ZERO, hook, state_change
from generator.rehearsal.emulator.operations import Request, TableOfOperations, page
from generator.rehearsal.service import Caller, ServiceError, Surroundings
from generator.repository.git import GitError

_NAME = re.compile(r"[\w.-]{1,100}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_PAGE = 100


class CodeCommit(TableOfOperations):
    """Repositories by name. There is one region's worth of them: a name is a folder."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._repositories: dict[str, dict[str, Any]] = {}
        self._tags: dict[str, dict[str, str]] = {}
        super().__init__(
            {
                "BatchGetRepositories": self._batch_get,
                "CreateRepository": self._create,
                "DeleteRepository": self._delete,
                "GetBranch": self._get_branch,
                "GetCommit": self._get_commit,
                "GetRepository": self._get,
                "ListBranches": self._list_branches,
                "ListRepositories": self._list,
                "ListTagsForResource": self._list_tags,
                "TagResource": self._tag,
                "UntagResource": self._untag,
                "UpdateDefaultBranch": self._update_default_branch,
                "UpdateRepositoryDescription": self._update_description,
                "UpdateRepositoryName": self._update_name,
            },
            "OperationNotAllowedException",
        )

    def bare(self, name: str) -> Bare:
        """The git repository of a name."""
        return Bare(repository_folder(self._surroundings.folder, name), self._surroundings.variables)

    def folder_of(self, name: str) -> Path:
        """The git directory of a repository."""
        return repository_folder(self._surroundings.folder, name)

    def pushed(self, name: str, branch: str, before: str, caller: Caller) -> None:
        """Tell the event bus that a branch has come, moved or gone; `before` is where it was."""
        metadata = self._repository(name)
        branches = self.bare(name).branches()
        if "defaultBranch" not in metadata and branch in branches:
            self.bare(name).set_head(branch)
            metadata["defaultBranch"] = branch
        metadata["lastModifiedDate"] = datetime.now(UTC)
        detail = state_change(metadata, branch, (before, branches.get(branch, ZERO)), caller)
        self._surroundings.emit("aws.codecommit", "CodeCommit Repository State Change", detail, [metadata["Arn"]])

    def _repository(self, name: str | None) -> dict[str, Any]:
        if not name:
            raise ServiceError("RepositoryNameRequiredException", "A repository name is required.")
        if not _NAME.fullmatch(name) or name.endswith(".git"):
            raise ServiceError("InvalidRepositoryNameException", f"The repository name {name} is not valid.")
        if name not in self._repositories:
            raise ServiceError("RepositoryDoesNotExistException", f"{name} does not exist")
        return self._repositories[name]

    def _new_name(self, name: str | None) -> str:
        """A name nobody has: `_repository` refuses a wrong one before it looks for it."""
        try:
            self._repository(name)
        except ServiceError as refused:
            if refused.code == "RepositoryDoesNotExistException":
                return str(name)
            raise
        raise ServiceError("RepositoryNameExistsException", f"Repository named {name} already exists")

    def _create(self, request: Request, caller: Caller) -> dict[str, Any]:
        name = self._new_name(request.get("repositoryName"))
        bare = self.bare(name)
        bare.make()
        hook(bare.folder, self._surroundings.endpoint, self._surroundings.push_token, name)
        now = datetime.now(UTC)
        self._repositories[name] = {
            **_named(name, caller),
            "accountId": caller.account,
            "repositoryId": str(uuid.uuid4()),
            "creationDate": now,
            "lastModifiedDate": now,
            "kmsKeyId": request.get("kmsKeyId", f"arn:aws:kms:{caller.region}:{caller.account}:alias/aws/codecommit"),
        }
        if request.get("repositoryDescription"):
            self._repositories[name]["repositoryDescription"] = request["repositoryDescription"]
        self._tags[name] = dict(request.get("tags", {}))
        return {"repositoryMetadata": self._repositories[name]}

    def _delete(self, request: Request, _caller: Caller) -> dict[str, Any]:
        try:
            name = self._repository(request.get("repositoryName"))["repositoryName"]
        except ServiceError as refused:
            if refused.code == "RepositoryDoesNotExistException":
                return {}
            raise
        shutil.rmtree(self.bare(name).folder)
        return {"repositoryId": self._repositories.pop(name)["repositoryId"]}

    def _get(self, request: Request, _caller: Caller) -> dict[str, Any]:
        return {"repositoryMetadata": self._repository(request.get("repositoryName"))}

    def _batch_get(self, request: Request, _caller: Caller) -> dict[str, Any]:
        names = request["repositoryNames"]
        repositories = [self._repositories[name] for name in names if name in self._repositories]
        return {
            "repositories": repositories,
            "repositoriesNotFound": [name for name in names if name not in self._repositories],
        }

    def _list(self, request: Request, _caller: Caller) -> dict[str, Any]:
        by = "lastModifiedDate" if request.get("sortBy") == "lastModifiedDate" else "repositoryName"
        ordered = sorted(
            self._repositories.values(),
            key=lambda repository: repository[by],
            reverse=request.get("order") == "descending",
        )
        rows = [{name: repository[name] for name in ("repositoryName", "repositoryId")} for repository in ordered]
        shown, token = page(rows, request.get("nextToken"), _PAGE, _BAD_TOKEN)
        return {"repositories": shown, "nextToken": token}

    def _list_branches(self, request: Request, _caller: Caller) -> dict[str, Any]:
        name = self._repository(request.get("repositoryName"))["repositoryName"]
        shown, token = page(list(self.bare(name).branches()), request.get("nextToken"), _PAGE, _BAD_TOKEN)
        return {"branches": shown, "nextToken": token}

    def _get_branch(self, request: Request, _caller: Caller) -> dict[str, Any]:
        name = self._repository(request.get("repositoryName"))["repositoryName"]
        branch = request.get("branchName")
        if not branch:
            raise ServiceError("BranchNameRequiredException", "A branch name is required.")
        commit = self.bare(name).branches().get(branch)
        if commit is None:
            raise ServiceError("BranchDoesNotExistException", f"The branch {branch} does not exist in {name}.")
        return {"branch": {"branchName": branch, "commitId": commit}}

    def _get_commit(self, request: Request, _caller: Caller) -> dict[str, Any]:
        name = self._repository(request.get("repositoryName"))["repositoryName"]
        revision = request.get("commitId")
        if not revision:
            raise ServiceError("CommitIdRequiredException", "A commit ID is required.")
        if not _COMMIT.fullmatch(revision):
            raise ServiceError("InvalidCommitIdException", f"{revision} is not a full commit ID.")
        try:
            return {"commit": _commit_shape(self.bare(name).commit(revision))}
        except GitError as missing:
            raise ServiceError("CommitIdDoesNotExistException", f"Commit {revision} does not exist.") from missing

    def _update_default_branch(self, request: Request, caller: Caller) -> dict[str, Any]:
        branch = request.get("defaultBranchName")
        self._get_branch({"repositoryName": request.get("repositoryName"), "branchName": branch}, caller)
        self._repositories[request["repositoryName"]]["defaultBranch"] = branch
        self.bare(request["repositoryName"]).set_head(str(branch))
        return {}

    def _update_description(self, request: Request, _caller: Caller) -> dict[str, Any]:
        metadata = self._repository(request.get("repositoryName"))
        metadata["repositoryDescription"] = request.get("repositoryDescription") or None
        return {}

    def _update_name(self, request: Request, caller: Caller) -> dict[str, Any]:
        old = self._repository(request.get("oldName"))["repositoryName"]
        new = self._new_name(request.get("newName"))
        self.bare(old).folder.rename(self.bare(new).folder)
        hook(self.bare(new).folder, self._surroundings.endpoint, self._surroundings.push_token, new)
        self._repositories[new] = {**self._repositories.pop(old), **_named(new, caller)}
        self._tags[new] = self._tags.pop(old)
        return {}

    def _list_tags(self, request: Request, _caller: Caller) -> dict[str, Any]:
        return {"tags": self._tags[self._by_arn(request)]}

    def _tag(self, request: Request, _caller: Caller) -> dict[str, Any]:
        self._tags[self._by_arn(request)].update(request["tags"])
        return {}

    def _untag(self, request: Request, _caller: Caller) -> dict[str, Any]:
        tags = self._tags[self._by_arn(request)]
        for key in request["tagKeys"]:
            tags.pop(key, None)
        return {}

    def _by_arn(self, request: Request) -> str:
        if not request.get("resourceArn"):
            raise ServiceError("ResourceArnRequiredException", "A resource ARN is required.")
        return str(self._repository(request["resourceArn"].rpartition(":")[2])["repositoryName"])


_BAD_TOKEN = ServiceError("InvalidContinuationTokenException", "The continuation token is not valid.")


def _named(name: str, caller: Caller) -> dict[str, str]:
    """What of a repository's metadata follows from its name."""
    host = f"git-codecommit.{caller.region}.amazonaws.com/v1/repos/{name}"
    return {
        "repositoryName": name,
        "cloneUrlHttp": f"https://{host}",
        "cloneUrlSsh": f"ssh://{host}",
        "Arn": f"arn:aws:codecommit:{caller.region}:{caller.account}:{name}",
    }


def _commit_shape(commit: Commit) -> dict[str, Any]:
    return {
        "commitId": commit.id,
        "treeId": commit.tree,
        "parents": list(commit.parents),
        "message": commit.message,
        "author": _person(commit.author),
        "committer": _person(commit.committer),
        "additionalData": "",
    }


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "date": person.date}
