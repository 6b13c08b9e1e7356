"""What `check` alone takes the time for: sizes of code, outputs of another kind than before, what anybody may call."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pytest

from generator.application.template import Template
from generator.aws_rules import limits
from generator.checks.output_kinds import kind_of
from generator.checks.thorough import check_thoroughly
from generator.model.pipeline import App, Pipeline
from generator.repository.files import Repository

Templates = Callable[..., Template]
Pipelines = Callable[..., Pipeline]

CODE = """Transform: AWS::Serverless-2016-10-31
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {CodeUri: src, Layers: [!Ref L]}}
  L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer}}
"""


@pytest.fixture
def thorough(pipeline: Pipelines, template: Templates, repository: Repository) -> Callable[..., list[str]]:
    """Checks the text of a template, beside that of the last commit, as lines."""

    def problem_lines(now: str, before: str = "") -> list[str]:
        declaration = pipeline(apps=(App("app-sam.yaml", "Url", "app.yaml"),))
        pairs = [(template(now), template(before) if before else None)]
        return [str(problem).splitlines()[0] for problem in check_thoroughly(declaration, pairs, repository)]

    return problem_lines


def sparse(repository: Repository, path: str, size: int) -> None:
    target = repository.root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        file.truncate(size)


def test_code_and_layer_count_together(thorough: Callable[..., list[str]], repository: Repository) -> None:
    sparse(repository, "src/data.bin", limits.FUNCTION_UNZIPPED_BYTES // 2)
    assert thorough(CODE) == []
    sparse(repository, "layer/python/model.bin", limits.FUNCTION_UNZIPPED_BYTES // 2)
    assert thorough(CODE) == [
        (
            "app-sam.yaml:3:62: warning: the code of F has 262,144,000 bytes, and the build adds packages to it;"
            " Lambda takes 262,144,000 unzipped, with packages and layers"
        )
    ]


def test_packages_that_lie_there_are_not_the_commits(
    thorough: Callable[..., list[str]], repository: Repository
) -> None:
    sparse(repository, "src/node_modules/x/y.node", limits.FUNCTION_UNZIPPED_BYTES)
    assert thorough(CODE) == []


def test_an_archive_is_measured_unpacked(thorough: Callable[..., list[str]], repository: Repository) -> None:
    with zipfile.ZipFile(repository.root / "src", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 1_000_000)
    assert repository.size("src") == 1_000_000
    assert thorough(CODE) == []


def output(value: str) -> str:
    return (
        "Resources:\n  F: {Type: AWS::Lambda::Function}\n  T: {Type: AWS::SNS::Topic}\n"
        f"  U: {{Type: AWS::Lambda::Url}}\nOutputs:\n  Url: {{Value: {value}}}\n"
    )


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("!GetAtt F.Arn", "a function's ARN"),
        ("!Ref F.Version", "a function's ARN"),
        ("!Ref F", "the name of an AWS::Lambda::Function"),
        ("!Ref T", "a topic's ARN"),
        ("!GetAtt U.FunctionUrl", "a URL"),
        ("!GetAtt [U, FunctionUrl]", "a URL"),
        ("!GetAtt T.TopicName", "TopicName of an AWS::SNS::Topic"),
        ("!Sub 'https://${Api}.example.com'", "a URL"),
        ("https://example.com", "a URL"),
        ("hello", "a text"),
        ("!Sub '${Api}/x'", ""),
        ("!If [A, b, c]", ""),
        ("!ImportValue x", ""),
        ("!Ref Parameter", ""),
        ("!GetAtt Gone.Arn", ""),
    ],
)
def test_the_kind_of_a_value_is_what_its_reference_gives(template: Templates, value: str, kind: str) -> None:
    read = template(output(value))
    assert kind_of(read.outputs["Url"].value, read) == kind


def test_an_output_of_another_kind_than_in_the_last_commit_is_warned_of(thorough: Callable[..., list[str]]) -> None:
    assert thorough(output("!GetAtt U.FunctionUrl"), output("!GetAtt F.Arn")) == [
        (
            "app-sam.yaml:6:16: warning: output Url is a URL now, and a function's ARN in the last commit:"
            " executions in progress get the other"
        )
    ]


@pytest.mark.parametrize(
    ("now", "before"),
    [("!Ref F.Version", "!GetAtt F.Arn"), ("!If [A, b, c]", "!Ref T"), ("https://a", "!Sub 'https://${B}'")],
)
def test_an_output_of_the_same_or_an_unknown_kind_is_fine(
    thorough: Callable[..., list[str]], now: str, before: str
) -> None:
    assert thorough(output(now), output(before)) == []


def test_an_output_the_pipeline_does_not_read_may_change(thorough: Callable[..., list[str]]) -> None:
    assert thorough(output("!Ref T").replace("Url:", "Other:"), output("!Ref F").replace("Url:", "Other:")) == []


def function(events: str, more: str = "", above: str = "") -> str:
    return (
        f"Transform: AWS::Serverless-2016-10-31\n{above}Resources:\n  F:\n    Type: AWS::Serverless::Function\n"
        f"    Properties:\n      Events: {{{events}}}\n{more}"
    )


def test_what_anybody_may_call_is_one_remark(thorough: Callable[..., list[str]]) -> None:
    app = function("A: {Type: HttpApi}, B: {Type: Api}", "      FunctionUrlConfig: {AuthType: NONE}\n")
    assert thorough(app) == [
        "app-sam.yaml:7:7: info: anybody can call F's URL, F (A) and F (B): it does not authenticate callers"
    ]


@pytest.mark.parametrize(
    ("events", "above"),
    [
        ("A: {Type: Schedule}", ""),
        ("A: {Type: HttpApi, Properties: {Auth: {Authorizer: Mine}}}", ""),
        ("A: {Type: Api, Properties: {Method: options}}", ""),
        ("A: {Type: Api}", "Globals: {Api: {Auth: {DefaultAuthorizer: AWS_IAM}}}\n"),
        ("A: {Type: Api}", "Globals: {Api: {Auth: {ApiKeyRequired: true}}}\n"),
        ("A: {Type: Api, Properties: {RestApiId: !ImportValue x}}", ""),
        ("A: {Type: Api, Properties: {RestApiId: !Ref Elsewhere}}", ""),
        ("A: null", ""),
    ],
)
def test_what_asks_or_is_no_api_is_not_told(thorough: Callable[..., list[str]], events: str, above: str) -> None:
    assert thorough(function(events, above=above)) == []


def test_an_event_may_leave_its_apis_authorizer_out(thorough: Callable[..., list[str]]) -> None:
    api = "  Mine: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: J}}}\n"
    asked = "A: {Type: HttpApi, Properties: {ApiId: !Ref Mine}}"
    assert thorough(function(asked, api)) == []
    assert len(thorough(function(asked.replace("Ref Mine", "Ref Mine, Auth: {Authorizer: NONE}"), api))) == 1


@pytest.mark.parametrize(("kind", "open_"), [("NONE", 1), ("AWS_IAM", 0)])
def test_plain_routes_are_looked_at_as_well(thorough: Callable[..., list[str]], kind: str, open_: int) -> None:
    app = f"Resources:\n  R: {{Type: AWS::ApiGatewayV2::Route, Properties: {{AuthorizationType: {kind}}}}}\n"
    assert len(thorough(app)) == open_
