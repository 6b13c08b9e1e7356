"""Several accounts and regions in one emulator: what a stack makes is where the stack is, and nowhere else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.service import Credentials, connect
from tests.rehearsal.emulator.roles import statement
from tests.rehearsal.emulator.stacks import Elsewhere, Stack, role_trust

HOME, AWAY = ("123456789012", "us-east-1"), ("222222222222", "eu-west-1")
CODE = {"ZipFile": "import os\ndef handler(event, context):\n    return context.invoked_function_arn\n"}
RESOURCES: dict[str, Any] = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"RoleName": "apart-role", "AssumeRolePolicyDocument": role_trust("lambda", "codebuild")},
    },
    "Function": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "FunctionName": "apart",
            "Runtime": "python3.12",
            "Handler": "index.handler",
            "Role": {"Fn::GetAtt": ["Role", "Arn"]},
            "Code": CODE,
        },
    },
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "apart-222222222222"}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Version": "2012-10-17", "Statement": []}}},
    "Alias": {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/apart", "TargetKeyId": {"Ref": "Key"}}},
    "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/apart"}},
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {"Name": "apart", "EventPattern": {"source": ["aws.codecommit"]}},
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "apart"}},
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "apart"}},
    "Table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "TableName": "apart",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        },
    },
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/apart", "Type": "String", "Value": "1"}},
    "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "apart", "SecretString": "1"}},
    "Repository": {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": "apart"}},
    "Project": {
        "Type": "AWS::CodeBuild::Project",
        "Properties": {
            "Name": "apart",
            "ServiceRole": {"Fn::GetAtt": ["Role", "Arn"]},
            "Artifacts": {"Type": "NO_ARTIFACTS"},
            "Environment": {
                "Type": "LINUX_CONTAINER",
                "ComputeType": "BUILD_GENERAL1_SMALL",
                "Image": "aws/codebuild/amazonlinux2-x86_64-standard:5.0",
            },
            "Source": {"Type": "NO_SOURCE", "BuildSpec": "version: 0.2"},
        },
    },
}
LISTED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "cloudformation": ("list_stacks", "StackSummaries", {}),
    "codebuild": ("list_projects", "projects", {}),
    "codecommit": ("list_repositories", "repositories", {}),
    "dynamodb": ("list_tables", "TableNames", {}),
    "events": ("list_rules", "Rules", {"NamePrefix": "apart"}),
    "iam": ("list_roles", "Roles", {}),
    "kms": ("list_aliases", "Aliases", {}),
    "lambda": ("list_functions", "Functions", {}),
    "logs": ("describe_log_groups", "logGroups", {"logGroupNamePrefix": "/apart"}),
    "s3": ("list_buckets", "Buckets", {}),
    "secretsmanager": ("list_secrets", "SecretList", {}),
    "sns": ("list_topics", "Topics", {}),
    "sqs": ("list_queues", "QueueUrls", {}),
    "ssm": ("describe_parameters", "Parameters", {}),
}
ELSEWHERE = [(AWAY[0], "us-east-1"), (HOME[0], "eu-west-1"), HOME]
GLOBAL = ("iam", "s3")


@pytest.fixture(scope="module")
def stack(emulator: Emulator) -> Stack:
    launched = Stack(Elsewhere(emulator, *AWAY), RESOURCES)
    assert launched.status == "CREATE_COMPLETE", launched.failures
    return launched


@pytest.mark.parametrize("service", LISTED)
def test_what_a_stack_makes_is_in_its_account_and_region_and_nowhere_else(
    emulator: Emulator, stack: Stack, service: str
) -> None:
    operation, member, request = LISTED[service]

    def listed(account: str, region: str) -> str:
        answer = getattr(emulator.client(service, account=account, region=region), operation)(**request)
        return str(answer.get(member, []))

    name = stack.name if service == "cloudformation" else "apart"
    assert name in listed(*AWAY)
    # IAM's roles and an account's buckets are listed in every region.
    elsewhere = [place for place in ELSEWHERE if not (service in GLOBAL and place[0] == AWAY[0])]
    assert [place for place in elsewhere if name in listed(*place)] == []


@pytest.mark.usefixtures("stack")
def test_a_function_runs_in_its_own_account_and_region(emulator: Emulator) -> None:
    answer = emulator.client("lambda", account=AWAY[0], region=AWAY[1]).invoke(FunctionName="apart")
    assert answer["Payload"].read().decode() == f'"arn:aws:lambda:{AWAY[1]}:{AWAY[0]}:function:apart"'


def test_the_keys_of_a_role_of_another_account_are_those_of_that_account(emulator: Emulator) -> None:
    role = _role(emulator, AWAY[0], "away-guest", {"AWS": f"arn:aws:iam::{HOME[0]}:root"})
    caller = _role(emulator, HOME[0], "home-guest", {"AWS": f"arn:aws:iam::{HOME[0]}:root"}, "sts:AssumeRole")
    keys = _assumed(emulator, emulator.credentials, caller)
    there = _assumed(emulator, keys, role)
    identity = connect("sts", emulator.endpoint, there, AWAY[1]).get_caller_identity()
    assert identity["Account"] == AWAY[0]
    assert identity["Arn"] == f"arn:aws:sts::{AWAY[0]}:assumed-role/away-guest/me"


def test_each_account_has_a_root_with_keys_of_its_own(emulator: Emulator) -> None:
    mine, theirs = emulator.root(HOME[0]), emulator.root(AWAY[0])
    assert theirs == emulator.root(AWAY[0])
    assert {mine.access_key, mine.secret_key}.isdisjoint({theirs.access_key, theirs.secret_key})
    forged = Credentials(theirs.access_key, mine.secret_key)
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        connect("iam", emulator.endpoint, forged, AWAY[1]).list_roles()
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        connect("iam", emulator.endpoint, Credentials(AWAY[0], "anything"), AWAY[1]).list_roles()


def test_what_is_no_account_has_no_root(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="'12' is not the number of an account: 12 digits"):
        emulator.root("12")


def _role(emulator: Emulator, account: str, name: str, principal: dict[str, str], *actions: str) -> str:
    iam = emulator.client("iam", account=account)
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}],
    }
    arn = str(iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"])
    if actions:
        grants = {"Version": "2012-10-17", "Statement": [statement(list(actions))]}
        iam.put_role_policy(RoleName=name, PolicyName="grants", PolicyDocument=json.dumps(grants))
    return arn


def _assumed(emulator: Emulator, keys: Credentials, role: str) -> Credentials:
    sts = connect("sts", emulator.endpoint, keys, HOME[1])
    answer = sts.assume_role(RoleArn=role, RoleSessionName="me")["Credentials"]
    return Credentials(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"])
