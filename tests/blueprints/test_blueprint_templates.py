"""The blueprints' templates: sound for CloudFormation, and tests whose versions outlive the next commit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import boto3
import pytest
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from tests.blueprints.languages import Language, blueprint

LANGUAGES: tuple[Language, ...] = get_args(Language)
REGION = "us-east-1"
# The one policy of AWS's that SAM asks for by name.
LOGGING = "AWSLambdaBasicExecutionRole"
RUNTIMES = {"python": "python3.13", "node": "nodejs24.x"}
each_language = pytest.mark.parametrize("language", LANGUAGES)
each_template = pytest.mark.parametrize("template", ["app-sam.yaml", "test-sam.yaml"])


class Reader(yaml.CSafeLoader):
    """Reads the short forms of intrinsic functions as CloudFormation does."""


def short_form(loader: Reader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    assert isinstance(node, yaml.ScalarNode)
    value: Any = loader.construct_scalar(node)
    return {"Ref": value} if suffix == "Ref" else {f"Fn::{suffix}": value}


Reader.add_multi_constructor("!", short_form)


def template_of(language: Language, template: str) -> dict[str, Any]:
    text = (blueprint(language) / template).read_text()
    data: dict[str, Any] = yaml.load(text, Loader=Reader)  # noqa: S506 - Reader is a safe loader
    return data


def transformed(language: Language, template: str, key: str = "first") -> dict[str, Any]:
    """What CloudFormation makes of a packaged template; `key` is that of its code in the bucket."""
    data = template_of(language, template)
    for resource in data["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = f"s3://artifacts/Packaged/{key}"
    policies = {LOGGING: f"arn:aws:iam::aws:policy/service-role/{LOGGING}"}
    sam = Translator(policies, Parser(), boto_session=boto3.Session(region_name=REGION))
    translated: dict[str, Any] = sam.translate(data, {})
    return translated


def test_linter_finds_nothing_in_any_template() -> None:
    templates = [
        str(blueprint(language) / name) for language in LANGUAGES for name in ("app-sam.yaml", "test-sam.yaml")
    ]
    linter = Path(sys.executable).with_name("cfn-lint")
    command = [str(linter), "--regions", REGION, "--", *templates]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@each_language
@each_template
def test_functions_run_on_the_runtime_of_the_blueprint(language: Language, template: str) -> None:
    resources = transformed(language, template)["Resources"].values()
    functions = [item["Properties"] for item in resources if item["Type"] == "AWS::Lambda::Function"]
    assert [function["Runtime"] for function in functions] == [RUNTIMES[language]]


@each_language
@each_template
def test_the_handler_is_a_file_of_the_folder_that_is_packaged(language: Language, template: str) -> None:
    for resource in template_of(language, template)["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            module = resource["Properties"]["Handler"].partition(".")[0]
            folder = blueprint(language) / resource["Properties"]["CodeUri"]
            assert list(folder.glob(f"{module}.*"))


@each_language
@each_template
def test_nothing_has_a_name_of_its_own_that_could_collide(language: Language, template: str) -> None:
    names = {"FunctionName", "RoleName", "LogGroupName", "BucketName", "TableName"}
    for resource in template_of(language, template)["Resources"].values():
        assert not resource["Properties"].keys() & names


@each_language
@each_template
def test_logs_are_kept_for_a_while_and_not_for_ever(language: Language, template: str) -> None:
    resources = transformed(language, template)["Resources"]
    groups = {name: item for name, item in resources.items() if item["Type"] == "AWS::Logs::LogGroup"}
    assert [group["Properties"]["RetentionInDays"] for group in groups.values()] == [30]
    for item in resources.values():
        if item["Type"] == "AWS::Lambda::Function":
            logging = item["Properties"]["LoggingConfig"]
            assert logging["LogFormat"] == "JSON"
            assert logging["LogGroup"]["Ref"] in groups


@each_language
def test_the_api_serves_time_with_and_without_a_zone_in_the_stage_it_is_told(language: Language) -> None:
    result = transformed(language, "app-sam.yaml")
    api = next(item for item in result["Resources"].values() if item["Type"] == "AWS::ApiGateway::RestApi")
    assert {path: list(methods) for path, methods in api["Properties"]["Body"]["paths"].items()} == {
        "/time": ["get"],
        "/time/{timeZone+}": ["get"],
    }
    stages = [item["Properties"] for item in result["Resources"].values() if item["Type"] == "AWS::ApiGateway::Stage"]
    assert [stage["StageName"] for stage in stages] == [{"Ref": "Stage"}]
    assert result["Outputs"]["ApiUrl"]["Value"]["Fn::Sub"].endswith("/${Stage}")


def version(template: dict[str, Any]) -> str:
    """The logical id the output refers to."""
    name: str = template["Outputs"]["TestFunction"]["Value"]["Ref"]
    return name


@each_language
def test_the_test_function_is_handed_over_as_its_published_version(language: Language) -> None:
    result = transformed(language, "test-sam.yaml")
    # `Ref` of a version is the ARN that ends in the version's number.
    assert result["Resources"][version(result)]["Type"] == "AWS::Lambda::Version"


@each_language
def test_a_version_stays_when_the_next_commit_brings_another(language: Language) -> None:
    first, second = (transformed(language, "test-sam.yaml", key) for key in ("first", "second"))
    assert version(first) != version(second)
    assert version(first) not in second["Resources"]
    assert first["Resources"][version(first)]["DeletionPolicy"] == "Retain"


@each_language
def test_the_same_code_is_the_same_version(language: Language) -> None:
    assert version(transformed(language, "test-sam.yaml")) == version(transformed(language, "test-sam.yaml"))
