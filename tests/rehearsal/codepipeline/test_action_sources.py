"""The source actions: git repositories and objects become artifacts, with AWS's variables."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import ANY

from generator.execution import AssumptionMade
from generator.rehearsal.codebuild.sources import ZipSource
from generator.rehearsal.codepipeline.failure import ActionFailedError
from tests.rehearsal.codepipeline.action_runner import BUCKET, KEY, ActionRunner, code, message, stubbed
from tests.rehearsal.codepipeline.pipeline_api import REGION, ROLE, START, source

DATE = "2026-01-02T03:04:05+01:00"
CONNECTION = f"arn:aws:codestar-connections:{REGION}:123456789012:connection/1"


def git(folder: Path, *arguments: str) -> str:
    environment = {
        "PATH": "/usr/bin:/bin",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        "GIT_AUTHOR_DATE": DATE,
        "GIT_COMMITTER_DATE": DATE,
    }
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of two commits on main; the git directory."""
    folder = tmp_path / "repository"
    (folder / "deep").mkdir(parents=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    for text in ("one", "two"):
        (folder / "deep/file.txt").write_text(text)
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "--message", f'Say "{text}"\n\nat length')
    return folder / ".git"


def codecommit(runner: ActionRunner, repository: Path, **settings: Any) -> dict[str, Any]:
    runner.repositories.folders = {"app": repository, "acme/app": repository}
    client, stubber = stubbed("codecommit")
    head = git(repository, "rev-parse", "main")
    stubber.add_response(
        "get_branch",
        {"branch": {"branchName": "main", "commitId": head}},
        {"repositoryName": "app", "branchName": "main"},
    )
    person = {"name": "x", "email": "x", "date": "0 +0000"}
    commit = {"commitId": head, "treeId": "t", "parents": [], "message": "m", "author": person}
    stubber.add_response("get_commit", {"commit": commit}, {"repositoryName": "app", "commitId": ANY})
    runner.clients["codecommit"] = client
    configuration = {"RepositoryName": "app", "BranchName": "main", **settings}
    return source(provider="CodeCommit", configuration=configuration)


def connected(
    runner: ActionRunner, status: str, name: str = "acme/app", service: str = "codestar-connections"
) -> dict[str, Any]:
    client, stubber = stubbed(service)
    arn = CONNECTION.replace("codestar-connections", service)
    if status == "unknown":
        stubber.add_client_error("get_connection", "ResourceNotFoundException", f"[{arn}] not found", 400)
    else:
        answer = {"Connection": {"ConnectionArn": arn, "ConnectionStatus": status}}
        stubber.add_response("get_connection", answer, {"ConnectionArn": arn})
    runner.clients[service] = client
    configuration = {"ConnectionArn": arn, "FullRepositoryId": name, "BranchName": "main"}
    return source(provider="CodeStarSourceConnection", configuration=configuration)


def test_codecommit_puts_out_the_files_of_the_branch(runner: ActionRunner, repository: Path) -> None:
    outcome = runner.start(runner.context(codecommit(runner, repository)))
    assert runner.s3.files("line/code/") == {"deep/": b"", "deep/file.txt": b"two"}
    (artifact,) = outcome.artifacts
    assert (artifact.name, artifact.bucket, artifact.revision) == (
        "code",
        BUCKET,
        outcome.variables["CommitId"],
    )


def test_codecommit_tells_about_the_commit(runner: ActionRunner, repository: Path) -> None:
    outcome = runner.start(runner.context(codecommit(runner, repository)))
    head = git(repository, "rev-parse", "main")
    assert outcome.variables == {
        "AuthorDate": DATE,
        "BranchName": "main",
        "CommitId": head,
        "CommitMessage": 'Say "two"\n\nat length',
        "CommitterDate": DATE,
        "RepositoryName": "app",
    }
    assert outcome.revision is not None
    assert (outcome.revision.id, outcome.revision.created and outcome.revision.created.isoformat()) == (
        head,
        DATE,
    )


def test_a_commit_asked_for_takes_the_place_of_the_branchs(runner: ActionRunner, repository: Path) -> None:
    older = git(repository, "rev-parse", "main~1")
    context = runner.context(codecommit(runner, repository), overrides={"COMMIT_ID": older})
    assert runner.start(context).variables["CommitId"] == older
    assert runner.s3.files("line/code/")["deep/file.txt"] == b"one"


