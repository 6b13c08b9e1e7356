"""Projects that a stack makes: with a repository of CodeCommit's for a source, and a role by its name."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.emulator.repositories import commit, git
from tests.rehearsal.emulator.stacks import Stack, allowing, role_trust

PATIENCE = 120
SPEC = """
version: 0.2
phases:
  build:
    commands:
    - test "$(cat note)" = "from the commit"
    - test "$(git rev-parse HEAD)" = "$CODEBUILD_RESOLVED_SOURCE_VERSION"
"""


def project(*actions: str) -> dict[str, Any]:
    """A repository, a role with these rights, and a project that builds the one as the other."""
    image = {
        "Type": "LINUX_CONTAINER",
        "Image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
        "ComputeType": "BUILD_GENERAL1_SMALL",
    }
    policies = [{"PolicyName": "it", "PolicyDocument": allowing("logs:*", *actions)}]
    role = {"AssumeRolePolicyDocument": role_trust("codebuild"), "Policies": policies}
    source = {"Type": "CODECOMMIT", "Location": {"Fn::GetAtt": ["Repository", "CloneUrlHttp"]}}
    properties = {
        "ServiceRole": {"Ref": "Role"},
        "Source": source,
        "SourceVersion": "refs/heads/main",
        "Artifacts": {"Type": "NO_ARTIFACTS"},
        "Environment": image,
    }
    return {
        "Repository": {
            "Type": "AWS::CodeCommit::Repository",
            "Properties": {"RepositoryName": {"Ref": "AWS::StackName"}},
        },
        "Role": {"Type": "AWS::IAM::Role", "Properties": role},
        "Project": {"Type": "AWS::CodeBuild::Project", "Properties": properties},
    }


def built(emulator: Emulator, stack: Stack) -> dict[str, Any]:
    client = emulator.client("codebuild")
    build: dict[str, Any] = client.start_build(projectName=stack.physical_id("Project"))["build"]
    limit = time.monotonic() + PATIENCE
    while not build["buildComplete"]:
        assert time.monotonic() < limit, "the build does not end"
        threading.Event().wait(0.1)
        build = client.batch_get_builds(ids=[build["id"]])["builds"][0]
    return build


@pytest.mark.parametrize(
    ("rights", "status"),
    [(("codecommit:GitPull",), "SUCCEEDED"), ((), "FAILED")],
    ids=["with the right to clone", "without"],
)
def test_a_project_clones_its_repository_as_a_role_that_is_named(
    emulator: Emulator, tmp_path: Path, rights: tuple[str, ...], status: str
) -> None:
    stack = Stack(emulator, project(*rights))
    assert stack.status == "CREATE_COMPLETE", stack.failures
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "one", **{"buildspec.yml": SPEC, "note": "from the commit"})
    emulator.push(stack.name, tmp_path)
    build = built(emulator, stack)
    failed = [context["message"] for phase in build["phases"] for context in phase.get("contexts", ())]
    assert build["buildStatus"] == status, [*filter(None, failed)]
    assert rights or "codecommit:GitPull" in " ".join(failed)
