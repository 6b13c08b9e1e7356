"""CodeCommit over git on this machine, and the way from a push to a pipeline."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.events import SESSION
from generator.rehearsal.emulator.handle import Emulator, EmulatorError
from tests.rehearsal.emulator.conformance import conforming, refusal
from tests.rehearsal.emulator.stacks import Stack, allowing, trusting

GIT = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
for _who in ("AUTHOR", "COMMITTER"):
    GIT |= {f"GIT_{_who}_NAME": "Ada", f"GIT_{_who}_EMAIL": "ada@example.com", f"GIT_{_who}_DATE": "1700000000 +0100"}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **GIT}, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path, message: str, **files: str) -> str:
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A git working folder with one commit on a branch called work."""
    git(tmp_path, "init", "--quiet", "--initial-branch=work")
    commit(tmp_path, "first\n\nwith a body", app="1")
    return tmp_path


@pytest.fixture
def repository(emulator: Emulator, request: pytest.FixtureRequest) -> Iterator[str]:
    """A CodeCommit repository for one test."""
    name = request.node.name.split("[")[0][:90]
    emulator.client("codecommit").create_repository(repositoryName=name, repositoryDescription="for a test")
    yield name
    emulator.client("codecommit").delete_repository(repositoryName=name)


def eventually(found: Callable[[], Any], seconds: float = 8) -> Any:
    deadline = time.monotonic() + seconds
    while not (value := found()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return value


def test_a_repository_is_told_as_on_aws(emulator: Emulator, repository: str) -> None:
    client = conforming(emulator.client("codecommit"))
    told = client.get_repository(repositoryName=repository)["repositoryMetadata"]
    assert told["Arn"] == f"arn:aws:codecommit:us-east-1:123456789012:{repository}"
    assert told["cloneUrlHttp"] == f"https://git-codecommit.us-east-1.amazonaws.com/v1/repos/{repository}"
    assert told["cloneUrlSsh"] == f"ssh://git-codecommit.us-east-1.amazonaws.com/v1/repos/{repository}"
    assert told["repositoryDescription"] == "for a test"
    assert "defaultBranch" not in told
    listed = client.list_repositories()["repositories"]
    assert {"repositoryName": repository, "repositoryId": told["repositoryId"]} in listed
    batch = client.batch_get_repositories(repositoryNames=[repository, "absent"])
    assert batch["repositories"] == [told]
    assert batch["repositoriesNotFound"] == ["absent"]
    assert client.list_branches(repositoryName=repository)["branches"] == []


def test_a_push_brings_branch_and_commit(emulator: Emulator, repository: str, work: Path) -> None:
    client = conforming(emulator.client("codecommit"))
    pushed = emulator.push(repository, work, "work", "main").commit
    assert pushed == git(work, "rev-parse", "HEAD")
    branch = client.get_branch(repositoryName=repository, branchName="main")["branch"]
    assert branch == {"branchName": "main", "commitId": pushed}
    told = client.get_commit(repositoryName=repository, commitId=pushed)["commit"]
    assert told["message"] == "first\n\nwith a body\n"
    assert told["author"] == {"name": "Ada", "email": "ada@example.com", "date": "1700000000 +0100"}
    assert told["parents"] == []
    assert told["treeId"] == git(work, "rev-parse", "HEAD^{tree}")
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
    given = {name: repository if value == "THIS" else value for name, value in request_.items()}
    client = emulator.client("codecommit", region="eu-north-1")  # its own client: botocore's checks are switched off
    client.meta.service_model.operation_model(operation).input_shape.required_members.clear()
    client._serializer._shape_required = {}
    assert refusal(client, operation, **given)[0] == code


@pytest.mark.parametrize(
    ("repository_", "revision", "said"),
    [("absent", "HEAD", "no CodeCommit repository"), ("", "nothing", "nothing names no commit")],
)
def test_a_push_that_cannot_be_is_said_in_words(
    emulator: Emulator, repository: str, work: Path, repository_: str, revision: str, said: str
) -> None:
    with pytest.raises(EmulatorError, match=said):
        emulator.push(repository_ or repository, work, revision)


def test_deleting_what_is_not_there_is_no_error(emulator: Emulator) -> None:
    assert "repositoryId" not in conforming(emulator.client("codecommit")).delete_repository(repositoryName="absent")


def listening(queue: str) -> dict[str, Any]:
    """A stack's resources: a repository, and a queue that gets every event of CodeCommit about it."""
    policy = allowing("sqs:SendMessage")
    policy["Statement"][0]["Principal"] = "*"
    return {
        "Repo": {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": queue}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": queue}},
        "Policy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Queue"}], "PolicyDocument": policy},
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {
                    "source": ["aws.codecommit"],
                    "detail-type": ["CodeCommit Repository State Change"],
                    "resources": [{"Fn::GetAtt": ["Repo", "Arn"]}],
                },
                "Targets": [{"Id": "q", "Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}],
            },
        },
    }


