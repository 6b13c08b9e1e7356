"""What must hold for the template of the smallest pipeline file, whoever changes how it is made."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from generator import __version__
from generator.compiler.pipeline import compile_file
from generator.render.template_text import to_yaml
from generator.repository import assets
from generator.repository.files import Repository
from tests.properties.templates import load


def rendered(repository: Path, more: str = "") -> str:
    file = repository / "pipeline.yaml"
    file.write_text(file.read_text() + more)
    return to_yaml(compile_file(file, "pipeline.yaml", Repository(repository)).pipeline, "pipeline.yaml", __version__)


@pytest.fixture
def python_starter(tmp_path: Path) -> Path:
    shutil.copytree(assets.folder("blueprints") / "time-service-python", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_logical_ids_of_what_holds_state_never_change(python_starter: Path) -> None:
    resources = load(rendered(python_starter, "encryption: kms\n"))["Resources"]
    kept = {name: r["Type"] for name, r in resources.items() if r.get("DeletionPolicy")}
    assert kept == {
        "ArtifactBucket": "AWS::S3::Bucket",
        "ArtifactKey": "AWS::KMS::Key",
        "BetaDeployRole": "AWS::IAM::Role",
        "DeployPolicy1": "AWS::IAM::ManagedPolicy",
        "DeployPolicy2": "AWS::IAM::ManagedPolicy",
        "DeployPolicy3": "AWS::IAM::ManagedPolicy",
        "DeployPolicy4": "AWS::IAM::ManagedPolicy",
        "GammaDeployRole": "AWS::IAM::Role",
        "ProdDeployRole": "AWS::IAM::Role",
        "Repository": "AWS::CodeCommit::Repository",
        "TestsDeployRole": "AWS::IAM::Role",
    }
    assert resources["Pipeline"]["Type"] == "AWS::CodePipeline::Pipeline"


def test_what_stays_when_the_stack_goes_goes_when_its_creation_fails(python_starter: Path) -> None:
    resources = load(rendered(python_starter))["Resources"]
    policies = {(r.get("DeletionPolicy"), r.get("UpdateReplacePolicy")) for r in resources.values()}
    assert policies == {(None, None), ("RetainExceptOnCreate", "Retain")}


def test_bucket_and_roles_have_no_fixed_names(python_starter: Path) -> None:
    resources = load(rendered(python_starter))["Resources"]
    for resource in resources.values():
        if resource["Type"] in {"AWS::S3::Bucket", "AWS::IAM::Role"}:
            assert not {"BucketName", "RoleName"} & set(resource["Properties"])


def test_packaged_code_never_expires(python_starter: Path) -> None:
    template = load(rendered(python_starter))
    rules = template["Resources"]["ArtifactBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    variables = template["Resources"]["BuildProject"]["Properties"]["Environment"]["EnvironmentVariables"]
    (prefix,) = [variable["Value"] for variable in variables if variable["Name"] == "BUILD_OUTPUT_PREFIX"]
    expiring = [rule.get("Prefix") for rule in rules if "ExpirationInDays" in rule]
    assert {"Ref": "ServiceName"} in expiring
    # A service's name begins with a small letter, and so never with what packaged code begins with.
    assert not any(prefix.startswith(rule) for rule in expiring if isinstance(rule, str))
    assert prefix[0].isupper()


def test_a_line_of_a_function_s_traceback_is_the_line_of_its_file(python_starter: Path) -> None:
    resources = load(rendered(python_starter))["Resources"]
    for logical_id, file in (("StartTests", "start_tests.py"), ("DescribeChanges", "describe_changes.py")):
        embedded = resources[logical_id]["Properties"]["Code"]["ZipFile"]
        assert embedded == assets.function(file, services=False)
        assert assets.text("test_runner_lambda", file).startswith(embedded.rstrip())
        assert assets.function(file, services=True).startswith(embedded.rstrip())


def test_start_tests_is_never_retried_by_lambda_and_its_errors_are_told(python_starter: Path) -> None:
    resources = load(rendered(python_starter, "notifications: {email: [team@example.com]}\n"))["Resources"]
    assert resources["StartTestsOnce"]["Properties"]["MaximumRetryAttempts"] == 0
    assert resources["StartTestsErrors"]["Properties"]["AlarmActions"] == [{"Ref": "NotificationTopic"}]


def test_the_pipeline_waits_for_every_policy(python_starter: Path) -> None:
    resources = load(rendered(python_starter))["Resources"]
    carriers = {name for name, r in resources.items() if r["Type"].startswith(("AWS::IAM", "AWS::S3::BucketPolicy"))}
    named = {name for name in carriers if name in str(resources["Pipeline"]["Properties"])}
    named |= {name for name in carriers for role in named if name in str(resources[role])}
    assert carriers - named <= set(resources["Pipeline"]["DependsOn"])


def test_the_key_names_service_principals_and_the_account_only(python_starter: Path) -> None:
    key: dict[str, Any] = load(rendered(python_starter, "encryption: kms\n"))["Resources"]["ArtifactKey"]
    for statement in key["Properties"]["KeyPolicy"]["Statement"]:
        assert set(statement["Principal"]) <= {"AWS", "Service"}
        if "AWS" in statement["Principal"]:
            assert statement["Principal"]["AWS"]["Fn::Sub"].endswith(":root")


def test_the_buildspec_is_whole_for_the_shell(python_starter: Path) -> None:
    resources = load(rendered(python_starter, "build: {test: 'echo ${HOME}'}\n"))["Resources"]
    project = resources["BuildProject"]["Properties"]
    assert isinstance(project["Source"]["BuildSpec"], str)
    variables = {variable["Name"]: variable["Value"] for variable in project["Environment"]["EnvironmentVariables"]}
    assert variables["UNIT_TEST_COMMAND"] == "echo ${HOME}"


def test_free_text_enters_no_json(python_starter: Path) -> None:
    template = load(rendered(python_starter))
    for stage in template["Resources"]["Pipeline"]["Properties"]["Stages"]:
        for action in stage["Actions"]:
            for key in ("UserParameters", "ParameterOverrides"):
                assert "CommitMessage" not in str(action["Configuration"].get(key, ""))
                assert "Summary" not in str(action["Configuration"].get(key, ""))
