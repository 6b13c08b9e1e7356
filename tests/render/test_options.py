"""What options of the pipeline file promise of the template they make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.compiler.pipeline import compile_file
from generator.render.template_text import to_yaml
from generator.repository.files import Repository
from tests.properties.templates import load

_APPLICATION = Repository(Path(__file__).parent.parent / "golden" / "application")
_HEAD = "service: time-service\nsource:\n  codecommit: {repository: time-service}\n"
_BOUNDARY = "arn:aws:iam::111122223333:policy/delivery/boundary"


def resources(tmp_path: Path, more: str) -> dict[str, Any]:
    file = tmp_path / "pipeline.yaml"
    file.write_text(_HEAD + more)
    parsed: dict[str, Any] = load(to_yaml(compile_file(file, "pipeline.yaml", _APPLICATION).pipeline, "x", "0"))
    return dict(parsed["Resources"])


@pytest.mark.parametrize("source", ["", "encryption: kms\n", "tests: none\n"])
def test_a_boundary_bounds_every_role(tmp_path: Path, source: str) -> None:
    listed = resources(tmp_path, f"permissions_boundary: {_BOUNDARY}\n{source}")
    roles = {name: resource["Properties"] for name, resource in listed.items() if resource["Type"] == "AWS::IAM::Role"}
    assert "ProdDeployRole" in roles
    assert {properties["PermissionsBoundary"] for properties in roles.values()} == {_BOUNDARY}


def test_without_a_boundary_no_role_has_one(tmp_path: Path) -> None:
    listed = resources(tmp_path, "")
    assert not [name for name, resource in listed.items() if "PermissionsBoundary" in resource["Properties"]]


_VPC = "vpc: {id: vpc-0a1b2c3d, subnets: [subnet-0a1b2c3d], security_groups: [sg-0a1b2c3d]}"


def granted(listed: dict[str, Any], role: str, sid: str) -> dict[str, Any]:
    (policy,) = listed[role]["Properties"]["Policies"]
    (statement,) = [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Sid"] == sid]
    return dict(statement)


def test_a_build_may_read_the_secrets_it_names_and_no_others(tmp_path: Path) -> None:
    listed = resources(tmp_path, "build: {secrets: {A: {secretsmanager: 'x/y:key'}, B: {parameter_store: /p/q}}}\n")
    secret = granted(listed, "BuildRole", "ReadSecrets")
    assert secret["Action"] == "secretsmanager:GetSecretValue"
    assert secret["Resource"]["Fn::Sub"].endswith(":secret:x/y-??????")
    assert granted(listed, "BuildRole", "ReadParameters")["Resource"]["Fn::Sub"].endswith(":parameter/p/q")
    variables = listed["BuildProject"]["Properties"]["Environment"]["EnvironmentVariables"]
    assert {"Name": "A", "Type": "SECRETS_MANAGER", "Value": "x/y:key"} in variables
    assert {"Name": "B", "Type": "PARAMETER_STORE", "Value": "/p/q"} in variables


def test_a_build_in_a_vpc_lends_network_interfaces_to_codebuild_alone(tmp_path: Path) -> None:
    listed = resources(tmp_path, f"build: {{{_VPC}}}\n")
    lent = granted(listed, "BuildRole", "LendNetworkInterfaces")
    assert lent["Action"] == "ec2:CreateNetworkInterfacePermission"
    assert lent["Condition"]["StringEquals"] == {"ec2:AuthorizedService": "codebuild.amazonaws.com"}
    assert "subnet-0a1b2c3d" in str(lent["Condition"]["ArnEquals"]["ec2:Subnet"])


def test_lambda_compute_is_told_of_no_timeout_and_no_cache(tmp_path: Path) -> None:
    project = resources(tmp_path, "build: {compute: lambda}\n")["BuildProject"]["Properties"]
    assert not {"Cache", "TimeoutInMinutes", "QueuedTimeoutInMinutes", "VpcConfig"} & set(project)
    assert project["Environment"]["Type"] == "LINUX_LAMBDA_CONTAINER"


@pytest.mark.parametrize(
    ("image", "pulled"),
    [
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/a/b:1", ["EnterRegistry", "PullImage"]),
        ("public.ecr.aws/sam/build-python3.13", []),
        ("aws/codebuild/standard:7.0", []),
    ],
)
def test_an_image_is_pulled_with_no_more_rights_than_it_takes(tmp_path: Path, image: str, pulled: list[str]) -> None:
    listed = resources(tmp_path, f"build: {{image: '{image}'}}\n")
    (policy,) = listed["BuildRole"]["Properties"]["Policies"]
    sids = [statement["Sid"] for statement in policy["PolicyDocument"]["Statement"]]
    assert sorted({"EnterRegistry", "PullImage"} & set(sids)) == pulled
    credentials_type = listed["BuildProject"]["Properties"]["Environment"].get("ImagePullCredentialsType")
    assert credentials_type == (None if image.startswith("aws/") else "SERVICE_ROLE")


def test_tests_that_are_commands_need_no_function_and_no_stack_of_their_own(tmp_path: Path) -> None:
    listed = resources(tmp_path, "tests: {commands: [pytest]}\n")
    assert not {"StartTests", "TestsDeployRole"} & set(listed)
    stages = listed["Pipeline"]["Properties"]["Stages"]
    assert [stage["Name"] for stage in stages] == ["Source", "Build", "Beta", "Gamma", "Prod"]
    assert [action["Name"] for action in stages[2]["Actions"]] == ["Deploy", "Test"]


def test_commands_that_test_may_read_what_they_test_and_write_nothing_of_it(tmp_path: Path) -> None:
    listed = resources(tmp_path, "tests: {commands: [pytest]}\nstages: [beta, {prod: {tests: false}}]\n")
    (policy,) = listed["TestRole"]["Properties"]["Policies"]
    allowed = {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
    assert sorted(allowed) == ["FindBucket", "ReadArtifacts", "ReadOutputs", "ReportTests", "WriteLogs"]
    assert "-beta/" in str(allowed["ReadOutputs"]["Resource"])
    assert "-prod/" not in str(allowed["ReadOutputs"]["Resource"])
    assert "s3:PutObject" not in str(allowed["ReadArtifacts"])


def test_the_approver_reads_what_the_commands_of_the_stage_before_said(tmp_path: Path) -> None:
    listed = resources(tmp_path, "tests: {commands: [pytest]}\n")
    prod = listed["Pipeline"]["Properties"]["Stages"][-1]["Actions"]
    (describe,) = [action for action in prod if action["Name"] == "DescribeChanges"]
    assert '"tested":"Gamma"' in str(describe["Configuration"]["UserParameters"])


def test_an_approval_needs_no_variable_that_tests_may_leave_out(tmp_path: Path) -> None:
    listed = resources(tmp_path, "stages: [beta, gamma, prod]\n")
    assert "Tests.Summary" not in str(listed["Pipeline"])


@pytest.mark.parametrize(("url", "exported"), [("ApiUrl", True), ("none", False)])
def test_an_application_without_a_url_is_tested_without_one(tmp_path: Path, url: str, exported: bool) -> None:
    listed = resources(tmp_path, f"app: {{url: {url}}}\ntests: {{commands: [pytest]}}\n")
    assert ("API_URL" in listed["TestProject"]["Properties"]["Source"]["BuildSpec"]) == exported


_KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"


def test_an_existing_bucket_is_reached_in_this_pipelines_folders_alone(tmp_path: Path) -> None:
    listed = resources(tmp_path, "artifacts: {bucket: acme-artifacts}\n")
    assert not {"ArtifactBucket", "ArtifactBucketPolicy"} & set(listed)
    folders = ("${ServiceName}*", "Packaged/*", "Cache/${ServiceName}/*")
    for role, sids in (
        ("BuildRole", ("ReadAndWriteArtifacts", "CreatePackagedCode")),
        ("PipelineRole", ("Artifacts",)),
    ):
        reached = str([granted(listed, role, sid)["Resource"] for sid in sids])
        assert all(folder in reached for folder in folders)
        assert "${ArtifactBucket}/*" not in reached


def test_an_existing_key_encrypts_artifacts_and_nothing_whose_service_it_may_not_admit(tmp_path: Path) -> None:
    listed = resources(tmp_path, f"artifacts: {{key: '{_KEY}'}}\nnotifications: {{email: [team@example.com]}}\n")
    assert "ArtifactKey" not in listed
    store = listed["Pipeline"]["Properties"]["ArtifactStore"]
    assert store["EncryptionKey"] == {"Id": {"Ref": "ArtifactKey"}, "Type": "KMS"}
    assert "KmsKeyId" not in listed["BuildLogs"]["Properties"]
    assert "KmsMasterKeyId" not in listed["NotificationTopic"]["Properties"]
    assert "ArtifactBucket" in listed
