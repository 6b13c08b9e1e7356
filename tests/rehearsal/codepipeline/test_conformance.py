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
from tests.rehearsal.codepipeline.site_of_conformance import Site


@pytest.fixture
def site(emulator: Emulator, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    name = re.sub(r"[^a-z]+", "-", request.node.name)[7:30].strip("-")
    result = Site(emulator, name, tmp_path)
    yield result
    result.pipelines.delete_pipeline(name=result.pipeline)


def stage(name: str, *actions: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "actions": list(actions)}


def to_prod(site: Site) -> list[dict[str, Any]]:
    text = "#{Tests.passed} passed for #{Src.CommitId}"
    return [
        stage("Build", site.build()),
        stage("Beta", site.deploy("CREATE_UPDATE", "Beta", 1), site.tests("again", 2)),
        stage(
            "Prod",
            site.deploy("CHANGE_SET_REPLACE", "Change", 1),
            site.approve(2, text),
            site.deploy("CHANGE_SET_EXECUTE", "Execute", 3),
        ),
    ]


@pytest.fixture(scope="module")
def green(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, str]:
    """A site whose pipeline went from a commit to prod, and the execution that did."""
    site = Site(emulator, "green", tmp_path_factory.mktemp("green"))
    execution = site.create(*to_prod(site))
    site.answer("Prod", "Approve", "Approved")
    assert site.ended(execution)["status"] == "Succeeded"
    return site, execution


@pytest.mark.slow
def test_a_whole_execution_goes_from_commit_to_prod(green: tuple[Site, str]) -> None:
    site, execution = green
    runs = site.runs(execution)
    assert [run["status"] for run in runs.values()] == ["Succeeded"] * 7
    assert list(runs) == ["Source", "Build", "Beta", "Test", "Change", "Approve", "Execute"]
    commit = runs["Source"]["output"]["outputVariables"]["CommitId"]
    assert runs["Approve"]["input"]["resolvedConfiguration"]["CustomData"] == f"3 passed for {commit}"
    assert runs["Build"]["output"]["outputVariables"] == {"VERSION": "7"}
    assert runs["Execute"]["output"]["outputVariables"]["Version"] == "7"
    assert runs["Test"]["output"]["executionResult"]["externalExecutionSummary"] == "3 passed"
    stacks = site.emulator.client("cloudformation").describe_stacks(StackName=f"{site.prefix}-app")["Stacks"]
    assert stacks[0]["StackStatus"] in ("CREATE_COMPLETE", "UPDATE_COMPLETE")


@pytest.mark.slow
def test_artifacts_lie_encrypted_in_the_bucket_under_the_pipelines_name(green: tuple[Site, str]) -> None:
    site, execution = green
    runs = site.runs(execution)
    (package,) = runs["Build"]["output"]["outputArtifacts"]
    location = package["s3location"]
    assert location["bucket"] == site.bucket
    assert location["key"].startswith(f"{site.pipeline[:20]}/Package/")
    answer = site.emulator.client("s3").get_object(Bucket=site.bucket, Key=location["key"])
    assert (answer["ServerSideEncryption"], answer["SSEKMSKeyId"]) == ("aws:kms", site.key)
    with zipfile.ZipFile(io.BytesIO(answer["Body"].read())) as archive:
        assert archive.namelist() == ["packaged.json"]
    assert runs["Beta"]["input"]["inputArtifacts"] == [package]


@pytest.mark.slow
def test_a_red_test_stops_the_pipeline_and_a_retry_runs_it_again(site: Site) -> None:
    execution = site.create(stage("Beta", site.tests("fail", 1)), stage("Prod", site.approve(1, "?")))
    ended = site.ended(execution)
    assert (ended["status"], ended["statusSummary"]) == ("Failed", "Test: 2 tests failed")
    assert site.latest("Beta", "Test")["errorDetails"] == {"code": "JobFailed", "message": "2 tests failed"}
    site.pipelines.retry_stage_execution(
        pipelineName=site.pipeline,
        stageName="Beta",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    assert site.ended(execution)["status"] == "Failed"
    tries = site.pipelines.list_action_executions(
        pipelineName=site.pipeline, filter={"pipelineExecutionId": execution}
    )["actionExecutionDetails"]
    assert [run["actionName"] for run in tries] == ["Test", "Test", "Source"]


@pytest.mark.slow
def test_a_rejected_approval_stops_the_pipeline_and_prod_stays_as_it_was(site: Site) -> None:
    execution = site.create(stage("Prod", site.approve(1, "?"), site.tests("now", 2)))
    token = site.token("Prod", "Approve")
    assert "approvedAt" in site.answer("Prod", "Approve", "Rejected")
    assert site.ended(execution)["status"] == "Failed"
    assert "Test" not in site.runs(execution)
    with pytest.raises(site.pipelines.exceptions.ApprovalAlreadyCompletedException):
        site.pipelines.put_approval_result(
            pipelineName=site.pipeline,
            stageName="Prod",
            actionName="Approve",
            token=token,
            result={"status": "Approved", "summary": ""},
        )


@pytest.mark.slow
def test_a_template_that_breaks_rolls_back_and_says_why(site: Site) -> None:
    unwritable = {"Type": "String", "Name": "aws/reserved", "Value": "x"}
    broken = {
        "Parameters": {"Version": {"Type": "String"}},
        "Resources": {
            "Good": {"Type": "AWS::SQS::Queue"},
            "Bad": {"Type": "AWS::SSM::Parameter", "DependsOn": "Good", "Properties": unwritable},
        },
    }
    site.commit({"app.json": json.dumps(broken)}, "Break it")
    site.emulator.push(site.prefix, site.source)
    deploy = site.deploy("CREATE_UPDATE", "Beta", 1, TemplatePath="Code::app.json")
    deploy["inputArtifacts"] = [{"name": "Code"}]
    deploy["configuration"]["ParameterOverrides"] = '{"Version": "1"}'
    execution = site.create(stage("Beta", deploy))
    assert site.ended(execution)["status"] == "Failed"
    error = site.latest("Beta", "Beta")["errorDetails"]
    assert error["code"] == "JobFailed"
    assert error["message"].startswith("Failed to create stack. Current status: ROLLBACK_COMPLETE. Reason: Bad:")
    assert "Parameter name" in error["message"]


@pytest.mark.slow
def test_a_provider_that_is_not_rehearsed_is_recognisable(site: Site) -> None:
    ship = site.action("Ship", "Deploy", "ElasticBeanstalk", ["Code"], [])
    execution = site.create({"name": "Ship", "actions": [ship]})
    assert site.ended(execution)["status"] == "Failed"
    error = site.latest("Ship", "Ship")["errorDetails"]
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
        pipelines.list_webhooks()
    assert caught.value.response["Error"]["Code"] == "NotRehearsed"
