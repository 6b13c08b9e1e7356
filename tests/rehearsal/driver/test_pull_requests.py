"""A pull request is built by a pipeline of its own, which has no hold on what is delivered."""

from __future__ import annotations

import time
from typing import Any

import pytest

from generator.rehearsal.driver.declared import declared
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Stage
from tests.rehearsal.driver.small import Small

PULL_REQUESTS = "trigger: {pull_requests: true}\n"
PATIENCE = 120.0


def service(name: str, build: str = "echo building") -> Small:
    return Small(name, source=f"github: {{repository: acme/{name}}}", more=PULL_REQUESTS, build=build)


def built(emulator: Emulator, name: str) -> dict[str, str]:
    """What became of an execution of the pull requests' pipeline: each action's status, and the execution's as ''."""
    codepipeline = emulator.client("codepipeline")
    asked: dict[str, Any] = {"pipelineName": f"PullRequests-{name}"}
    execution = codepipeline.start_pipeline_execution(name=asked["pipelineName"])["pipelineExecutionId"]
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = codepipeline.get_pipeline_execution(**asked, pipelineExecutionId=execution)["pipelineExecution"]
        if result["status"] not in ("InProgress", "Stopping"):
            details = codepipeline.list_action_executions(**asked, filter={"pipelineExecutionId": execution})
            runs = details["actionExecutionDetails"]
            return {"": result["status"], **{run["actionName"]: run["status"] for run in runs}}
        time.sleep(0.05)
    raise AssertionError(f"{execution} never ends")


def keys(emulator: Emulator, stack: str) -> list[str]:
    outputs = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    bucket = next(output["OutputValue"] for output in outputs if output["OutputKey"] == "ArtifactBucketName")
    listed = emulator.client("s3").list_objects_v2(Bucket=bucket).get("Contents", ())
    return [entry["Key"] for entry in listed]


def test_a_pull_request_is_built_and_goes_no_further(stage: Stage) -> None:
    own = "aws s3 cp buildspec.yml s3://$BUILD_OUTPUT_BUCKET/$BUILD_OUTPUT_PREFIX/own"
    outcome = stage.rehearse(service("pulled", own), until="Source")
    assert outcome.outcome.status == "Stopped"
    assert "PullRequests-pulled stands beside it" in outcome.remarks
    result = declared(stage.emulator, "pulled-pipeline")
    assert (result.name, result.beside) == ("pulled-pipeline", ("PullRequests-pulled",))
    assert built(stage.emulator, "pulled") == {"": "Succeeded", "Source": "Succeeded", "Build": "Succeeded"}
    folders = {key.partition("/")[0] for key in keys(stage.emulator, "pulled-pipeline")}
    assert folders == {"pulled-pipeline", "PullRequests-pulled", "PullRequests-Packaged"}


@pytest.mark.parametrize("key", ["Packaged/app.zip", "Cache/packages", "robbed-pipeline/BuildArtif/abc"])
def test_a_pull_request_cannot_write_where_what_is_delivered_lies(stage: Stage, key: str) -> None:
    name = f"robbed{len(key)}"
    attack = f"if aws s3 cp buildspec.yml s3://$BUILD_OUTPUT_BUCKET/{key}; then exit 1; fi"
    stage.rehearse(service(name, attack), until="Source")
    assert built(stage.emulator, name)["Build"] == "Succeeded"
    assert key not in keys(stage.emulator, f"{name}-pipeline")


def test_a_pull_request_can_deploy_nothing(stage: Stage) -> None:
    create = "aws cloudformation create-stack --stack-name harmless-beta --template-body file://app.yaml"
    attack = f"{create} 2>&1 | grep -q 'no identity-based policy allows the cloudformation:CreateStack'"
    stage.rehearse(service("harmless", attack), until="Source")
    assert built(stage.emulator, "harmless")["Build"] == "Succeeded"
