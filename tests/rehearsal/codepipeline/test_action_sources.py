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
from tests.rehearsal.codepipeline.bench import REGION, ROLE, START, source
from tests.rehearsal.codepipeline.workshop import BUCKET, KEY, Workshop, code, message, stubbed

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


def codecommit(workshop: Workshop, repository: Path, **settings: Any) -> dict[str, Any]:
    workshop.repositories.folders = {"app": repository, "acme/app": repository}
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
    workshop.clients["codecommit"] = client
    configuration = {"RepositoryName": "app", "BranchName": "main", **settings}
    return source(provider="CodeCommit", configuration=configuration)


def connected(
    workshop: Workshop, status: str, name: str = "acme/app", service: str = "codestar-connections"
) -> dict[str, Any]:
    client, stubber = stubbed(service)
    arn = CONNECTION.replace("codestar-connections", service)
    if status == "unknown":
        stubber.add_client_error("get_connection", "ResourceNotFoundException", f"[{arn}] not found", 400)
    else:
        answer = {"Connection": {"ConnectionArn": arn, "ConnectionStatus": status}}
        stubber.add_response("get_connection", answer, {"ConnectionArn": arn})
    workshop.clients[service] = client
    configuration = {"ConnectionArn": arn, "FullRepositoryId": name, "BranchName": "main"}
    return source(provider="CodeStarSourceConnection", configuration=configuration)


def test_codecommit_puts_out_the_files_of_the_branch(workshop: Workshop, repository: Path) -> None:
    outcome = workshop.start(workshop.context(codecommit(workshop, repository)))
    assert workshop.s3.files("line/code/") == {"deep/": b"", "deep/file.txt": b"two"}
    (artifact,) = outcome.artifacts
    assert (artifact.name, artifact.bucket, artifact.revision) == (
        "code",
        BUCKET,
        outcome.variables["CommitId"],
    )


def test_codecommit_tells_about_the_commit(workshop: Workshop, repository: Path) -> None:
    outcome = workshop.start(workshop.context(codecommit(workshop, repository)))
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


def test_a_commit_asked_for_takes_the_place_of_the_branchs(workshop: Workshop, repository: Path) -> None:
    older = git(repository, "rev-parse", "main~1")
    context = workshop.context(codecommit(workshop, repository), overrides={"COMMIT_ID": older})
    assert workshop.start(context).variables["CommitId"] == older
    assert workshop.s3.files("line/code/")["deep/file.txt"] == b"one"


def test_a_commit_that_is_not_there_fails(workshop: Workshop, repository: Path) -> None:
    context = workshop.context(codecommit(workshop, repository), overrides={"COMMIT_ID": "f" * 40})
    outcome = workshop.fails(context)
    assert code(outcome) == "ConfigurationError"
    assert "f" * 40 in message(outcome)


def test_a_revision_cannot_pass_for_an_option_of_git(workshop: Workshop, repository: Path) -> None:
    written = workshop.folder / "written"
    overrides = {"COMMIT_ID": f"--output={written}"}
    outcome = workshop.fails(workshop.context(codecommit(workshop, repository), overrides=overrides))
    assert code(outcome) == "ConfigurationError"
    assert not list(workshop.folder.glob("written*"))


def test_a_clone_has_the_history_and_what_a_build_needs_for_it(workshop: Workshop, repository: Path) -> None:
    declared = codecommit(workshop, repository, OutputArtifactFormat="CODEBUILD_CLONE_REF")
    [artifact] = workshop.start(workshop.context(declared)).artifacts
    assert artifact.clone
    assert artifact.clone.action == "codecommit:GitPull"
    assert artifact.clone.resource.endswith(":app")
    assert {".git/HEAD", "deep/file.txt"} <= workshop.s3.files(artifact.key).keys()


def test_a_clone_unpacks_to_what_git_made(workshop: Workshop, repository: Path, tmp_path: Path) -> None:
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
    declared = codecommit(workshop, repository, OutputArtifactFormat="CODEBUILD_CLONE_REF")
    context = workshop.context(declared)
    [artifact] = workshop.start(context).artifacts
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


def test_builds_alone_can_use_a_clone(workshop: Workshop, repository: Path) -> None:
    declared = codecommit(workshop, repository, OutputArtifactFormat="CODEBUILD_CLONE_REF")
    context = workshop.context(declared)
    [artifact] = workshop.start(context).artifacts
    reading = replace(context, inputs={artifact.name: artifact})
    with pytest.raises(ActionFailedError, match="only CodeBuild actions"):
        reading.fetch(artifact.name)
    assert reading.fetch(artifact.name, for_build=True).exists()


def test_a_repository_without_files_here_fails(workshop: Workshop, repository: Path) -> None:
    declared = codecommit(workshop, repository)
    workshop.repositories.folders = {}
    assert "app has no files" in message(workshop.fails(workshop.context(declared)))


def test_an_artifact_is_encrypted_with_the_stores_key(workshop: Workshop, repository: Path) -> None:
    workshop.start(workshop.context(codecommit(workshop, repository)))
    (put,) = workshop.s3.puts
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", KEY)


