"""Builds for CodePipeline: artifacts in and out, judged by the rights of the action's role."""

from __future__ import annotations

import io
import zipfile
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from generator.execution import NOT_REHEARSED
from generator.rehearsal.codebuild.artifact_rights import ArtifactRights
from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.sources import NoSource
from generator.rehearsal.codepipeline.builds import Build, BuildOrder, Builds, BuildVariable
from generator.rehearsal.codepipeline.state import CloneRight
from generator.rehearsal.iam.question import Answer
from generator.rehearsal.service import ServiceError, Surroundings
from tests.rehearsal.codebuild.fake_services import PIPELINE_ROLE, FakeServices

SPEC = """
version: 0.2
env: {exported-variables: [VERSION]}
phases:
  build:
    commands:
    - VERSION=$(cat version)-$STAGE
    - echo "$CODEBUILD_INITIATOR"
    - cp version made.txt
artifacts:
  files: [made.txt]
  secondary-artifacts:
    One: {files: [made.txt]}
    Two: {files: [version]}
"""
CODEPIPELINE = {"type": "CODEPIPELINE"}


def source(file: Path, **files: str) -> Path:
    """An input artifact."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return file


def order(services: FakeServices, spec: str = SPEC, **changes: Any) -> BuildOrder:
    """An order for a project that belongs to a pipeline, with one input artifact."""
    project = services.project(spec, source={**CODEPIPELINE, "buildspec": spec}, artifacts=CODEPIPELINE)
    folder = services.folder.parent / "artifacts"
    folder.mkdir()
    build_order = BuildOrder(
        project=project,
        sources={"Source": source(folder / "in.zip", version="1.0")},
        primary="Source",
        outputs=(),
        environment=(BuildVariable("STAGE", "beta"),),
        folder=folder,
        role=PIPELINE_ROLE,
        initiator="codepipeline/time-service",
    )
    return replace(build_order, **changes)


def inside(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(archive.read_bytes())) as members:
        return {name: members.read(name) for name in members.namelist()}


def test_the_service_is_what_pipelines_build_with(services: FakeServices) -> None:
    builds: Builds = services.service
    build: Build = builds.start(order(services))
    assert build.result().status == "SUCCEEDED"
    assert build.id.startswith("project0:")
    assert build.url == ""


def test_variables_come_in_and_go_out(services: FakeServices) -> None:
    result = services.service.start(order(services)).result()
    assert result.variables == {"VERSION": "1.0-beta"}
    assert "codepipeline/time-service" in result.log


def test_one_output_artifact_is_the_primary_one(services: FakeServices) -> None:
    result = services.service.start(order(services, outputs=("Built",))).result()
    assert {name: inside(file) for name, file in result.artifacts.items()} == {"Built": {"made.txt": b"1.0"}}


def test_several_output_artifacts_are_the_secondary_ones(services: FakeServices) -> None:
    result = services.service.start(order(services, outputs=("One", "Two"))).result()
    assert {name: inside(file) for name, file in result.artifacts.items()} == {
        "One": {"made.txt": b"1.0"},
        "Two": {"version": b"1.0"},
    }


def test_other_input_artifacts_lie_beside_the_primary_one(services: FakeServices) -> None:
    spec = "version: 0.2\nphases: {build: {commands: ['cat $CODEBUILD_SRC_DIR_Config/settings']}}\n"
    request = order(services, spec)
    more = {**request.sources, "Config": source(request.folder / "c.zip", settings="of the config")}
    result = services.service.start(replace(request, sources=more)).result()
    assert "of the config" in result.log


def test_the_orders_buildspec_overrides_the_projects(services: FakeServices) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [echo overridden]}}\n"
    assert "overridden" in services.service.start(order(services, buildspec=spec)).result().log


def test_a_failure_has_its_phase_its_message_and_the_log(services: FakeServices) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [echo before, exit 3]}}\n"
    result = services.service.start(order(services, spec)).result()
    assert (result.status, result.phase) == ("FAILED", "BUILD")
    assert result.message == "Error while executing command: exit 3. Reason: exit status 3"
    assert "before" in result.log


def test_a_missing_artifact_fails_the_build(services: FakeServices) -> None:
    result = services.service.start(order(services, outputs=("One", "Three"))).result()
    assert (result.status, result.phase) == ("FAILED", "UPLOAD_ARTIFACTS")
    assert result.message == "the buildspec has no secondary artifact 'Three'; there are: One, Two"


def test_what_is_not_rehearsed_is_told_as_such(services: FakeServices) -> None:
    build = services.service.start(order(services, f"{SPEC}proxy: {{}}\n"))
    with pytest.raises(ServiceError, match="a build behind an explicit proxy server is not rehearsed") as caught:
        build.result()
    assert caught.value.code == NOT_REHEARSED


@pytest.mark.parametrize("operation", ["StartBuild", "BatchGetBuilds"])
def test_the_roles_rights_are_judged(services: FakeServices, operation: str) -> None:
    services.denied.add(operation)
    with pytest.raises(ClientError, match="AccessDenied"):
        services.service.start(order(services))
    for entry in services.service._entries.values():
        assert entry.outcome.result(10).status in {"STOPPED", "SUCCEEDED"}


def test_a_project_that_is_not_there_is_refused_as_startbuild_does(services: FakeServices) -> None:
    with pytest.raises(ClientError, match="Project cannot be found: nobody"):
        services.service.start(order(services, project="nobody"))


def test_an_order_is_taken_up_once(services: FakeServices) -> None:
    services.service.start(order(services)).result()
    with pytest.raises(ClientError, match="project0 belongs to CodePipeline"):
        services.api().start_build(projectName="project0")


def test_a_build_a_pipeline_gives_up_is_stopped(services: FakeServices) -> None:
    build = services.service.start(order(services, "version: 0.2\nphases: {build: {commands: [sleep 100]}}\n"))
    build.stop()
    assert build.result().status == "STOPPED"


def test_nothing_but_the_artifacts_stays(services: FakeServices) -> None:
    request = order(services, outputs=("Built",))
    services.service.start(request).result()
    assert list(services.folder.iterdir()) == []
    assert sorted(path.name for path in request.folder.iterdir()) == ["artifact.zip", "in.zip"]


def test_a_build_knows_which_revision_it_builds(services: FakeServices) -> None:
    spec = "version: 0.2\nphases: {build: {commands: ['echo $CODEBUILD_RESOLVED_SOURCE_VERSION']}}\n"
    build = services.service.start(order(services, spec, revisions={"Source": "0f1e2d3c"}))
    assert "0f1e2d3c" in build.result().log


class Denying:
    """AWS around a build whose role may do anything but one thing."""

    region, account = "eu-west-1", "123456789012"

    def __init__(self, denied: str) -> None:
        self._denied = denied

    def may(self, _principal: str, action: str, _resource: str, **_: object) -> Answer:
        return Answer(allowed=action != self._denied, why="no statement allows it")


@pytest.mark.parametrize(("denied", "refused"), [("codecommit:GitPull", True), ("codecommit:GitPush", False)])
def test_what_is_cloned_takes_the_right_to_clone_it(
    services: FakeServices, denied: str, refused: bool, tmp_path: Path
) -> None:
    right = CloneRight("codecommit:GitPull", "arn:aws:codecommit:eu-west-1:123456789012:shop", "https://x")
    rights = ArtifactRights(cast("Surroundings", Denying(denied)), "role", order(services, clones={"Source": right}))
    with pytest.raises(PhaseFailedError, match="AccessDenied") if refused else nullcontext():
        rights.readable("Source", NoSource()).place(tmp_path)
