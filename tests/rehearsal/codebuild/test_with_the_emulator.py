"""Builds inside the emulator: its roles, its Parameter Store, its S3, and the AWS CLI against all of it."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator

PATIENCE = 60


class Account:
    """One name for everything a test makes in the emulator that all tests share."""

    def __init__(self, emulator: Emulator) -> None:
        self.client = emulator.client
        self.name = f"builds-{uuid.uuid4().hex[:8]}"

    def role(self, *actions: str, principal: str = "codebuild.amazonaws.com") -> str:
        """A role with these rights; its ARN."""
        trust = [{"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}]
        answer = self.client("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=_policy(trust))
        rights = _policy([{"Effect": "Allow", "Action": list(actions), "Resource": "*"}])
        self.client("iam").put_role_policy(RoleName=self.name, PolicyName="p", PolicyDocument=rights)
        return str(answer["Role"]["Arn"])

    def project(self, buildspec: str, role: str) -> None:
        """A project that needs no source."""
        self.client("codebuild").create_project(
            name=self.name,
            source={"type": "NO_SOURCE", "buildspec": buildspec},
            artifacts={"type": "NO_ARTIFACTS"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/amazonlinux-x86_64-standard:5.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=role,
        )

    def build(self) -> tuple[dict[str, Any], list[str]]:
        """Run the project; what is told of the build, and its log."""
        client = self.client("codebuild")
        build = client.start_build(projectName=self.name)["build"]
        limit = time.monotonic() + PATIENCE
        while not build["buildComplete"]:
            assert time.monotonic() < limit, "the build does not end"
            threading.Event().wait(0.05)
            build = client.batch_get_builds(ids=[build["id"]])["builds"][0]
        return build, self._log(build)

    def _log(self, build: dict[str, Any]) -> list[str]:
        where = build["logs"]
        stream = {"logGroupName": where["groupName"], "logStreamName": where["streamName"]}
        logs = self.client("logs")
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        if where["groupName"] not in groups:
            return []
        return [event["message"] for event in logs.get_log_events(**stream)["events"]]


def _policy(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@pytest.fixture
def account(emulator: Emulator) -> Account:
    return Account(emulator)


def failed(build: dict[str, Any]) -> dict[str, str]:
    """The context of the phase that failed."""
    assert build["buildStatus"] == "FAILED"
    context: dict[str, str] = next(p for p in build["phases"] if p.get("phaseStatus") == "FAILED")["contexts"][0]
    return context


@pytest.mark.slow
def test_a_build_reads_parameters_and_secrets_with_its_roles_rights(account: Account) -> None:
    account.client("ssm").put_parameter(Name=f"/{account.name}", Value="level-of-debug", Type="SecureString")
    account.client("secretsmanager").create_secret(Name=account.name, SecretString='{"token": "s3cret-of-app"}')
    spec = f"""
version: 0.2
env:
  parameter-store: {{LEVEL: /{account.name}}}
  secrets-manager: {{TOKEN: "{account.name}:token"}}
phases: {{build: {{commands: ['echo "$LEVEL"', 'test "$LEVEL $TOKEN" = "level-of-debug s3cret-of-app"']}}}}
"""
    account.project(spec, account.role("logs:*", "ssm:GetParameters", "secretsmanager:GetSecretValue"))
    build, log = account.build()
    assert build["buildStatus"] == "SUCCEEDED"
    assert "***" in log
    assert "level-of-debug" not in "\n".join(log)


@pytest.mark.slow
def test_a_role_without_the_right_to_a_parameter_fails_the_build(account: Account) -> None:
    account.client("ssm").put_parameter(Name=f"/{account.name}", Value="x", Type="String")
    spec = f"version: 0.2\nenv: {{parameter-store: {{A: /{account.name}}}}}\nphases: {{build: {{commands: [true]}}}}\n"
    account.project(spec, account.role("logs:*"))
    context = failed(account.build()[0])
    assert context["statusCode"] == "Decrypted Variables Error"
    assert "ssm:GetParameters" in context["message"]


@pytest.mark.slow
def test_a_role_without_the_right_to_logs_fails_the_build(account: Account) -> None:
    account.project("version: 0.2\nphases: {build: {commands: [true]}}\n", account.role("s3:*"))
    assert failed(account.build()[0])["statusCode"] == "ACCESS_DENIED"


@pytest.mark.slow
def test_a_role_of_another_service_fails_the_build(account: Account) -> None:
    role = account.role("*", principal="lambda.amazonaws.com")
    account.project("version: 0.2\nphases: {build: {commands: [true]}}\n", role)
    assert "sts:AssumeRole" in failed(account.build()[0])["message"]


@pytest.mark.slow
def test_the_aws_cli_of_a_build_reaches_the_emulator_as_the_build_role(account: Account) -> None:
    account.client("s3").create_bucket(Bucket=account.name)
    spec = f"""
version: 0.2
phases:
  build:
    commands:
    - aws sts get-caller-identity --query Arn --output text
    - echo packaged > file
    - aws s3 cp --quiet file s3://{account.name}/file
"""
    account.project(spec, account.role("logs:*", "s3:PutObject"))
    build, log = account.build()
    assert build["buildStatus"] == "SUCCEEDED", log
    uuid_ = build["id"].partition(":")[2]
    assert f"arn:aws:sts::123456789012:assumed-role/{account.name}/AWSCodeBuild-{uuid_}" in log
    body = account.client("s3").get_object(Bucket=account.name, Key="file")["Body"].read()
    assert body == b"packaged\n"
