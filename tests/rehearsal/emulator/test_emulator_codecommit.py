"""CodeCommit over git on this machine, and the way from a push to a pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import connect
from tests.rehearsal.emulator.conformance import conforming, refusal
from tests.rehearsal.emulator.repositories import git
from tests.rehearsal.emulator.stacks import Stack


@pytest.fixture
def repository(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[str]:
    """A CodeCommit repository for one test."""
    name = request.node.name.split("[")[0][:90]
    emulator.client("codecommit").create_repository(repositoryName=name, repositoryDescription="for a test")
    yield name
    emulator.client("codecommit").delete_repository(repositoryName=name)


def test_a_repository_is_told_as_on_aws(emulator: Emulator, repository: str) -> None:
    client = conforming(emulator.client("codecommit"))
    metadata = client.get_repository(repositoryName=repository)["repositoryMetadata"]
    assert metadata["Arn"] == f"arn:aws:codecommit:us-east-1:123456789012:{repository}"
    assert metadata["cloneUrlHttp"] == f"https://git-codecommit.us-east-1.amazonaws.com/v1/repos/{repository}"
    assert metadata["cloneUrlSsh"] == f"ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/{repository}"
    assert metadata["repositoryDescription"] == "for a test"
    assert "defaultBranch" not in metadata
    listed = client.list_repositories()["repositories"]
    assert {"repositoryName": repository, "repositoryId": metadata["repositoryId"]} in listed
    batch = client.batch_get_repositories(repositoryNames=[repository, "absent"])
    assert batch["repositories"] == [metadata]
    assert batch["repositoriesNotFound"] == ["absent"]
    assert client.list_branches(repositoryName=repository)["branches"] == []


def test_a_push_brings_branch_and_commit(emulator: Emulator, repository: str, work: Path) -> None:
    client = conforming(emulator.client("codecommit"))
    pushed = emulator.push(repository, work, "work", "main").commit
    assert pushed == git(work, "rev-parse", "HEAD")
    branch = client.get_branch(repositoryName=repository, branchName="main")["branch"]
    assert branch == {"branchName": "main", "commitId": pushed}
    commit = client.get_commit(repositoryName=repository, commitId=pushed)["commit"]
    assert commit["message"] == "first\n\nwith a body\n"
    assert commit["author"] == {"name": "Ada", "email": "ada@example.com", "date": "1700000000 +0100"}
    assert commit["parents"] == []
    assert commit["treeId"] == git(work, "rev-parse", "HEAD^{tree}")
    assert client.get_repository(repositoryName=repository)["repositoryMetadata"]["defaultBranch"] == "main"


def test_the_default_branch_can_be_changed(emulator: Emulator, repository: str, work: Path) -> None:
    client = conforming(emulator.client("codecommit"))
    for branch in ("main", "next"):
        emulator.push(repository, work, "HEAD", branch)
    client.update_default_branch(repositoryName=repository, defaultBranchName="next")
    assert client.get_repository(repositoryName=repository)["repositoryMetadata"]["defaultBranch"] == "next"
    clone = work / "clone"
    git(work, "clone", "--quiet", str(emulator.repository(repository)), str(clone))
    assert git(clone, "branch", "--show-current") == "next"


def test_tags_are_kept(emulator: Emulator, repository: str) -> None:
    client = conforming(emulator.client("codecommit"))
    arn = f"arn:aws:codecommit:us-east-1:123456789012:{repository}"
    client.tag_resource(resourceArn=arn, tags={"team": "a", "cost": "b"})
    client.untag_resource(resourceArn=arn, tagKeys=["cost"])
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == {"team": "a"}


@pytest.mark.parametrize(
    ("operation", "request_", "code"),
    [
        ("GetRepository", {"repositoryName": "absent"}, "RepositoryDoesNotExistException"),
        ("GetRepository", {"repositoryName": "bad name"}, "InvalidRepositoryNameException"),
        ("GetRepository", {"repositoryName": "x.git"}, "InvalidRepositoryNameException"),
        ("CreateRepository", {"repositoryName": "THIS"}, "RepositoryNameExistsException"),
        ("CreateRepository", {"repositoryName": "../etc"}, "InvalidRepositoryNameException"),
        ("GetBranch", {"repositoryName": "THIS", "branchName": "no"}, "BranchDoesNotExistException"),
        ("GetBranch", {"repositoryName": "THIS"}, "BranchNameRequiredException"),
        ("GetBranch", {}, "RepositoryNameRequiredException"),
        ("GetCommit", {"repositoryName": "THIS", "commitId": "HEAD"}, "InvalidCommitIdException"),
        ("GetCommit", {"repositoryName": "THIS", "commitId": "0" * 40}, "CommitIdDoesNotExistException"),
        ("ListBranches", {"repositoryName": "THIS", "nextToken": "x"}, "InvalidContinuationTokenException"),
        ("UpdateRepositoryName", {"oldName": "absent", "newName": "b"}, "RepositoryDoesNotExistException"),
    ],
)
def test_a_refusal_is_one_the_model_names(
    emulator: Emulator, repository: str, operation: str, request_: dict[str, str], code: str
) -> None:
    arguments = {name: repository if value == "THIS" else value for name, value in request_.items()}
    # Its own client: botocore's checks are switched off.
    client = connect("codecommit", emulator.endpoint, emulator.credentials, "us-east-1")
    client.meta.service_model.operation_model(operation).input_shape.required_members.clear()
    client._serializer._shape_required = {}
    assert refusal(client, operation, **arguments)[0] == code


@pytest.mark.parametrize(
    ("repository_", "revision", "message"),
    [("absent", "HEAD", "no CodeCommit repository"), ("", "nothing", "nothing names no commit")],
)
def test_a_push_that_cannot_be_is_said_in_words(
    emulator: Emulator, repository: str, work: Path, repository_: str, revision: str, message: str
) -> None:
    with pytest.raises(EmulatorError, match=message):
        emulator.push(repository_ or repository, work, revision)


def test_deleting_what_is_not_there_is_no_error(emulator: Emulator) -> None:
    assert "repositoryId" not in conforming(emulator.client("codecommit")).delete_repository(repositoryName="absent")


def test_a_stack_makes_changes_and_removes_a_repository(emulator: Emulator) -> None:
    def repository(**properties: str) -> dict[str, Any]:
        return {"It": {"Type": "AWS::CodeCommit::Repository", "Properties": properties}}

    outputs: dict[str, Any] = {
        name: {"Value": {"Fn::GetAtt": ["It", name]}} for name in ("Arn", "CloneUrlHttp", "CloneUrlSsh", "Name")
    }
    outputs["Ref"] = {"Value": {"Ref": "It"}}
    stack = Stack(emulator, repository(RepositoryName="of-a-stack"), Outputs=outputs)
    before = stack.outputs
    client = conforming(emulator.client("codecommit"))
    metadata = client.get_repository(repositoryName="of-a-stack")["repositoryMetadata"]
    assert before == {
        "Arn": metadata["Arn"],
        "CloneUrlHttp": metadata["cloneUrlHttp"],
        "CloneUrlSsh": metadata["cloneUrlSsh"],
        "Name": "of-a-stack",
        "Ref": metadata["repositoryId"],
    }
    changed = repository(RepositoryName="renamed", RepositoryDescription="new")
    assert stack.update(changed, Outputs=outputs) == "UPDATE_COMPLETE", stack.failures
    assert (stack.outputs["Ref"], stack.outputs["Name"]) == (before["Ref"], "renamed")
    assert emulator.repository("renamed").is_dir()
    assert stack.delete() == "DELETE_COMPLETE"
    assert not emulator.repository("renamed").exists()


def test_properties_that_would_silently_not_happen_are_refused(emulator: Emulator) -> None:
    properties: dict[str, Any] = {"RepositoryName": "seeded", "Code": {"S3": {"Bucket": "seeds", "Key": "k"}}}
    stack = Stack(emulator, {"It": {"Type": "AWS::CodeCommit::Repository", "Properties": properties}})
    assert "does not support the property Code" in stack.failures[0]
