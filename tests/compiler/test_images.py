"""Container images that a build makes: what may push and pull them, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.cli.unrehearsed import refuse_unrehearsed
from generator.compiler.pipeline import Compilation, compile_file
from generator.errors import NotRehearsedError
from generator.render.template import template
from generator.repository.files import Repository

_APP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata: {DockerContext: hello, Dockerfile: Dockerfile}
    Properties: {PackageType: Image}
"""
_FILE = """\
service: shop
source: {github: {repository: acme/shop}}
app: {url: none}
tests: none
trigger: {pull_requests: {branches: [main]}}
"""


def compiled(folder: Path, more: str = "", app: str = _APP) -> Compilation:
    (folder / "app-sam.yaml").write_text(app)
    (folder / "pipeline.yaml").write_text(_FILE + more)
    return compile_file(folder / "pipeline.yaml", "pipeline.yaml", Repository(folder))


def test_a_pull_request_s_build_makes_images_and_has_nowhere_to_push_them(tmp_path: Path) -> None:
    resources = template(compiled(tmp_path).pipeline)["Resources"]
    delivering, unmerged = (
        resources[name]["Properties"]["Environment"] for name in ("BuildProject", "PullRequestsBuildProject")
    )
    assert delivering["PrivilegedMode"]
    assert unmerged["PrivilegedMode"]
    assert "IMAGE_REPOSITORY" in str(delivering)
    assert "IMAGE_REPOSITORY" not in str(unmerged)
    assert "ecr:PutImage" in str(resources["BuildRole"])
    assert "ecr:" not in str(resources["PullRequestsBuildRole"])


@pytest.mark.parametrize("more", ["build: {compute: lambda}\n", "build: {buildspec: buildspec.yml}\n"])
def test_what_makes_no_images_has_neither_repository_nor_privileges(tmp_path: Path, more: str) -> None:
    (tmp_path / "buildspec.yml").write_text("version: 0.2\n")
    written = template(compiled(tmp_path, more).pipeline)
    assert "ImageRepository" not in written["Resources"]
    assert "PrivilegedMode" not in str(written)


def test_images_of_several_services_share_a_repository(tmp_path: Path) -> None:
    for name in ("api", "jobs", "web"):
        (tmp_path / name).mkdir()
    (tmp_path / "api" / "template.yaml").write_text(_APP)
    (tmp_path / "jobs" / "template.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}\n")
    (tmp_path / "web" / "serverless.yml").write_text("service: web\nprovider: {ecr: {images: {x: {path: .}}}}\n")
    (tmp_path / "web" / "Dockerfile").write_text("FROM scratch\n")
    for services, makes in (("api, jobs", True), ("jobs, web", True), ("jobs", False)):
        each = ", ".join(f"{name}: {{path: {name}}}" for name in services.split(", "))
        pipeline = compiled(tmp_path, f"services: {{{each}}}\n").pipeline
        resources = template(pipeline)["Resources"]
        assert [type_ for name in resources if (type_ := resources[name]["Type"]) == "AWS::ECR::Repository"] == [
            "AWS::ECR::Repository"
        ] * makes
        assert ("PrivilegedMode" in str(resources["BuildProject"])) is makes
        assert ("IMAGE_REPOSITORY" in str(resources["BuildProject"]["Properties"]["Environment"])) is makes
        assert ("ecr:PutImage" in str(resources["BuildRole"])) is makes
        assert ("ecr:GetRepositoryPolicy" in str(resources)) is makes


def test_a_rehearsal_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotRehearsedError, match="container images, and a rehearsal has no engine"):
        refuse_unrehearsed(compiled(tmp_path), permissions=False)
    refuse_unrehearsed(compiled(tmp_path, app="Resources: {Topic: {Type: AWS::SNS::Topic}}\n"), permissions=False)