def test_a_commit_that_is_not_there_fails(runner: ActionRunner, repository: Path) -> None:
    context = runner.context(codecommit(runner, repository), overrides={"COMMIT_ID": "f" * 40})
    outcome = runner.fails(context)
    assert code(outcome) == "ConfigurationError"
    assert "f" * 40 in message(outcome)


def test_a_revision_cannot_pass_for_an_option_of_git(runner: ActionRunner, repository: Path) -> None:
    written = runner.folder / "written"
    overrides = {"COMMIT_ID": f"--output={written}"}
    outcome = runner.fails(runner.context(codecommit(runner, repository), overrides=overrides))
    assert code(outcome) == "ConfigurationError"
    assert not list(runner.folder.glob("written*"))


def test_a_clone_has_the_history_and_what_a_build_needs_for_it(runner: ActionRunner, repository: Path) -> None:
    declared = codecommit(runner, repository, OutputArtifactFormat="CODEBUILD_CLONE_REF")
    [artifact] = runner.start(runner.context(declared)).artifacts
    assert artifact.clone
    assert artifact.clone.action == "codecommit:GitPull"
    assert artifact.clone.resource.endswith(":app")
    assert {".git/HEAD", "deep/file.txt"} <= runner.s3.files(artifact.key).keys()


def test_a_clone_unpacks_to_what_git_made(runner: ActionRunner, repository: Path, tmp_path: Path) -> None:
    folder = repository.parent
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("deep/file.txt")
    (folder / "nowhere").symlink_to("deep/none.txt")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Link")
    git(folder, "tag", "v1")
    git(folder, "branch", "aside", "HEAD~1")
    git(folder, "gc", "--quiet")  # Refs that are packed leave folders empty.
    declared = codecommit(runner, repository, OutputArtifactFormat="CODEBUILD_CLONE_REF")
    context = runner.context(declared)
    [artifact] = runner.start(context).artifacts
    archive = replace(context, inputs={artifact.name: artifact}).fetch(artifact.name, for_build=True)
    clone = tmp_path / "clone"
    clone.mkdir()
    ZipSource(archive).place(clone)
    assert git(clone, "status", "--porcelain") == ""
    assert git(clone, "log", "--format=%s", "HEAD").splitlines() == ["Link", 'Say "two"', 'Say "one"']
    assert (clone / "link").read_text() == "two"
    assert git(clone, "describe", "--tags") == "v1"
    assert git(clone, "rev-parse", "origin/aside") == git(folder, "rev-parse", "aside")
    assert git(clone, "rev-parse", "--abbrev-ref", "HEAD") == "HEAD"
    assert git(clone, "remote", "get-url", "origin") == f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos/app"


def test_builds_alone_can_use_a_clone(runner: ActionRunner, repository: Path) -> None:
    declared = codecommit(runner, repository, OutputArtifactFormat="CODEBUILD_CLONE_REF")
    context = runner.context(declared)
    [artifact] = runner.start(context).artifacts
    reading = replace(context, inputs={artifact.name: artifact})
    with pytest.raises(ActionFailedError, match="only CodeBuild actions"):
        reading.fetch(artifact.name)
    assert reading.fetch(artifact.name, for_build=True).exists()


def test_a_repository_without_files_here_fails(runner: ActionRunner, repository: Path) -> None:
    declared = codecommit(runner, repository)
    runner.repositories.folders = {}
    assert "app has no files" in message(runner.fails(runner.context(declared)))


def test_an_artifact_is_encrypted_with_the_stores_key(runner: ActionRunner, repository: Path) -> None:
    runner.start(runner.context(codecommit(runner, repository)))
    (put,) = runner.s3.puts
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", KEY)


def test_without_a_key_the_accounts_own_encrypts(runner: ActionRunner, repository: Path) -> None:
    runner.key = None
    runner.start(runner.context(codecommit(runner, repository)))
    (put,) = runner.s3.puts
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", "alias/aws/s3")


def test_every_call_goes_out_in_the_pipelines_role(runner: ActionRunner, repository: Path) -> None:
    context = runner.context(codecommit(runner, repository))
    runner.start(context)
    assert set(context.surroundings.asked) == {("codecommit", ROLE), ("s3", ROLE)}  # type: ignore[attr-defined]  # the fake's


