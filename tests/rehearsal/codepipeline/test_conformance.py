"""The CodePipeline of the emulator, driven through AWS's client library as it would be on AWS."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.codepipeline.emulated_pipeline import EmulatedPipeline


@pytest.fixture
def emulated(emulator: Emulator, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[EmulatedPipeline]:
    name = re.sub(r"[^a-z]+", "-", request.node.name)[7:30].strip("-")
    result = EmulatedPipeline(emulator, name, tmp_path)
    yield result
    result.pipelines.delete_pipeline(name=result.pipeline)


def stage(name: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "actions": list(actions)}


def to_prod(emulated: EmulatedPipeline) -> list[dict[str, Any]]:
    text = "#{Tests.passed} passed for #{Src.CommitId}"
    return [
        stage("Build", emulated.build()),
        stage("Beta", emulated.deploy("CREATE_UPDATE", "Beta", 1), emulated.tests("again", 2)),
        stage(
            "Prod",
            emulated.deploy("CHANGE_SET_REPLACE", "Change", 1),
            emulated.approve(2, text),
            emulated.deploy("CHANGE_SET_EXECUTE", "Execute", 3),
        ),
    ]


@pytest.fixture(scope="module")
def green(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[EmulatedPipeline, str]:
    """A pipeline that went from a commit to prod, and the execution that did."""
    emulated = EmulatedPipeline(emulator, "green", tmp_path_factory.mktemp("green"))
    execution = emulated.create(*to_prod(emulated))
    emulated.answer("Prod", "Approve", "Approved")
    assert emulated.ended(execution)["status"] == "Succeeded"
    return emulated, execution


@pytest.mark.slow
def test_a_whole_execution_goes_from_commit_to_prod(green: tuple[EmulatedPipeline, str]) -> None:
    emulated, execution = green
    runs = emulated.runs(execution)
    assert [run["status"] for run in runs.values()] == ["Succeeded"] * 7
    assert list(runs) == ["Source", "Build", "Beta", "Test", "Change", "Approve", "Execute"]
    commit = runs["Source"]["output"]["outputVariables"]["CommitId"]
    assert runs["Approve"]["input"]["resolvedConfiguration"]["CustomData"] == f"3 passed for {commit}"
    assert runs["Build"]["output"]["outputVariables"] == {"VERSION": "7"}
    assert runs["Execute"]["output"]["outputVariables"]["Version"] == "7"
    assert runs["Test"]["output"]["executionResult"]["externalExecutionSummary"] == "3 passed"
    stacks = emulated.emulator.client("cloudformation").describe_stacks(StackName=f"{emulated.prefix}-app")["Stacks"]
    assert stacks[0]["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


@pytest.mark.slow
def test_artifacts_lie_encrypted_in_the_bucket_under_the_pipelines_name(green: tuple[EmulatedPipeline, str]) -> None:
    emulated, execution = green
    runs = emulated.runs(execution)
    (package,) = runs["Build"]["output"]["outputArtifacts"]
    location = package["s3location"]
    assert location["bucket"] == emulated.bucket
    assert location["key"].startswith(f"{emulated.pipeline[:20]}/Package/")
    answer = emulated.emulator.client("s3").get_object(Bucket=emulated.bucket, Key=location["key"])
    assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == ("aws:kms", emulated.key)
    with zipfile.ZipFile(io.BytesIO(answer["Body"].read())) as archive:
        assert archive.namelist() == ["packaged.json"]
    assert runs["Beta"]["input"]["inputArtifacts"] == [package]


@pytest.mark.slow
def test_a_red_test_stops_the_pipeline_and_a_retry_runs_it_again(emulated: EmulatedPipeline) -> None:
    execution = emulated.create(stage("Beta", emulated.tests("fail", 1)), stage("Prod", emulated.approve(1, "?")))
    ended = emulated.ended(execution)
    assert (ended["status"], ended["statusSummary"]) == ("Failed", "Test: 2 tests failed")
    assert emulated.latest("Beta", "Test")["errorDetails"] == {"code": "JobFailed", "message": "2 tests failed"}
    emulated.pipelines.retry_stage_execution(
        pipelineName=emulated.pipeline,
        stageName="Beta",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert emulated.ended(execution)["status"] == "Failed"
    tries = emulated.pipelines.list_action_executions(
        pipelineName=emulated.pipeline, filter={"pipelineExecutionId": execution}
    )["actionExecutionDetails"]
    assert [run["actionName"] for run in tries] == ["Test", "Test", "Source"]


@pytest.mark.slow
def test_a_rejected_approval_stops_the_pipeline_and_prod_stays_as_it_was(emulated: EmulatedPipeline) -> None:
    execution = emulated.create(stage("Prod", emulated.approve(1, "?"), emulated.tests("now", 2)))
    token = emulated.token("Prod", "Approve")
    assert "approvedAt" in emulated.answer("Prod", "Approve", "Rejected")
    assert emulated.ended(execution)["status"] == "Failed"
    assert "Test" not in emulated.runs(execution)
    with pytest.raises(emulated.pipelines.exceptions.ApprovalAlreadyCompletedException):
        emulated.pipelines.put_approval_result(
            pipelineName=emulated.pipeline,
            stageName="Prod",
            actionName="Approve",
            token=token,
            result={"status": "Approved", "summary": ""},
        )


@pytest.mark.slow
def test_a_template_that_breaks_rolls_back_and_says_why(emulated: EmulatedPipeline) -> None:
    unwritable = {"Type": "String", "Name": "aws/reserved", "Value": "x"}
    broken = {
        "Parameters": {"Version": {"Type": "String"}},
        "Resources": {
            "Good": {"Type": "AWS::SQS::Queue"},
            "Bad": {"Type": "AWS::SSM::Parameter", "DependsOn": "Good", "Properties": unwritable},
        },
    }
    emulated.commit({"app.json": json.dumps(broken)}, "Break it")
    emulated.emulator.push(emulated.prefix, emulated.source)
    deploy = emulated.deploy("CREATE_UPDATE", "Beta", 1, TemplatePath="Code::app.json")
    deploy["inputArtifacts"] = [{"name": "Code"}]
    deploy["configuration"]["ParameterOverrides"] = '{"Version": "1"}'
    execution = emulated.create(stage("Beta", deploy))
    assert emulated.ended(execution)["status"] == "Failed"
    error = emulated.latest("Beta", "Beta")["errorDetails"]
    assert error["code"] == "JobFailed"
    assert error["message"].startswith("Failed to create stack. Current status: ROLLBACK_COMPLETE. Reason: Bad:")
    assert "Parameter name" in error["message"]


@pytest.mark.slow
def test_a_provider_that_is_not_rehearsed_is_recognisable(emulated: EmulatedPipeline) -> None:
    ship = emulated.action("Ship", "Deploy", "ElasticBeanstalk", ["Code"], [])
    execution = emulated.create({"name": "Ship", "actions": [ship]})
    assert emulated.ended(execution)["status"] == "Failed"
    error = emulated.latest("Ship", "Ship")["errorDetails"]
    assert error["code"] == "NotRehearsed"
    assert "ElasticBeanstalk" in error["message"]


def test_refusals_are_the_clients_own_exceptions(emulator: Emulator) -> None:
    pipelines = emulator.client("codepipeline")
    with pytest.raises(pipelines.exceptions.PipelineNotFoundException):
        pipelines.get_pipeline(name="none")
    with pytest.raises(pipelines.exceptions.ValidationException, match="regular expression pattern"):
        pipelines.get_pipeline(name="not a name")
    with pytest.raises(pipelines.exceptions.JobNotFoundException):
        pipelines.get_job_details(jobId="00000000-0000-0000-0000-000000000000")
    with pytest.raises(ClientError) as caught:
        pipelines.list_rule_types()
    assert caught.value.response["Error"]["Code"] == "NotRehearsed"
