"""The rules that matter most, over every golden template as it is after launch: no scanner is needed for these."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scanners import launched
from scanners.findings import Finding
from scanners.reasons import accepted
from tests.properties.templates import as_list, statements

pytestmark = pytest.mark.slow

CASES = pytest.mark.parametrize("case", launched.CASES, ids=lambda case: case.name)
_IN_THE_OPEN = ("password", "secret", "token")


@cache
def template(case: Path) -> launched.Launched:
    """The template of a case after launch."""
    return launched.templates({case.name: launched.of_case(case)})[case.name]


def of_type(case: Path, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, resource in template(case)["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource["Properties"]


def documents(value: Any) -> Iterator[dict[str, Any]]:
    """Every statement of every policy of any kind, resource policies and trust policies too."""
    if isinstance(value, dict):
        yield from as_list(value["Statement"]) if "Statement" in value else ()
        for inner in value.values():
            yield from documents(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from documents(inner)


@CASES
def test_nobody_is_let_in_by_a_wildcard(case: Path) -> None:
    for statement in documents(template(case)["Resources"]):
        if statement["Effect"] == "Allow" and "Principal" in statement:
            assert "*" not in str(statement["Principal"])
            assert not {"NotPrincipal", "NotAction", "NotResource"} & set(statement)


@CASES
def test_no_role_may_do_everything_of_a_service(case: Path) -> None:
    for where, statement in statements(template(case)):
        # What the pipeline file grants is its owner's choice.
        if statement["Effect"] == "Allow" and not statement["Sid"].startswith(("Extra", "Given")):
            assert not [item for item in as_list(statement["Action"]) if item.endswith((":*", "**")) or item == "*"], (
                where
            )


@CASES
def test_every_right_on_any_resource_has_its_reason(case: Path) -> None:
    reasons = accepted()
    for owner, statement in statements(template(case)):
        if statement["Effect"] == "Allow" and "*" in as_list(statement["Resource"]):
            finding = Finding("", "AwsSolutions-IAM5", f"{owner}/{statement['Sid']}")
            assert any(reason.covers(finding) for reason in reasons), finding


@CASES
def test_a_role_is_passed_to_named_services_only(case: Path) -> None:
    for where, statement in statements(template(case)):
        if "iam:PassRole" in as_list(statement["Action"]):
            assert "iam:PassedToService" in str(statement.get("Condition")), where
            assert "*" not in as_list(statement["Resource"])


@CASES
def test_deploy_roles_can_never_touch_this_pipeline(case: Path) -> None:
    for name, properties in of_type(case, "AWS::IAM::Role"):
        trust = str(properties["AssumeRolePolicyDocument"])
        if "cloudformation.amazonaws.com" in trust:
            policies = {arn.rsplit("/", 1)[1] for arn in properties["ManagedPolicyArns"]}
            denied = [
                statement
                for owner, statement in statements(template(case))
                if owner.lower() in policies and statement["Effect"] == "Deny"
            ]
            assert any({"iam:*", "cloudformation:*"} <= set(denial["Action"]) for denial in denied), name


@CASES
def test_buckets_are_private_encrypted_and_speak_tls_only(case: Path) -> None:
    denied = {
        properties["Bucket"]
        for _, properties in of_type(case, "AWS::S3::BucketPolicy")
        if any(
            statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in properties["PolicyDocument"]["Statement"]
        )
    }
    for _, properties in of_type(case, "AWS::S3::Bucket"):
        assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(properties["PublicAccessBlockConfiguration"]) == 4
        assert properties["BucketEncryption"]
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert properties["BucketName"] in denied


@CASES
def test_topics_speak_tls_only(case: Path) -> None:
    denied = [
        topic["Ref"]
        for _, properties in of_type(case, "AWS::SNS::TopicPolicy")
        for topic in properties["Topics"]
        if any(statement["Effect"] == "Deny" for statement in properties["PolicyDocument"]["Statement"])
    ]
    assert sorted(denied) == sorted(name for name, _ in of_type(case, "AWS::SNS::Topic"))


@CASES
def test_logs_end_and_keys_rotate(case: Path) -> None:
    for _, properties in of_type(case, "AWS::Logs::LogGroup"):
        assert properties["RetentionInDays"] > 0
    for _, properties in of_type(case, "AWS::KMS::Key"):
        assert properties["EnableKeyRotation"] is True


@CASES
def test_only_a_build_that_makes_images_is_privileged_and_none_is_without_a_log(case: Path) -> None:
    makes_images = any(of_type(case, "AWS::ECR::Repository"))
    for name, properties in of_type(case, "AWS::CodeBuild::Project"):
        assert not properties["Environment"].get("PrivilegedMode") or (makes_images and name == "BuildProject")
        assert properties["LogsConfig"]["CloudWatchLogs"]["Status"] == "ENABLED"


@CASES
def test_no_secret_stands_in_the_open(case: Path) -> None:
    for _, properties in of_type(case, "AWS::CodeBuild::Project"):
        for variable in properties["Environment"]["EnvironmentVariables"]:
            plain = variable.get("Type", "PLAINTEXT") == "PLAINTEXT"
            assert not (plain and any(word in variable["Name"].lower() for word in _IN_THE_OPEN))
    assert "NoEcho" not in str(template(case).get("Parameters"))