def test_without_a_key_the_accounts_own_encrypts(workshop: Workshop, repository: Path) -> None:
    workshop.key = None
    workshop.start(workshop.context(codecommit(workshop, repository)))
    (put,) = workshop.s3.puts
    assert (put["ServerSideEncryption"], put["SSEKMSKeyId"]) == ("aws:kms", "alias/aws/s3")


def test_every_call_goes_out_in_the_pipelines_role(workshop: Workshop, repository: Path) -> None:
    context = workshop.context(codecommit(workshop, repository))
    workshop.start(context)
    assert set(context.surroundings.asked) == {("codecommit", ROLE), ("s3", ROLE)}  # type: ignore[attr-defined]  # the fake's


def test_a_connection_puts_out_the_local_repository(workshop: Workshop, repository: Path) -> None:
    workshop.repositories.folders = {"acme/app": repository}
    outcome = workshop.start(workshop.context(connected(workshop, "AVAILABLE")))
    assert workshop.s3.files("line/code/")["deep/file.txt"] == b"two"
    assert outcome.variables == {
        "AuthorDate": DATE,
        "BranchName": "main",
        "CommitId": git(repository, "rev-parse", "main"),
        "CommitMessage": 'Say "two"\n\nat length',
        "ConnectionArn": CONNECTION,
        "FullRepositoryName": "acme/app",
    }


def test_a_connection_of_the_new_name_is_asked_by_it(workshop: Workshop, repository: Path) -> None:
    workshop.repositories.folders = {"acme/app": repository}
    declared = connected(workshop, "AVAILABLE", service="codeconnections")
    assert ":codeconnections:" in workshop.start(workshop.context(declared)).variables["ConnectionArn"]


@pytest.mark.parametrize("status", ["PENDING", "unknown"])
@pytest.mark.parametrize("completed", [True, False])
def test_that_a_connection_was_completed_is_an_assumption(
    workshop: Workshop, repository: Path, status: str, completed: bool
) -> None:
    workshop.repositories.folders = {"acme/app": repository}
    workshop.assumptions = {"connection-completed": "yes" if completed else "no"}
    context = workshop.context(connected(workshop, status))
    if completed:
        assert workshop.start(context).error is None
    else:
        assert message(workshop.fails(context)).endswith(f"is not available: its status is {status}.")
    (relied_on,) = [event for event in workshop.bench.events if isinstance(event, AssumptionMade)]
    assert relied_on.assumption == "connection-completed"


def test_nothing_is_assumed_of_a_connection_that_is_available(workshop: Workshop, repository: Path) -> None:
    workshop.repositories.folders = {"acme/app": repository}
    workshop.assumptions = {"connection-completed": "no"}
    workshop.start(workshop.context(connected(workshop, "AVAILABLE")))
    assert not [event for event in workshop.bench.events if isinstance(event, AssumptionMade)]


def test_a_connection_to_a_repository_nobody_stands_for_fails(workshop: Workshop) -> None:
    outcome = workshop.fails(workshop.context(connected(workshop, "AVAILABLE", "acme/other")))
    assert "acme/other" in message(outcome)


def s3_source(**settings: str) -> dict[str, Any]:
    return source(provider="S3", configuration={"S3Bucket": "in", "S3ObjectKey": "app.zip", **settings})


def test_an_object_becomes_the_artifact(workshop: Workshop) -> None:
    workshop.s3.objects["in", "app.zip"] = b"content"
    outcome = workshop.start(workshop.context(s3_source()))
    assert outcome.variables == {
        "BucketName": "in",
        "ETag": "e1",
        "ObjectKey": "app.zip",
        "VersionId": "v2",
    }
    (artifact,) = outcome.artifacts
    assert workshop.s3.objects[BUCKET, artifact.key] == b"content"
    assert outcome.revision is not None
    assert (outcome.revision.id, outcome.revision.created) == ("v2", START)


def test_a_version_of_the_object_can_be_asked_for(workshop: Workshop) -> None:
    workshop.s3.objects["in", "app.zip"] = b"content"
    context = workshop.context(s3_source(), overrides={"S3_OBJECT_VERSION_ID": "v1"})
    assert workshop.start(context).variables["VersionId"] == "v1"


def test_another_object_must_be_allowed(workshop: Workshop) -> None:
    workshop.s3.objects["in", "other.zip"] = b"other"
    overrides = {"S3_OBJECT_KEY": "other.zip"}
    outcome = workshop.fails(workshop.context(s3_source(), overrides=overrides))
    assert "AllowOverrideForS3ObjectKey" in message(outcome)


def test_another_object_that_is_allowed_is_taken(workshop: Workshop) -> None:
    workshop.s3.objects["in", "other.zip"] = b"other"
    declared = s3_source(AllowOverrideForS3ObjectKey="true")
    context = workshop.context(declared, overrides={"S3_OBJECT_KEY": "other.zip"})
    assert workshop.start(context).variables["ObjectKey"] == "other.zip"


def test_a_bucket_without_versions_fails(workshop: Workshop) -> None:
    workshop.s3.versioned = False
    outcome = workshop.fails(workshop.context(s3_source()))
    assert message(outcome) == "Versioning is not enabled for bucket in."
