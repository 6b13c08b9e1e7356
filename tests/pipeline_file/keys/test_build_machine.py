"""The keys of the build that say what it runs on: compute, image, cache, vpc, runtime."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.model.build import Machine, Network
from generator.pipeline_file.key import Keys
from generator.pipeline_file.keys import build
from generator.pipeline_file.keys.build import compute, runtime
from tests.pipeline_file.keys import files

_STANDARD = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
_OWN = "public.ecr.aws/acme/build:1"
_VPC = "vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}"
_NETWORK = Network("vpc-0a1b2c3d", ("subnet-0a1b2c3d",), ("sg-0a1b2c3d",))


def machine(settings: str) -> Machine:
    file = files.written(f"build: {{{settings}}}")
    result: Machine = build.read(file.data["build"], file)["build"].machine
    return result


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", _STANDARD)),
        ("compute: 2xlarge", Machine("LINUX_CONTAINER", "BUILD_GENERAL1_2XLARGE", _STANDARD)),
        (
            "compute: {architecture: arm64}",
            Machine("ARM_CONTAINER", "BUILD_GENERAL1_SMALL", "aws/codebuild/amazonlinux-aarch64-standard:3.0"),
        ),
        (
            "compute: {type: lambda, memory: 4GB}, runtime: {python: '3.12'}",
            Machine(
                "LINUX_LAMBDA_CONTAINER",
                "BUILD_LAMBDA_4GB",
                "aws/codebuild/amazonlinux-x86_64-lambda-standard:python3.12",
                "none",
            ),
        ),
        (f"image: '{_OWN}', cache: none", Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", _OWN, "none")),
        (f"cache: s3, {_VPC}", Machine("LINUX_CONTAINER", "BUILD_GENERAL1_SMALL", _STANDARD, "s3", _NETWORK)),
    ],
)
def test_the_machine_is_what_the_keys_say_together(settings: str, expected: Machine) -> None:
    assert machine(settings) == expected


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ("compute: {memory: 2GB}", "only Lambda compute has a memory to choose"),
        (f"compute: lambda, {_VPC}", "Lambda compute runs in no VPC"),
        ("compute: lambda, cache: s3", "Lambda compute keeps no cache"),
        (f"compute: lambda, image: '{_OWN}'", "Lambda compute runs AWS's lambda-standard images and those of ECR"),
        (f"cache: local, {_VPC}", "CodeBuild keeps no local cache in a VPC"),
        ("cache: local, compute: 2xlarge", "CodeBuild keeps no local cache on 2xlarge"),
        (
            f"image: '{_OWN}', runtime: {{python: '3.12'}}",
            "an image of your own brings its languages with it: there are no versions to choose",
        ),
        ("image: 'aws/codebuild/windows-base:2019-1.0'", "the pipeline's builds run on Linux"),
        (
            "image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:python3.12'",
            "this image is for Lambda compute",
        ),
        (
            f"compute: {{architecture: arm64}}, image: '{_STANDARD}'",
            "this image is not for aarch64, which compute says",
        ),
    ],
)
def test_what_does_not_run_together_is_refused(settings: str, problem: str) -> None:
    file = files.written(f"build: {{{settings}}}")
    assert files.messages(build.problems(file.data["build"], file)) == [f"error 4: {problem}"]


@pytest.mark.parametrize(
    ("settings", "versions"),
    [("", {"python": "3.13"}), ("runtime: {nodejs: '22'}", {"nodejs": "22", "python": "3.13"})],
)
def test_versions_are_those_of_the_functions_unless_the_file_says_others(
    settings: str, versions: dict[str, str]
) -> None:
    file = files.written(f"build: {{{settings}}}")
    assert runtime.chosen(file) == versions
    assert build.versions(file) == versions


@pytest.mark.parametrize("settings", [f"image: '{_OWN}'", "compute: lambda"])
def test_an_image_of_one_version_leaves_none_to_choose(settings: str) -> None:
    assert build.versions(files.written(f"build: {{{settings}}}")) == {}


def test_a_language_nobody_builds_is_missing_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "app-sam.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\n"
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Runtime: ruby3.4, Handler: a, CodeUri: .}}}\n"
    )
    (problem,) = runtime.missing({}, files.written("", tmp_path))
    assert problem.message == "Penstock has no buildspec that builds ruby"
    assert "build: {buildspec: buildspec.yml}" in problem.hint


def test_the_keys_of_the_build_are_the_files_of_their_folder() -> None:
    folder = Path(build.__file__).parent
    words = sorted(path.stem for path in folder.glob("[a-z]*.py"))
    assert sorted(Keys("pipeline_file.keys.build").schema) == words


@pytest.mark.parametrize(
    ("architectures", "settings", "packages", "remarked"),
    [
        ("[arm64]", "", "requirements.txt", "F runs on arm64, and the build that installs its packages on x86_64"),
        ("[arm64]", "build: {compute: {architecture: arm64}}", "requirements.txt", ""),
        ("[arm64]", "", "package.json", ""),
        ("[!Ref Processor]", "", "requirements.txt", ""),
        ("[x86_64]", "build: {compute: {architecture: arm64}}", "uv.lock", "F runs on x86_64, and the build that"),
    ],
)
def test_a_function_of_another_processor_than_the_build_is_remarked_on(
    tmp_path: Path, architectures: str, settings: str, packages: str, remarked: str
) -> None:
    function = f"{{Type: AWS::Serverless::Function, Properties: {{CodeUri: src, Architectures: {architectures}}}}}"
    (tmp_path / "app-sam.yaml").write_text(f"Resources:\n  F: {function}\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / packages).write_text("")
    file, pipeline = files.pipeline(f"tests: none\n{settings}", tmp_path, tmp_path)
    problems = list(compute.remarks({}, file, pipeline))
    assert [problem.message[: len(remarked)] for problem in problems] == [remarked] * bool(remarked)
