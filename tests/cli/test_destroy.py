"""`penstock destroy` against the local AWS: what goes, what stays, and going on half-way."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from generator.aws.template_upload import handed_over
from generator.cli import destroy
from tests.aws import local
from tests.aws.local import Cloud, through
from tests.cli.command_line import Ran

PIPELINE = "service: any\nsource:\n  codecommit: {repository: any}\nencryption: kms\n"
TOPIC = '{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}'
BUCKET = '{"Resources": {"B": {"Type": "AWS::S3::Bucket", "DeletionPolicy": "Retain"}}}'
STAGES = ("tests", "beta", "gamma", "prod")


@pytest.fixture(scope="module")
def pipeline(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The template of a pipeline, which serves any service."""
    return cloud.penstock("generate", cwd=local.repository(tmp_path_factory.mktemp("any"), PIPELINE)).out


class Launched:
    """A service whose pipeline is launched and has deployed once, as far as CloudFormation knows."""

    def __init__(self, cloud: Cloud, pipeline: str, name: str, template: str = TOPIC) -> None:
        self.cloud = cloud
        self.name = name
        client = cloud.client("cloudformation")
        with handed_over(cloud.door, pipeline) as where:
            client.create_stack(
                StackName=f"{name}-pipeline",
                Parameters=[{"ParameterKey": "ServiceName", "ParameterValue": name}],
                Capabilities=["CAPABILITY_IAM"],
                **where,
            )
        client.get_waiter("stack_create_complete").wait(StackName=f"{name}-pipeline", WaiterConfig={"Delay": 0.1})
        for stage in STAGES:
            client.create_stack(StackName=f"{name}-{stage}", TemplateBody=template, RoleARN=self._role(stage))
        outputs = client.describe_stacks(StackName=f"{name}-pipeline")["Stacks"][0]["Outputs"]
        self.bucket = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "ArtifactBucketName")
        cloud.client("s3").put_object(Bucket=self.bucket, Key="Packaged/code", Body=b"1")
        cloud.client("s3").put_object(Bucket=self.bucket, Key="Packaged/code", Body=b"2")

    def _role(self, stage: str) -> str:
        """What the pipeline deploys this stage's stack with."""
        stack = {"StackName": f"{self.name}-pipeline", "LogicalResourceId": f"{stage.capitalize()}DeployRole"}
        detail = self.cloud.client("cloudformation").describe_stack_resource(**stack)["StackResourceDetail"]
        role = self.cloud.client("iam").get_role(RoleName=detail["PhysicalResourceId"])["Role"]
        return str(role["Arn"])

    def destroy(self, *options: str) -> Ran:
        return self.cloud.penstock("destroy", "--service", self.name, *options, cwd=Path("/"))

    def stacks(self) -> set[str]:
        stack_names = self.cloud.client("cloudformation").describe_stacks()["Stacks"]
        return {
            name["StackName"].removeprefix(f"{self.name}-") for name in stack_names if self._owns(name["StackName"])
        }

    def outliving(self) -> dict[str, int]:
        """How many of each kind there are of what the stack keeps."""
        ask = self.cloud.client
        keys = [ask("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"] for key in ask("kms").list_keys()["Keys"]]
        ours = [key for key in keys if self.name in key["Description"] and key["KeyState"] == "Enabled"]
        named: dict[str, list[Any]] = {
            "roles": [
                role["RoleName"] for page in ask("iam").get_paginator("list_roles").paginate() for role in page["Roles"]
            ],
            "buckets": [bucket["Name"] for bucket in ask("s3").list_buckets()["Buckets"]],
            "repositories": [
                repository["repositoryName"] for repository in ask("codecommit").list_repositories()["repositories"]
            ],
        }
        counts = {kind: sum(name.startswith(self.name) for name in names) for kind, names in named.items()}
        return {kind: count for kind, count in {**counts, "keys": len(ours)}.items() if count}

    def _owns(self, stack: str) -> bool:
        return stack.startswith(f"{self.name}-")


def test_everything_goes_when_production_may_go_too(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "whole")
    ran = service.destroy("--prod", "--yes", "whole", "--output", "json")
    parsed = json.loads(ran.out)
    assert ran.code == 0, ran.err
    assert parsed["done"] == parsed["plan"]
    order = [step.split(" whole-")[1].split(" ")[0] for step in parsed["plan"][:6]]
    assert order == ["pipeline,", "beta", "gamma", "prod", "tests", "pipeline"]
    kept = [step.split()[2] for step in parsed["plan"][6:]]
    assert list(dict.fromkeys(kept)) == ["role", "policy", "bucket", "key", "repository"]
    assert kept.count("role") == len(("beta", "gamma", "prod", "tests"))
    assert (service.stacks(), service.outliving()) == (set(), {})
    assert [entry["what"].split()[1] for entry in parsed["left"]] == ["key"]


