"""Functions that are container images, build methods that nobody carries out, and packaged templates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.model.build import Build, Machine
from generator.repository.files import Repository

Check = Callable[..., list[str]]

GENERAL = Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", "")
LAMBDA = Machine("LINUX_LAMBDA_CONTAINER", "BUILD_LAMBDA_2GB", "")
OWN = Build("sam", "buildspec.yml", own=True, machine=GENERAL, environment={})
ON_LAMBDA = Build("sam", "", own=False, machine=LAMBDA, environment={})
OWN_ON_LAMBDA = Build("sam", "buildspec.yml", own=True, machine=LAMBDA, environment={})


def image(properties: str = "") -> str:
    return (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      PackageType: Image\n      {properties}\n"
    )


@pytest.mark.parametrize("properties", ["", "ImageUri: hello:latest"])
def test_an_image_that_nothing_makes_is_refused(check: Check, properties: str) -> None:
    assert check(image(properties)) == [
        (
            "app-sam.yaml:6:20: F is a container image, and nothing says how to make it"
            " | Metadata: {DockerContext: <folder>, Dockerfile: Dockerfile} has the build make it; or push the image"
            " before and give its address: ImageUri: !Ref <parameter>"
        )
    ]


WITH_DOCKERFILE = image().replace(
    "    Properties", "    Metadata: {DockerContext: src, Dockerfile: Dockerfile}\n    Properties"
)
MAKING = Build("sam", "", own=False, machine=GENERAL, environment={}, images=True)


def test_an_image_that_the_build_makes_needs_its_dockerfile(check: Check, repository: Repository) -> None:
    assert check(WITH_DOCKERFILE, build=MAKING) == [
        (
            "app-sam.yaml:7:20: there is no src/Dockerfile, which the image of F is made by"
            " | DockerContext is a folder as seen from the template, Dockerfile a file in it"
        )
    ]
    (repository.root / "src").mkdir()
    (repository.root / "src" / "Dockerfile").write_text("FROM scratch\n")
    assert check(WITH_DOCKERFILE, build=MAKING) == []


def test_no_image_is_made_for_other_accounts(check: Check) -> None:
    [line] = check(WITH_DOCKERFILE)
    assert line.startswith(
        "app-sam.yaml:7:20: F is a container image, made neither for other accounts nor by chalice or commands"
    )


def test_a_buildspec_of_ones_own_may_make_it(check: Check) -> None:
    [line] = check(image(), build=OWN)
    assert line.startswith(
        "app-sam.yaml:6:20: warning: F is a container image, which buildspec.yml has to build, push and name"
    )


@pytest.mark.parametrize("build", [ON_LAMBDA, OWN_ON_LAMBDA])
def test_lambda_compute_has_no_docker_whoever_builds(check: Check, build: Build) -> None:
    [line] = check(image(), build=build)
    assert line.startswith("app-sam.yaml:6:20: F is a container image, and a build on Lambda compute has no Docker")


@pytest.mark.parametrize("build", [OWN, ON_LAMBDA])
@pytest.mark.parametrize(
    "where",
    ["111122223333.dkr.ecr.eu-west-1.amazonaws.com/hello:1", "!Ref Image", "!Sub '${AWS::AccountId}.dkr.ecr/x'"],
)
def test_an_image_that_is_there_before_the_build_is_fine(check: Check, build: Build, where: str) -> None:
    assert check(image(f"ImageUri: {where}"), build=build) == []


def test_a_plain_function_names_its_image_under_code(check: Check) -> None:
    app = (
        "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {PackageType: Image, Code: {ImageUri: x}}\n"
    )
    assert len(check(app)) == 1
    assert check(app.replace("ImageUri: x", "ImageUri: !Ref X")) == []


def test_an_image_by_globals_is_said_there(check: Check) -> None:
    app = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {PackageType: Image}}
Resources: {F: {Type: AWS::Serverless::Function}}
"""
    [line] = check(app)
    assert line.startswith("app-sam.yaml:2:35: F is a container image")


def built(method: str) -> str:
    return (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Metadata: {{BuildMethod: {method}}}\n    Properties: {{CodeUri: src}}\n"
    )


@pytest.mark.parametrize("method", ["rust-cargolambda", "go1.x"])
def test_a_build_method_that_is_not_carried_out_is_refused(check: Check, repository: Repository, method: str) -> None:
    (repository.root / "src").mkdir()
    assert check(built(method)) == [
        (
            f"app-sam.yaml:5:29: BuildMethod '{method}' of F is not supported; the build knows esbuild, makefile,"
            " nodejs<version> and python<version>"
            " | call sam build in a buildspec of your own: build: {buildspec: buildspec.yml}"
        )
    ]
    assert check(built(method), build=OWN) == []


@pytest.mark.parametrize("method", ["esbuild", "makefile", "python3.13", "nodejs22.x", "!Ref X", "[makefile]"])
def test_other_build_methods_are_carried_out(check: Check, repository: Repository, method: str) -> None:
    (repository.root / "src").mkdir()
    assert check(built(method)) == []


def test_a_packaged_template_is_refused(check: Check) -> None:
    app = image().replace("PackageType: Image", "CodeUri: s3://b/p/0123456789abcdef0123456789abcdef")
    assert check(app) == [
        (
            "app-sam.yaml:6:16: this is a packaged template: its code is already in S3, so no commit would change it"
            " | name the template it was made from, whose CodeUri is a folder, as app: {template: <path>}"
        )
    ]


def test_code_that_somebody_keeps_in_s3_is_theirs(check: Check) -> None:
    assert check(image().replace("PackageType: Image", "CodeUri: s3://b/releases/hello-1.2.zip")) == []
