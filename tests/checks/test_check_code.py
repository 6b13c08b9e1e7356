"""Code that packaging will not find."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.model.build import Build, Machine
from generator.repository.files import Repository

Check = Callable[..., list[str]]

_OWN = Build("sam", "buildspec.yml", own=True, machine=Machine("", "", ""), environment={})


def _app(code: str) -> str:
    return (
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      CodeUri: {code}\n"
    )


def test_code_that_is_not_there_and_the_build_does_not_make_is_an_error(check: Check) -> None:
    assert check(_app("srcs/")) == [
        (
            "app-sam.yaml:6:16: CodeUri 'srcs/' is not in the repository"
            " | there is no 'srcs', and the build does not make it, as one of your own may "
            "(build: {buildspec: ...}); the path is relative to the template's folder"
        )
    ]


def test_a_build_of_ones_own_may_make_it(check: Check) -> None:
    assert check(_app("dist/"), build=_OWN) == [
        "app-sam.yaml:6:16: warning: CodeUri 'dist/' is not in the repository | buildspec.yml has to make it"
    ]


@pytest.mark.parametrize("code", ["src", "src/", "./src", "src/app.zip", ".", "other/../src"])
def test_code_that_is_there_is_fine(check: Check, repository: Repository, code: str) -> None:
    (repository.root / "src").mkdir()
    (repository.root / "src" / "app.zip").touch()
    assert check(_app(code)) == []


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("code", ["../src", "src/../../other", "/src", ".."])
def test_code_outside_the_repository_is_an_error_whoever_builds(check: Check, code: str, own: bool) -> None:
    changes = {"build": _OWN} if own else {}
    assert check(_app(code), **changes) == [
        (
            f"app-sam.yaml:6:16: CodeUri '{code}' is outside the repository, and the build sees only the repository"
            " | the path is relative to the template's folder"
        )
    ]


@pytest.mark.parametrize("code", ["s3://bucket/key", "{Bucket: b, Key: k}", "!Ref Where", "https://example.com/x.zip"])
def test_code_elsewhere_is_not_looked_for(check: Check, code: str) -> None:
    assert check(_app(code)) == []


def test_a_name_no_file_system_takes_is_not_there(check: Check) -> None:
    [line] = check(_app("x" * 5000))
    assert "is not in the repository" in line


def test_code_of_globals_is_missed_once_and_there(check: Check) -> None:
    app = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {CodeUri: src/}}
Resources:
  A: {Type: AWS::Serverless::Function}
  B: {Type: AWS::Serverless::Function}
"""
    [line] = check(app)
    assert line.startswith("app-sam.yaml:2:31: CodeUri 'src/' is not in the repository")


def test_definitions_and_nested_templates_are_looked_for_as_well(check: Check) -> None:
    app = """Transform: AWS::Serverless-2016-10-31
Resources:
  A: {Type: AWS::Serverless::Api, Properties: {DefinitionUri: api.yaml}}
  B: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml}}
"""
    assert [line.split(" | ")[0] for line in check(app)] == [
        "app-sam.yaml:3:63: DefinitionUri 'api.yaml' is not in the repository",
        "app-sam.yaml:4:67: TemplateURL 'nested.yaml' is not in the repository",
    ]


@pytest.mark.parametrize(("code", "count"), [("libs/shared", 1), ("libs/shared/src", 1), ("libs/shared2", 0)])
def test_code_of_a_submodule_is_not_in_the_build(check: Check, repository: Repository, code: str, count: int) -> None:
    (repository.root / code).mkdir(parents=True)
    (repository.root / ".gitmodules").write_text('[submodule "x"]\n\tpath = libs/shared\n\turl = ../x\n')
    lines = check(_app(code))
    assert len(lines) == count
    for line in lines:
        assert line.startswith("app-sam.yaml:6:16: warning: CodeUri")
        assert "is in the submodule libs/shared, and CodePipeline does not fetch submodules" in line
