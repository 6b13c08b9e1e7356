"""Builds no pipeline asked for: where their sources come from and where their artifacts go."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from tests.rehearsal.codebuild.fake_services import ACCOUNT, REGION, FakeServices

HELLO = "version: 0.2\nphases: {build: {commands: [echo hello]}}\n"


def packed(**files: str) -> bytes:
    """A zip of these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "."), text)
    return data.getvalue()


def test_a_source_in_s3_is_read_and_artifacts_are_put_there(services: FakeServices) -> None:
    spec = "version: 0.2\nphases: {build: {commands: [cat a.txt]}}\nartifacts: {files: [a.txt], name: by-spec}\n"
    services.buckets.objects["sources/app.zip"] = packed(a__txt="of s3", buildspec__yml=spec)
    artifacts = {"type": "S3", "location": "made", "path": "p", "packaging": "ZIP", "name": "out.zip"}
    result = services.run(
        services.project("", source={"type": "S3", "location": "sources/app.zip"}, artifacts=artifacts),
    )
    assert "of s3" in services.messages(result)
    with zipfile.ZipFile(io.BytesIO(services.buckets.objects["made/p/out.zip"])) as archive:
        assert archive.read("a.txt") == b"of s3"
    assert result["artifacts"] == {"location": "arn:aws:s3:::made/out.zip"}


MAKES = "version: 0.2\nphases: {build: {commands: [echo x > a]}}\nartifacts: {files: [a], name: by-spec}\n"


@pytest.mark.parametrize(
    ("place", "key"),
    [
        ({}, "made/project0/a"),
        ({"name": "/"}, "made/a"),
        ({"overrideArtifactName": True}, "made/by-spec/a"),
        ({"namespaceType": "BUILD_ID", "name": "n"}, "made/UUID/n/a"),
    ],
)
def test_artifacts_that_are_not_zipped_keep_their_files(
    services: FakeServices, place: dict[str, Any], key: str
) -> None:
    result = services.run(services.project(MAKES, artifacts={"type": "S3", "location": "made", **place}))
    assert list(services.buckets.objects) == [key.replace("UUID", result["id"].partition(":")[2])]


def test_an_artifact_the_role_may_not_put_fails_the_upload(services: FakeServices) -> None:
    result = services.run(services.project(MAKES, artifacts={"type": "S3", "location": "locked"}))
    context = {phase["phaseType"]: phase for phase in result["phases"]}["UPLOAD_ARTIFACTS"]["contexts"][0]
    assert context["message"].startswith("Failed to upload artifacts: An error occurred (AccessDenied)")


def test_a_source_that_is_not_there_fails_the_download(services: FakeServices) -> None:
    result = services.run(services.project("", source={"type": "S3", "location": "sources/none.zip"}))
    context = {phase["phaseType"]: phase for phase in result["phases"]}["DOWNLOAD_SOURCE"]["contexts"][0]
    assert "NoSuchKey" in context["message"]
    assert "for primary source sources/none.zip" in context["message"]


def test_a_buildspec_may_lie_in_s3(services: FakeServices) -> None:
    services.buckets.objects["specs/b.yml"] = HELLO.encode()
    result = services.run(services.project("arn:aws:s3:::specs/b.yml"))
    assert "hello" in services.messages(result)


def test_secondary_sources_and_artifacts_have_identifiers(services: FakeServices) -> None:
    services.buckets.objects["sources/lib.zip"] = packed(b__txt="library")
    spec = """
version: 0.2
phases: {build: {commands: [cp $CODEBUILD_SRC_DIR_Lib/b.txt .]}}
artifacts: {files: [b.txt], secondary-artifacts: {Docs: {files: [b.txt]}}}
"""
    result = services.run(
        services.project(
            spec,
            secondarySources=[{"type": "S3", "location": "sources/lib.zip", "sourceIdentifier": "Lib"}],
            secondaryArtifacts=[{"type": "S3", "location": "made", "name": "d", "artifactIdentifier": "Docs"}],
        )
    )
    assert result["buildStatus"] == "SUCCEEDED"
    assert services.buckets.objects["made/d/b.txt"] == b"library"


def test_reports_have_arns(services: FakeServices) -> None:
    spec = """
version: 0.2
phases: {build: {commands: ["echo '<testsuite><testcase/></testsuite>' > r.xml"]}}
reports:
  unit: {files: [r.xml]}
  arn:aws:codebuild:eu-west-1:123456789012:report-group/mine: {files: [r.xml]}
"""
    result = services.run(services.project(spec))
    uuid = result["id"].partition(":")[2]
    prefix = f"arn:aws:codebuild:{REGION}:{ACCOUNT}:report"
    assert result["reportArns"] == [f"{prefix}/project0-unit:{uuid}", f"{prefix}/mine:{uuid}"]
