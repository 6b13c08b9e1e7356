"""What a build says of a template that it has made itself: before anything is deployed, all problems at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import template_checks
import uploads

TEMPLATE: dict[str, Any] = {
    "Parameters": {"Size": {"Type": "String"}, "Label": {"Type": "String", "Default": "x"}},
    "Resources": {
        "Orders": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "orders"}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "shop-beta-table"}},
        "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/aws/lambda/shop-beta-hello"}},
        "Hook": {"Type": "Custom::Hook", "Properties": {}},
    },
    "Outputs": {"Address": {"Value": "x"}},
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = tmp_path / "packaged-beta.yaml"
    file.write_text(json.dumps(TEMPLATE))
    return str(file)


def problems(path: str, parameters: dict[str, str] | None = None) -> list[str]:
    return [*template_checks.of_application(path, "shop-beta", parameters)]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("URL_OUTPUT", "COVERED_TYPES", "COVERED_NAMES", "UNCOVERED_WORDS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_where_nothing_is_known_of_the_role_nothing_is_compared(path: str) -> None:
    assert problems(path) == []


def test_an_output_that_is_not_there_is_told_with_those_that_are(path: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("URL_OUTPUT", "ApiUrl")
    (problem,) = problems(path)
    assert problem.startswith("the template has no output 'ApiUrl': it has Address;")


def test_parameters_are_those_that_the_template_declares(path: str) -> None:
    assert problems(path, {"Size": "1"}) == []
    assert [problem.partition(":")[0] for problem in problems(path, {"Colour": "red"})] == [
        "the pipeline file gives the parameter Colour, and the template declares none of that name",
        "the template's parameter Size has no default",
    ]


def test_types_that_the_role_does_not_cover_are_told_together(path: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("COVERED_TYPES", "AWS::SNS::Topic Custom::* AWS::Logs::LogGroup")
    (problem,) = problems(path)
    assert "does not cover AWS::DynamoDB::Table;" in problem


def test_a_name_begins_as_the_stack_or_is_granted_by_hand(path: str, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("COVERED_NAMES", "${AWS::StackName}-*")
    (problem,) = problems(path)
    assert "does not reach TopicName orders of Orders" in problem
    environment.setenv("COVERED_NAMES", "${AWS::StackName}-* =order*")
    assert problems(path) == []


def test_nested_stacks_that_the_build_has_uploaded_are_looked_at_too(
    tmp_path: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("COVERED_TYPES", "AWS::CloudFormation::Stack AWS::SQS::Queue")
    address = {"Fn::Join": ["", ["https://s3.", {"Ref": "AWS::Region"}, "/bucket/Packaged/outer"]]}
    outer = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": address}}
    inner = {"Type": "AWS::Serverless::Application", "Properties": {"Location": "https://s3/bucket/Packaged/inner"}}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}}
    elsewhere = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3/other/store.yaml"}}
    for name, resources in {
        "app": {"Store": outer, "Foreign": elsewhere},
        "outer": {"Inner": inner},
        "inner": {"Queue": queue, "Topic": {"Type": "AWS::SNS::Topic"}},
    }.items():
        (tmp_path / name).write_text(json.dumps({"Resources": resources}))
        uploads.UPLOADED[f"Packaged/{name}"] = str(tmp_path / name)
    environment.setenv("COVERED_NAMES", "${AWS::StackName}-*")
    first, second, third = problems(str(tmp_path / "app"))
    assert "nested stack Store: the launched deploy role does not cover AWS::Serverless::Application;" in first
    assert "nested stack Store: nested stack Inner: the launched deploy role does not cover AWS::SNS::Topic;" in second
    assert "nested stack Inner: the launched deploy role does not reach QueueName orders of Queue" in third


def test_the_tests_template_comes_with_those_within_it(tmp_path: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("COVERED_TYPES", "AWS::SQS::Queue")
    packaged = tmp_path / "packaged.yaml"
    packaged.write_text("Resources: {A: {Type: AWS::SQS::Queue}}\n---\nResources: {B: {Type: AWS::SNS::Topic}}\n")
    (problem,) = template_checks.of_tests(str(packaged))
    assert "does not cover AWS::SNS::Topic;" in problem
