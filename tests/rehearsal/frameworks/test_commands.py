"""Commands of the pipeline file make a template for each stage, and the stages deploy them as far as prod."""

from __future__ import annotations

import pytest

from generator.execution import ActionEnded
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Rehearsed
from tests.rehearsal.frameworks.applications import deployed, rehearse_twice

# A cloud assembly as `cdk synth` leaves it, without the megabytes of the CDK.
SYNTH = """\
import json, os, pathlib
stage, out = os.environ["STAGE"], pathlib.Path("cdk.out")
out.mkdir(exist_ok=True)
bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
code = {"S3Bucket": {"Fn::Sub": bucket}, "S3Key": "c0de.zip"}
resources = {
    "Role": {"Type": "AWS::IAM::Role", "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
        "ManagedPolicyArns": [
            {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}]}},
    "Hello": {"Type": "AWS::Lambda::Function", "Properties": {
        "Code": code, "Handler": "hello.handler", "Runtime": "python3.13", "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Environment": {"Variables": {"STAGE": stage}}}},
    "Url": {"Type": "AWS::Lambda::Url", "Properties": {
        "AuthType": "NONE", "TargetFunctionArn": {"Fn::GetAtt": ["Hello", "Arn"]}}},
    "Open": {"Type": "AWS::Lambda::Permission", "Properties": {
        "Action": "lambda:InvokeFunctionUrl", "FunctionName": {"Ref": "Hello"}, "Principal": "*",
        "FunctionUrlAuthType": "NONE"}},
    "CDKMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:x"}},
}
template = {
    "Parameters": {"BootstrapVersion": {
        "Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/hnb659fds/version"}},
    "Rules": {"CheckBootstrapVersion": {"Assertions": [{"Assert": {"Fn::Not": [
        {"Fn::Contains": [["1", "2"], {"Ref": "BootstrapVersion"}]}]}, "AssertDescription": "bootstrap"}]}},
    "Resources": resources,
    "Outputs": {"ApiUrl": {"Value": {"Fn::GetAtt": ["Url", "FunctionUrl"]}}},
}
destination = {"d": {"bucketName": bucket, "objectKey": "c0de.zip"}}
assets = {"files": {"c0de": {"source": {"path": "asset.c0de", "packaging": "zip"}, "destinations": destination}}}
(out / "asset.c0de").mkdir(exist_ok=True)
(out / "asset.c0de" / "hello.py").write_text(pathlib.Path("hello.py").read_text())
(out / f"Shop-{stage}.template.json").write_text(json.dumps(template))
(out / f"Shop-{stage}.assets.json").write_text(json.dumps(assets))
"""
FILES = {
    "synth.py": SYNTH,
    "hello.py": """\
import os
def handler(event, context):
    return {"statusCode": 200, "body": os.environ["STAGE"]}
""",
    "pipeline.yaml": """\
service: assembled
source: {codecommit: {repository: assembled}}
app: {template: "cdk.out/Shop-{stage}.template.json"}
build: {framework: commands, commands: [python synth.py]}
stages: [beta, prod]
""",
}


@pytest.fixture(scope="module")
def both(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rehearsed, ...]:
    return rehearse_twice(emulator, tmp_path_factory.mktemp("assembled"), FILES)


@pytest.fixture(scope="module")
def rehearsed(both: tuple[Rehearsed, ...]) -> Rehearsed:
    return both[0]


def test_each_stage_runs_what_was_made_for_it(rehearsed: Rehearsed) -> None:
    assert (rehearsed.outcome.status, rehearsed.outcome.reason) == ("Succeeded", ""), rehearsed.logged
    assert rehearsed.ended[-1] == "Prod/Test"
    assert rehearsed.outcome.denials == ()


@pytest.mark.usefixtures("rehearsed")
def test_what_is_deployed_needs_no_bootstrapped_account(emulator: Emulator) -> None:
    beta, prod = (deployed(emulator, f"assembled-{stage}") for stage in ("beta", "prod"))
    assert "Parameters" not in beta
    assert "Rules" not in beta
    assert "CDKMetadata" not in beta["Resources"]
    # The same code is the same object in every stage.
    code = [template["Resources"]["Hello"]["Properties"]["Code"] for template in (beta, prod)]
    assert code[0] == code[1]
    assert code[0]["S3Key"].startswith("Packaged/")


def test_a_commit_that_changes_nothing_of_it_leaves_its_stacks_alone(both: tuple[Rehearsed, ...]) -> None:
    second = both[1]
    assert (second.outcome.status, second.outcome.reason) == ("Succeeded", ""), second.logged
    deployments = [event.summary for event in second.of(ActionEnded) if event.action in {"Deploy", "ExecuteChangeSet"}]
    assert deployments == ["Stack assembled-beta: no changes", "Stack assembled-prod: no changes"]