def test_pushes_put_the_events_aws_puts(emulator: Emulator, work: Path) -> None:
    stack = Stack(emulator, listening("heard"), Outputs={"Id": {"Value": {"Ref": "Repo"}}})
    assert stack.status == "CREATE_COMPLETE", stack.failures
    first = emulator.push("heard", work).commit
    second = commit(work, "second", app="2")
    git(work, "push", "--quiet", str(emulator.repository("heard")), "work:main")
    git(work, "push", "--quiet", str(emulator.repository("heard")), "work:other", "HEAD:refs/tags/v1")
    git(work, "push", "--quiet", str(emulator.repository("heard")), ":other")
    sqs = emulator.client("sqs")
    url, events = sqs.get_queue_url(QueueName="heard")["QueueUrl"], []

    def heard() -> bool:
        events.extend(sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []))
        return len(events) >= 4

    assert eventually(heard)
    told = sorted((json.loads(event["Body"]) for event in events), key=lambda event: str(event["detail"]["event"]))
    common = {
        "callerUserArn": "arn:aws:iam::123456789012:root",
        "repositoryName": "heard",
        "repositoryId": stack.outputs["Id"],
        "referenceType": "branch",
    }
    main = {**common, "referenceName": "main", "referenceFullName": "refs/heads/main"}
    other = {**common, "referenceName": "other", "referenceFullName": "refs/heads/other"}
    assert sorted((event["detail"] for event in told), key=canonical) == sorted(
        [
            {**main, "event": "referenceCreated", "commitId": first},
            {**main, "event": "referenceUpdated", "commitId": second, "oldCommitId": first},
            {**other, "event": "referenceCreated", "commitId": second},
            {**other, "event": "referenceDeleted", "oldCommitId": second},
        ],
        key=canonical,
    )
    assert {event["source"] for event in told} == {"aws.codecommit"}
    assert told[0]["resources"] == ["arn:aws:codecommit:us-east-1:123456789012:heard"]


def canonical(detail: dict[str, Any]) -> str:
    return json.dumps(detail, sort_keys=True)


def rule(target: dict[str, Any]) -> dict[str, Any]:
    policy = allowing(
        "codepipeline:StartPipelineExecution", resource="arn:aws:codepipeline:us-east-1:123456789012:allowed"
    )
    pattern: dict[str, Any] = {"source": ["aws.codecommit"], "detail": {"repositoryName": [target["Id"]]}}
    return {
        "Repo": {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": target["Id"]}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": trusting("events"),
                "Policies": [{"PolicyName": "start", "PolicyDocument": policy}],
            },
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {"EventPattern": pattern, "Targets": [target]},
        },
    }


def started(emulator: Emulator) -> list[dict[str, Any]]:
    calls = emulator.settings.service_folder("codepipeline") / "calls.jsonl"
    lines = calls.read_text().splitlines() if calls.exists() else []
    return [call for call in map(json.loads, lines) if call["operation"] == "StartPipelineExecution"]


def test_a_rule_starts_its_pipeline_as_its_role_with_its_input(recording: Emulator, work: Path) -> None:
    revisions = '{"actionName":"Get","revisionType":"COMMIT_ID","revisionValue":"<commit>"}'
    target = {
        "Id": "started",
        "Arn": "arn:aws:codepipeline:us-east-1:123456789012:allowed",
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "InputTransformer": {
            "InputPathsMap": {"commit": "$.detail.commitId"},
            "InputTemplate": f'{{"sourceRevisions":[{revisions}]}}',
        },
    }
    stack = Stack(recording, rule(target))
    assert stack.status == "CREATE_COMPLETE", stack.failures
    pushed = recording.push("started", work).commit
    [call] = eventually(lambda: started(recording))
    assert call["request"]["sourceRevisions"] == [
        {"actionName": "Get", "revisionType": "COMMIT_ID", "revisionValue": pushed}
    ]
    assert call["caller"].endswith(f"{stack.physical_id('Role')}/{SESSION}")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
            "not authorized to perform: codepipeline:StartPipelineExecution",
        ),
        ({}, "the target has no RoleArn"),
        ({"RoleArn": "arn:aws:iam::123456789012:role/absent"}, "not authorized to perform: sts:AssumeRole"),
    ],
)
def test_a_rule_whose_role_may_not_start_the_pipeline_is_noted(
    recording: Emulator, work: Path, target: dict[str, Any], said: str
) -> None:
    name = f"refused-{abs(hash(said)) % 1000}"
    arn = f"arn:aws:codepipeline:us-east-1:123456789012:{name}"
    Stack(recording, rule({"Id": name, "Arn": arn, **target}))
    recording.push(name, work)
    assert eventually(lambda: [n for n in recording.ledger()["undelivered"] if arn in n and said in n])


def test_a_repository_behind_a_connection_is_made_by_its_first_push(emulator: Emulator, work: Path) -> None:
    pushed = emulator.push_connected("acme/shop", work, "HEAD", "trunk")
    assert pushed.executions == ()
    bare = emulator.settings.service_folder("codecommit") / "connected/acme/shop.git"
    assert git(bare, "rev-parse", "trunk") == pushed.commit
    with pytest.raises(EmulatorError, match="no repository id"):
        emulator.push_connected("../../outside", work)


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
    told = client.get_repository(repositoryName="of-a-stack")["repositoryMetadata"]
    assert before == {
        "Arn": told["Arn"],
        "CloneUrlHttp": told["cloneUrlHttp"],
        "CloneUrlSsh": told["cloneUrlSsh"],
        "Name": "of-a-stack",
        "Ref": told["repositoryId"],
    }
    changed = repository(RepositoryName="renamed", RepositoryDescription="new")
    assert stack.update(changed, Outputs=outputs) == "UPDATE_COMPLETE", stack.failures
    assert (stack.outputs["Ref"], stack.outputs["Name"]) == (before["Ref"], "renamed")
    assert emulator.repository("renamed").is_dir()
    assert stack.delete() == "DELETE_COMPLETE"
    assert not emulator.repository("renamed").exists()


def test_properties_that_would_silently_not_happen_are_refused(emulator: Emulator) -> None:
    properties: dict[str, Any] = {"RepositoryName": "seeded", "Code": {"S3": {"Bucket": "b", "Key": "k"}}}
    stack = Stack(emulator, {"It": {"Type": "AWS::CodeCommit::Repository", "Properties": properties}})
    assert "does not carry out the property Code" in stack.failures[0]