def test_a_connection_puts_out_the_local_repository(runner: ActionRunner, repository: Path) -> None:
    runner.repositories.folders = {"acme/app": repository}
    outcome = runner.start(runner.context(connected(runner, "AVAILABLE")))
    assert runner.s3.files("line/code/")["deep/file.txt"] == b"two"
    assert outcome.variables == {
        "AuthorDate": DATE,
        "BranchName": "main",
        "CommitId": git(repository, "rev-parse", "main"),
        "CommitMessage": 'Say "two"\n\nat length',
        "ConnectionArn": CONNECTION,
        "FullRepositoryName": "acme/app",
    }


def test_a_connection_of_the_new_name_is_asked_by_it(runner: ActionRunner, repository: Path) -> None:
    runner.repositories.folders = {"acme/app": repository}
    declared = connected(runner, "AVAILABLE", service="codeconnections")
    assert ":codeconnections:" in runner.start(runner.context(declared)).variables["ConnectionArn"]


@pytest.mark.parametrize("status", ["PENDING", "unknown"])
@pytest.mark.parametrize("completed", [True, False])
def test_that_a_connection_was_completed_is_an_assumption(
    runner: ActionRunner, repository: Path, status: str, completed: bool
) -> None:
    runner.repositories.folders = {"acme/app": repository}
    runner.assumptions = {"connection-completed": "yes" if completed else "no"}
    context = runner.context(connected(runner, status))
    if completed:
        assert runner.start(context).error is None
    else:
        assert message(runner.fails(context)).endswith(f"is not available: its status is {status}.")
    (relied_on,) = [event for event in runner.api.events if isinstance(event, AssumptionMade)]
    assert relied_on.assumption == "connection-completed"


def test_nothing_is_assumed_of_a_connection_that_is_available(runner: ActionRunner, repository: Path) -> None:
    runner.repositories.folders = {"acme/app": repository}
    runner.assumptions = {"connection-completed": "no"}
    runner.start(runner.context(connected(runner, "AVAILABLE")))
    assert not [event for event in runner.api.events if isinstance(event, AssumptionMade)]


def test_a_connection_to_a_repository_nobody_stands_for_fails(runner: ActionRunner) -> None:
    outcome = runner.fails(runner.context(connected(runner, "AVAILABLE", "acme/other")))
    assert "acme/other" in message(outcome)


def s3_source(**settings: str) -> dict[str, Any]:
    return source(provider="S3", configuration={"S3Bucket": "in", "S3ObjectKey": "app.zip", **settings})


def test_an_object_becomes_the_artifact(runner: ActionRunner) -> None:
    runner.s3.objects["in", "app.zip"] = b"content"
    outcome = runner.start(runner.context(s3_source()))
    assert outcome.variables == {
        "BucketName": "in",
        "ETag": "e1",
        "ObjectKey": "app.zip",
        "VersionId": "v2",
    }
    (artifact,) = outcome.artifacts
    assert runner.s3.objects[BUCKET, artifact.key] == b"content"
    assert outcome.revision is not None
    assert (outcome.revision.id, outcome.revision.created) == ("v2", START)


def test_a_version_of_the_object_can_be_asked_for(runner: ActionRunner) -> None:
    runner.s3.objects["in", "app.zip"] = b"content"
    context = runner.context(s3_source(), overrides={"S3_OBJECT_VERSION_ID": "v1"})
    assert runner.start(context).variables["VersionId"] == "v1"


def test_another_object_must_be_allowed(runner: ActionRunner) -> None:
    runner.s3.objects["in", "other.zip"] = b"other"
    overrides = {"S3_OBJECT_KEY": "other.zip"}
    outcome = runner.fails(runner.context(s3_source(), overrides=overrides))
    assert "AllowOverrideForS3ObjectKey" in message(outcome)


def test_another_object_that_is_allowed_is_taken(runner: ActionRunner) -> None:
    runner.s3.objects["in", "other.zip"] = b"other"
    declared = s3_source(AllowOverrideForS3ObjectKey="true")
    context = runner.context(declared, overrides={"S3_OBJECT_KEY": "other.zip"})
    assert runner.start(context).variables["ObjectKey"] == "other.zip"


def test_a_bucket_without_versions_fails(runner: ActionRunner) -> None:
    runner.s3.versioned = False
    outcome = runner.fails(runner.context(s3_source()))
    assert message(outcome) == "Versioning is not enabled for bucket in."
