"""Where load is made: an emulator with pipelines of two actions, a source and a build, as many as are wanted."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.rehearsal.emulator.handle import Emulator

BUCKET = "load-artifacts"
PROJECT = "load-build"
OVER = frozenset({"Succeeded", "Failed", "Stopped", "Superseded", "Cancelled"})
PATIENCE = 1800.0  # seconds until what is not over counts as lost
_GIT = ("git", "-c", "user.name=Benchmark", "-c", "user.email=benchmark@localhost")
_POLL = 0.1
_ALL = json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


class LostError(Exception):
    """Something that went in did not come out, or something stayed behind."""


class Yard:
    """Makes pipelines in an emulator and watches them to their ends. Raises LostError for what does not end well."""

    def __init__(self, emulator: Emulator, folder: Path) -> None:
        self.emulator = emulator
        self._folder = folder
        client = emulator.client
        client("s3").create_bucket(Bucket=BUCKET)
        client("s3").put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self._roles = {service: self._role(service) for service in ("codepipeline", "codebuild")}
        connection = client("codeconnections").create_connection(ConnectionName="load", ProviderType="GitHub")
        self._connection = connection["ConnectionArn"]

    def _role(self, service: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
        iam = self.emulator.client("iam")
        answer = iam.create_role(RoleName=f"load-{service}", AssumeRolePolicyDocument=json.dumps({"Statement": trust}))
        iam.put_role_policy(RoleName=f"load-{service}", PolicyName="all", PolicyDocument=_ALL)
        return str(answer["Role"]["Arn"])

    def project(self, name: str, commands: Sequence[str], files: Sequence[str] = ("text",)) -> None:
        """A build of these commands; `files` are its artifact."""
        spec = {
            "version": "0.2",
            "phases": {"build": {"commands": list(commands)}},
            "artifacts": {"files": list(files)},
        }
        self.emulator.client("codebuild").create_project(
            name=name,
            source={"type": "CODEPIPELINE", "buildspec": json.dumps(spec)},
            artifacts={"type": "CODEPIPELINE"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=self._roles["codebuild"],
        )

    def connected(self, repository: str) -> dict[str, Any]:
        """A source behind a connection: every push to its main branch starts the pipeline."""
        return _action(
            ("Source", "CodeStarSourceConnection"),
            {"ConnectionArn": self._connection, "FullRepositoryId": repository, "BranchName": "main"},
        )

    def pipeline(
        self, name: str, source: Mapping[str, Any], *, project: str = PROJECT, mode: str = "SUPERSEDED"
    ) -> None:
        """A pipeline of a source and a build; the execution that AWS starts with it is over when this returns."""
        build = _action(("Build", "CodeBuild"), {"ProjectName": project})
        stages = [{"name": action["name"], "actions": [action]} for action in (source, build)]
        self.emulator.client("codepipeline").create_pipeline(
            pipeline={
                "name": name,
                "pipelineType": "V2",
                "executionMode": mode,
                "roleArn": self._roles["codepipeline"],
                "artifactStore": {"type": "S3", "location": BUCKET},
                "stages": stages,
            }
        )
        self.ends(name)

    def commit(self, text: str) -> Path:
        """The git directory of a new repository with one commit."""
        folder = self._folder / f"commit-{text}"
        folder.mkdir()
        (folder / "text").write_text(text)
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", text]):
            subprocess.run([*_GIT, *arguments], cwd=folder, check=True, env=dict(os.environ))
        return folder / ".git"

    def ends(self, pipeline: str) -> dict[str, str]:
        """Each execution of a pipeline and its status, once all are over."""
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            pages = self.emulator.client("codepipeline").get_paginator("list_pipeline_executions")
            summaries = [
                summary
                for page in pages.paginate(pipelineName=pipeline)
                for summary in page["pipelineExecutionSummaries"]
            ]
            statuses = {summary["pipelineExecutionId"]: summary["status"] for summary in summaries}
            if OVER.issuperset(statuses.values()):
                return statuses
            time.sleep(_POLL)
        raise LostError(f"{pipeline} has executions that do not end: {statuses}")

    def why(self, pipeline: str) -> str:
        """What the actions of a pipeline failed of, in a few words."""
        details = self.emulator.client("codepipeline").list_action_executions(pipelineName=pipeline)
        errors = [detail["output"].get("executionResult", {}) for detail in details["actionExecutionDetails"]]
        return "; ".join(str(error["errorDetails"]) for error in errors if "errorDetails" in error)

    def builds(self, project: str = PROJECT) -> list[dict[str, Any]]:
        """Every build of a project, the latest first."""
        codebuild = self.emulator.client("codebuild")
        pages = codebuild.get_paginator("list_builds_for_project").paginate(projectName=project)
        ids = [identity for page in pages for identity in page["ids"]]
        chunks = [ids[at : at + 100] for at in range(0, len(ids), 100)]
        return [build for chunk in chunks for build in codebuild.batch_get_builds(ids=chunk)["builds"]]


def stored(bucket: str, key: str) -> dict[str, Any]:
    """A source that is an object of a bucket, which nothing but a start reads."""
    return _action(("Source", "S3"), {"S3Bucket": bucket, "S3ObjectKey": key, "PollForSourceChanges": "false"})


def _action(kind: tuple[str, str], configuration: Mapping[str, str]) -> dict[str, Any]:
    category, provider = kind
    inputs = [] if category == "Source" else [{"name": "Source"}]
    return {
        "name": category,
        "actionTypeId": {"category": category, "owner": "AWS", "provider": provider, "version": "1"},
        "configuration": dict(configuration),
        "inputArtifacts": inputs,
        "outputArtifacts": [{"name": category}] if category == "Source" or provider == "CodeBuild" else [],
    }


def refuse_unless(holds: bool, what: str) -> None:
    """Raise LostError, saying what is wrong, unless it holds."""
    if not holds:
        raise LostError(what)


def count(statuses: Iterable[str], *wanted: str) -> int:
    """How many of the statuses are among those wanted."""
    return sum(status in wanted for status in statuses)
