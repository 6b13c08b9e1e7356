"""What a build uploads: every file that a template deploys, by its content, and never over what is there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from templates import Template

from tests.buildspecs.builds import Build, run
from tests.buildspecs.conftest import Repository
from tests.buildspecs.object_store import ObjectStore

# A template of each property, by the type that has it.
PROPERTIES = [
    ("AWS::ApiGateway::RestApi", "BodyS3Location", {"Bucket": "artifacts", "Key": "KEY"}),
    ("AWS::AppSync::GraphQLSchema", "DefinitionS3Location", "s3://artifacts/KEY"),
    ("AWS::AppSync::Resolver", "CodeS3Location", "s3://artifacts/KEY"),
    ("AWS::AppSync::FunctionConfiguration", "RequestMappingTemplateS3Location", "s3://artifacts/KEY"),
    ("AWS::CloudFormation::Stack", "TemplateURL", "https://s3.eu-west-1.amazonaws.com/artifacts/KEY"),
    ("AWS::CloudFormation::StackSet", "TemplateURL", "https://s3.eu-west-1.amazonaws.com/artifacts/KEY"),
    ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle", {"S3Bucket": "artifacts", "S3Key": "KEY"}),
    ("AWS::Serverless::Api", "DefinitionUri", "s3://artifacts/KEY"),
    ("AWS::Serverless::Application", "Location", "https://s3.eu-west-1.amazonaws.com/artifacts/KEY"),
    ("AWS::Serverless::HttpApi", "DefinitionUri", "s3://artifacts/KEY"),
    ("AWS::Serverless::StateMachine", "DefinitionUri", "s3://artifacts/KEY"),
    ("AWS::StepFunctions::StateMachine", "DefinitionS3Location", {"Bucket": "artifacts", "Key": "KEY"}),
]
FILE = "Resources: {}\n"
KEY = f"Packaged/{hashlib.sha256(FILE.encode()).hexdigest()}"


def template(kind: str, properties: dict[str, Any]) -> str:
    return json.dumps({"Resources": {"It": {"Type": kind, "Properties": properties}}})


def deployed(source: Path) -> Any:
    return yaml.safe_load((source / "app-output_sam.yaml").read_text())["Resources"]["It"]["Properties"]


@pytest.mark.parametrize(("kind", "key", "place"), PROPERTIES)
def test_a_file_is_uploaded_and_named_as_its_property_wants_it(
    kind: str, key: str, place: object, repository: Repository
) -> None:
    source = repository({"app-sam.yaml": template(kind, {key: "a/file.json"}), "a/file.json": FILE})
    assert run(Build(), source).status == 0
    assert deployed(source) == {key: json.loads(json.dumps(place).replace("KEY", KEY))}
    assert (source.parent / "store" / KEY).read_text() == FILE


@pytest.mark.parametrize(
    ("kind", "key", "place"),
    [
        ("AWS::Lambda::Function", "Code", {"S3Bucket": "artifacts", "S3Key": "KEY"}),
        ("AWS::Lambda::LayerVersion", "Content", {"S3Bucket": "artifacts", "S3Key": "KEY"}),
        ("AWS::Serverless::Function", "CodeUri", "s3://artifacts/KEY"),
        ("AWS::Serverless::LayerVersion", "ContentUri", "s3://artifacts/KEY"),
    ],
)
def test_code_is_uploaded_and_named_as_its_property_wants_it(
    kind: str, key: str, place: object, repository: Repository
) -> None:
    source = repository({"app-sam.yaml": template(kind, {key: "src"})})
    assert run(Build(), source).status == 0
    (zipped,) = (source.parent / "store/Packaged").iterdir()
    assert deployed(source)[key] == json.loads(json.dumps(place).replace("KEY", f"Packaged/{zipped.name}"))


def test_an_included_file_is_uploaded_wherever_it_is_included(repository: Repository) -> None:
    include = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "a/file.json"}}}
    source = repository({"app-sam.yaml": template("AWS::Serverless::Api", {"DefinitionBody": include})})
    (source / "a").mkdir()
    (source / "a/file.json").write_text(FILE)
    assert run(Build(), source).status == 0
    assert deployed(source)["DefinitionBody"]["Fn::Transform"]["Parameters"] == {"Location": f"s3://artifacts/{KEY}"}


def test_a_nested_stack_names_what_it_deploys_before_it_is_uploaded(repository: Repository) -> None:
    nested = template("AWS::Serverless::Function", {"CodeUri": "."})
    app = template("AWS::CloudFormation::Stack", {"TemplateURL": "below/nested.yaml"})
    source = repository({"app-sam.yaml": app, "below/nested.yaml": nested, "below/own.py": ""})
    assert run(Build(), source).status == 0
    stored = source.parent / "store" / deployed(source)["TemplateURL"].partition("/artifacts/")[2]
    code = yaml.safe_load(stored.read_text())["Resources"]["It"]["Properties"]["CodeUri"]
    assert (source.parent / "store" / code.removeprefix("s3://artifacts/")).exists()


def test_what_another_build_has_created_is_named_and_left_alone(repository: Repository) -> None:
    source = repository(
        {"app-sam.yaml": template("AWS::Serverless::Api", {"DefinitionUri": "file.json"}), "file.json": FILE}
    )
    there = source.parent / "store" / KEY
    there.parent.mkdir(parents=True)
    there.write_text("what was approved")
    done = run(Build(), source)
    assert done.status == 0, done.log
    assert deployed(source) == {"DefinitionUri": f"s3://artifacts/{KEY}"}
    assert there.read_text() == "what was approved"


def test_what_s3_refuses_ends_the_build_and_says_which_file(repository: Repository) -> None:
    done = run(Build({"FAILS": "aws"}), repository({}))
    assert done.status == 1
    assert ".zip: not today" in done.log


def with_boto3(store: ObjectStore) -> Build:
    return Build({**store.environment, "PYTHONPATH": str(Path(boto3.__file__).parent.parent)})


def test_boto3_creates_objects_where_python_has_it(object_store: ObjectStore, repository: Repository) -> None:
    source = repository({"app-sam.yaml": template("AWS::Serverless::Api", {"DefinitionUri": "a.json"}), "a.json": FILE})
    done = run(with_boto3(object_store), source)
    assert (done.status, done.of("aws")) == (0, []), done.log
    assert (object_store.folder / KEY).read_text() == FILE


@pytest.mark.parametrize("object_store", [[(409, "ConditionalRequestConflict")] * 2], indirect=True)
def test_an_object_that_is_being_created_is_tried_again(object_store: ObjectStore, repository: Repository) -> None:
    source = repository({"app-sam.yaml": template("AWS::Serverless::Api", {"DefinitionUri": "a.json"}), "a.json": FILE})
    done = run(with_boto3(object_store), source)
    assert done.status == 0, done.log
    assert (object_store.folder / KEY).exists()


def test_boto3_leaves_what_another_build_has_created(object_store: ObjectStore, repository: Repository) -> None:
    source = repository({"app-sam.yaml": template("AWS::Serverless::Api", {"DefinitionUri": "a.json"}), "a.json": FILE})
    (object_store.folder / KEY).parent.mkdir(parents=True)
    (object_store.folder / KEY).write_text("what was approved")
    done = run(with_boto3(object_store), source)
    assert done.status == 0, done.log
    assert (object_store.folder / KEY).read_text() == "what was approved"


@pytest.mark.parametrize("object_store", [[(403, "AccessDenied")]], indirect=True)
def test_what_s3_refuses_boto3_ends_the_build_as_well(object_store: ObjectStore, repository: Repository) -> None:
    done = run(with_boto3(object_store), repository({}))
    assert done.status == 1
    assert ".zip: An error occurred (AccessDenied) when calling the PutObject operation: not today" in done.log


def test_china_has_a_domain_of_its_own(repository: Repository) -> None:
    app = template("AWS::CloudFormation::Stack", {"TemplateURL": "nested.json"})
    source = repository({"app-sam.yaml": app, "nested.json": FILE})
    assert run(Build({"AWS_REGION": "cn-north-1"}), source).status == 0
    assert deployed(source)["TemplateURL"].startswith("https://s3.cn-north-1.amazonaws.com.cn/artifacts/Packaged/")


def test_what_is_no_file_of_the_repository_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "app-sam.yaml"
    path.write_text(template("AWS::Serverless::Api", {"DefinitionUri": "s3://elsewhere/api.yaml"}))
    assert list(Template(str(path)).files()) == []


def test_the_script_of_a_glue_job_is_uploaded(repository: Repository) -> None:
    app = template("AWS::Glue::Job", {"Command": {"ScriptLocation": "job.py"}})
    source = repository({"app-sam.yaml": app, "job.py": FILE})
    assert run(Build(), source).status == 0
    assert deployed(source) == {"Command": {"ScriptLocation": f"s3://artifacts/{KEY}"}}


def test_what_cloudformation_gets_has_neither_anchors_nor_short_calls(repository: Repository) -> None:
    app = """\
Anchors:
  - &tags {Name: !Sub "${AWS::StackName}-it", Sure: yes}
  - &date 2012-10-17
Resources:
  It:
    Type: AWS::SQS::Queue
    Properties: {<<: *tags, Name: !GetAtt Other.Arn, Since: *date, Codes: {200: !If [Is, 0x10, 1.50]}, Text: "200"}
"""
    source = repository({"app-sam.yaml": app})
    assert run(Build(), source).status == 0
    assert "*" not in (source / "app-output_sam.yaml").read_text()
    assert deployed(source) == {
        "Sure": True,
        "Name": {"Fn::GetAtt": ["Other", "Arn"]},
        "Since": "2012-10-17",
        "Codes": {"200": {"Fn::If": ["Is", 16, 1.5]}},
        "Text": "200",
    }
