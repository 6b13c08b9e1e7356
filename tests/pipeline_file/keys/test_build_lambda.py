"""What Lambda compute cannot build, seen in the repository before AWS sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.compiler.pipeline import Compilation, compile_file
from generator.repository.files import Repository

_HEAD = "service: time-service\nsource:\n  codecommit: {repository: time-service}\ntests: none\n"
_FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Function: {{Type: AWS::Serverless::Function, Properties: {{{properties}}}}}
Outputs: {{ApiUrl: {{Value: x}}}}
"""


def compiled(folder: Path, properties: str, more: str = "build: {compute: lambda}\n") -> Compilation:
    (folder / "app-sam.yaml").write_text(_FUNCTION.format(properties=properties))
    (folder / "pipeline.yaml").write_text(_HEAD + more)
    return compile_file(folder / "pipeline.yaml", "pipeline.yaml", Repository(folder))


def messages_of(folder: Path, properties: str, more: str = "build: {compute: lambda}\n") -> list[str]:
    return [problem.message for problem in compiled(folder, properties, more).problems]


@pytest.mark.parametrize(
    ("runtime", "image"), [("python3.13", "x86_64-lambda-standard:python3.13"), ("nodejs22.x", "nodejs22")]
)
def test_the_image_is_that_of_the_runtime_and_chooses_nothing_else(tmp_path: Path, runtime: str, image: str) -> None:
    result = compiled(tmp_path, f"Runtime: {runtime}")
    assert result.problems == ()
    build = result.pipeline.build
    assert build.machine.image.endswith(image)
    assert "runtime-versions" not in build.buildspec
    # Nothing but /tmp can be written to.
    assert build.buildspec.index('HOME="$(mktemp -d)"') < build.buildspec.index("BUILD_TOOLS")


def test_a_runtime_without_an_image_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (problem,) = compiled(tmp_path, "Runtime: python3.9").problems
    assert problem.message == "Lambda compute has no image for python 3.9"
    assert problem.hint.startswith("it has 3.11, 3.12, 3.13, 3.14")


def test_two_languages_need_another_compute(tmp_path: Path) -> None:
    more = 'build: {compute: lambda, runtime: {python: "3.13", nodejs: "22"}}\n'
    assert messages_of(tmp_path, "Runtime: python3.13", more) == [
        "an image of Lambda compute has one language, and this build needs nodejs and python"
    ]


_ARTIFACT = "artifacts: {files: [app-output_sam.yaml]}\n"


@pytest.mark.parametrize(
    ("buildspec", "message", "line"),
    [
        ("version: 0.2\nrun-as: root\n", "Lambda compute runs as no other user: run-as root", 2),
        ("phases:\n  build:\n    run-as: root\n", "Lambda compute runs as no other user: run-as root", 3),
        ("phases:\n  build:\n    on-failure: ABORT\n", "Lambda compute has no on-failure", 3),
    ],
)
def test_an_own_buildspec_asks_for_nothing_it_lacks(tmp_path: Path, buildspec: str, message: str, line: int) -> None:
    (tmp_path / "buildspec.yml").write_text(buildspec + _ARTIFACT)
    more = "build: {compute: lambda, buildspec: buildspec.yml}\n"
    (problem,) = compiled(tmp_path, "Runtime: python3.13", more).problems
    assert problem.message == message
    assert problem.place
    assert (problem.place.file, problem.place.line) == ("buildspec.yml", line)


def test_an_own_buildspec_that_asks_for_nothing_special_is_fine(tmp_path: Path) -> None:
    (tmp_path / "buildspec.yml").write_text(f"version: 0.2\nphases:\n  build:\n    commands: [make]\n{_ARTIFACT}")
    more = "build: {compute: lambda, buildspec: buildspec.yml}\n"
    assert messages_of(tmp_path, "Runtime: python3.13", more) == []


def test_an_image_of_ones_own_chooses_no_runtimes(tmp_path: Path) -> None:
    build = compiled(tmp_path, "Runtime: python3.13", "build: {image: public.ecr.aws/sam/build-python3.13}\n").pipeline
    assert "runtime-versions" not in build.build.buildspec
    assert "$BUILD_TOOLS/packages.py" in build.build.buildspec
