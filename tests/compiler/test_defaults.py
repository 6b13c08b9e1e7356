"""What a pipeline file leaves out, and the repository says instead."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.compiler.pipeline import Compilation, compile_file
from generator.repository.files import Repository

_APPLICATION = Path(__file__).parent.parent / "golden" / "application"
_FUNCTION = """\
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Function: {{Type: AWS::Serverless::Function, Properties: {{Runtime: {runtime}, Handler: a.b, CodeUri: src}}}}
Outputs: {{ApiUrl: {{Value: x}}, TestFunction: {{Value: y}}}}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    (tmp_path / "pipeline.yaml").write_text(
        "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"
    )
    return tmp_path


def compiled(repository: Path, more: str = "") -> Compilation:
    file = repository / "pipeline.yaml"
    file.write_text(file.read_text() + more)
    return compile_file(file, "pipeline.yaml", Repository(repository))


def write(repository: Path, **files: str) -> None:
    for name, text in files.items():
        path = repository / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_service_and_source_alone_give_the_whole_pipeline(repository: Path) -> None:
    shutil.copytree(_APPLICATION, repository, dirs_exist_ok=True)
    pipeline = compiled(repository).pipeline
    assert [stage.name for stage in pipeline.plan] == ["Source", "Build", "DeployTests", "Beta", "Gamma", "Prod"]
    assert [stage.word for stage in pipeline.stages if stage.approval] == ["prod"]
    assert [stage.deploy for stage in pipeline.stages] == ["direct", "direct", "changeset"]
    assert all(stage.tested for stage in pipeline.stages)


@pytest.mark.parametrize("name", ["app-sam.yaml", "app-sam.yml", "template.yaml", "template.yml", "template.json"])
def test_the_application_is_found_under_its_usual_names(repository: Path, name: str) -> None:
    write(repository, **{name: _FUNCTION.format(runtime="python3.13")})
    assert compiled(repository).pipeline.app.template == name


def test_the_first_of_the_usual_names_is_taken(repository: Path) -> None:
    for name in ("template.yaml", "app-sam.yaml"):
        write(repository, **{name: _FUNCTION.format(runtime="python3.13")})
    assert compiled(repository).pipeline.app.template == "app-sam.yaml"


def test_no_template_is_a_problem_that_names_what_was_seen(repository: Path) -> None:
    write(repository, **{"services/clock.yaml": _FUNCTION.format(runtime="python3.13")})
    problems = compiled(repository).problems
    assert [problem.message for problem in problems] == [
        "there is no app-sam.yaml in the repository: the application's template is needed",
        "there is no test-sam.yaml in the repository: the integration tests' template is needed",
    ]
    assert "seen: services/clock.yaml" in problems[0].hint


@pytest.mark.parametrize(
    ("runtime", "line"),
    [
        ("python3.12", 'runtime-versions: {python: "3.12"}'),
        ("nodejs22.x", 'runtime-versions: {nodejs: "22"}'),
    ],
)
def test_the_runtime_is_that_of_the_functions(repository: Path, runtime: str, line: str) -> None:
    write(repository, **{"app-sam.yaml": _FUNCTION.format(runtime=runtime)})
    assert line in compiled(repository).pipeline.build.buildspec


def test_a_runtime_in_the_file_wins(repository: Path) -> None:
    write(repository, **{"app-sam.yaml": _FUNCTION.format(runtime="python3.12")})
    build = compiled(repository, 'build: {runtime: {python: "3.14", nodejs: "24"}}\n').pipeline.build
    assert 'runtime-versions: {nodejs: "24", python: "3.14"}' in build.buildspec


def test_python_stands_in_where_no_template_says_a_runtime(repository: Path) -> None:
    assert 'runtime-versions: {python: "3.13"}' in compiled(repository).pipeline.build.buildspec


def test_a_language_that_no_buildspec_builds_is_a_problem(repository: Path) -> None:
    write(repository, **{"app-sam.yaml": _FUNCTION.format(runtime="java21")})
    messages = [problem.message for problem in compiled(repository, "tests: none\n").problems]
    assert messages == ["Penstock has no buildspec that builds java"]


def test_a_version_that_codebuild_does_not_offer_is_a_problem(repository: Path) -> None:
    write(repository, **{"app-sam.yaml": _FUNCTION.format(runtime="python3.8")})
    (problem,) = compiled(repository, "tests: none\n").problems
    assert problem.message == "CodeBuild's aws/codebuild/amazonlinux-x86_64-standard:5.0 has no python 3.8"
    assert problem.hint == 'say which to build with: build: {runtime: {python: "3.14"}}'


def test_an_own_buildspec_must_be_there(repository: Path) -> None:
    write(repository, **{"app-sam.yaml": _FUNCTION.format(runtime="java21")})
    (problem,) = compiled(repository, "tests: none\nbuild: {buildspec: ci/build.yml}\n").problems
    assert problem.message == "there is no ci/build.yml in the repository"
    assert problem.place
    assert problem.place.line == 5


def test_stage_is_given_only_where_the_template_declares_it(repository: Path) -> None:
    write(repository, **{"app-sam.yaml": _FUNCTION.format(runtime="python3.13")})
    assert all(stage.parameters == {} for stage in compiled(repository).pipeline.stages)


def test_a_pipeline_without_tests_has_no_test_stack_and_no_start_tests(repository: Path) -> None:
    shutil.copytree(_APPLICATION, repository, dirs_exist_ok=True)
    pipeline = compiled(repository, "stages: [beta: {tests: false}]\n").pipeline
    assert pipeline.tests is None
    assert "DeployTests" not in [stage.name for stage in pipeline.plan]