def test_production_stays_with_what_it_needs_until_it_is_told_to_go(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "careful")
    ran = service.destroy("--yes", "careful")
    assert ran.code == 0, ran.err
    assert service.stacks() == {"prod"}
    assert service.outliving() == {"roles": 1, "buckets": 1, "repositories": 1, "keys": 1}
    assert "the stack careful-prod: it is production" in ran.out
    assert "without it careful-prod can be neither changed nor deleted" in ran.out
    again = service.destroy("--yes", "careful")
    assert (again.code, "there is nothing to take down" in again.out) == (0, True)
    last = service.destroy("--prod", "--yes", "careful")
    assert last.code == 0, last.err
    assert (service.stacks(), service.outliving()) == (set(), {})
    assert "there is nothing to take down" in service.destroy("--prod", "--yes", "careful").out


def test_it_goes_on_from_wherever_it_was_left(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "halfway")
    client = cloud.client("cloudformation")
    for name in ("halfway-beta", "halfway-pipeline"):
        client.delete_stack(StackName=name)
    ran = service.destroy("--prod", "--yes", "halfway")
    assert ran.code == 0, ran.err
    assert (service.stacks(), service.outliving()) == (set(), {})


def test_ctrl_c_says_how_far_it_came_and_the_next_run_goes_on(
    cloud: Cloud, pipeline: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Launched(cloud, pipeline, "stopped")
    door, deletions = cloud.door, iter(range(9))

    def interrupt(**_: Any) -> None:
        if next(deletions) == 1:
            raise KeyboardInterrupt

    door.client("cloudformation").meta.events.register("before-call.cloudformation.DeleteStack", interrupt)
    options = ("--service", "stopped", "--prod", "--yes", "stopped")
    assert through(door, destroy.command, *options) == 130
    output = capsys.readouterr()
    assert re.search(r"\b2 of \d+ steps are done, this one is not: delete the stack stopped-gamma", output.err)
    assert "nothing of stopped is left" not in output.out
    assert service.stacks() == {"gamma", "prod", "tests", "pipeline"}
    assert through(door, destroy.command, *options) == 0
    assert (service.stacks(), service.outliving()) == (set(), {})


def test_a_dry_run_only_shows_the_plan(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "only-shown")
    before = service.stacks(), service.outliving()
    ran = service.destroy("--prod", "--dry-run")
    assert ran.code == 0
    assert "  2. delete the stack only-shown-beta (stage Beta)\n" in ran.out
    assert (service.stacks(), service.outliving()) == before
    transition = cloud.client("codepipeline").get_pipeline_state(name="only-shown-pipeline")["stageStates"][1]
    assert transition["inboundTransitionState"]["enabled"]


@pytest.mark.parametrize("answer", [(), ("--yes", "show")])
def test_without_the_service_s_name_nothing_goes(cloud: Cloud, pipeline: str, answer: tuple[str, ...]) -> None:
    service = Launched(cloud, pipeline, f"named{len(answer)}")
    ran = service.destroy("--prod", *answer)
    assert ran.code == 2
    assert f"named{len(answer)}" in ran.err
    assert service.stacks() == {*STAGES, "pipeline"}


def test_what_is_to_be_kept_stays(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "kept")
    ran = service.destroy("--prod", "--yes", "kept", "--keep", "bucket", "--keep", "repository")
    assert ran.code == 0, ran.err
    assert service.outliving() == {"buckets": 1, "repositories": 1, "keys": 1}
    assert "what is in the bucket is encrypted with it" in ran.out


def test_what_the_application_keeps_is_listed(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "listing", BUCKET)
    cloud.client("logs").create_log_group(logGroupName="/aws/lambda/listing-beta-Function")
    ran = service.destroy("--prod", "--yes", "listing")
    assert ran.out.count("AWS::S3::Bucket listing-") == len(STAGES)
    assert "the logs /aws/lambda/listing-beta-Function" in ran.out


def test_a_protected_stack_stops_it_before_anything_is_gone(cloud: Cloud, pipeline: str) -> None:
    service = Launched(cloud, pipeline, "protected")
    cloud.client("cloudformation").update_termination_protection(
        StackName="protected-gamma", EnableTerminationProtection=True
    )
    ran = service.destroy("--prod", "--yes", "protected")
    assert ran.code == 1
    assert "protected from deletion: protected-gamma; nothing was taken down" in ran.err
    assert service.stacks() == {*STAGES, "pipeline"}


def test_a_service_that_was_never_launched_has_nothing_to_take_down(cloud: Cloud, tmp_path: Path) -> None:
    ran = cloud.penstock("destroy", "--service", "nothing-here", "--yes", "nothing-here", cwd=tmp_path)
    assert ran.code == 0
    assert "there is nothing to take down" in ran.out
