"""What a whole pipeline needs around it: roles, a bucket, a repository, a project, functions; made through the API."""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from generator.rehearsal.emulator.handle import Emulator

BUILDSPEC = """
version: 0.2
env:
  exported-variables: [VERSION]
phases:
  build:
    commands:
      - export VERSION=7
      - cp app.json packaged.json
      - echo built $CODEBUILD_INITIATOR $STAGE
artifacts:
  files: [packaged.json]
"""
TEMPLATE = {
    "Parameters": {"Version": {"Type": "String"}},
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue"}},
    "Outputs": {"Version": {"Value": {"Ref": "Version"}}, "Url": {"Value": {"Ref": "Queue"}}},
}
FUNCTION = """
import boto3, json, time

def handler(event, context):
    pipeline = boto3.client("codepipeline")
    if "handed on" in event:
        # Longer than a rehearsal waits when nothing is at work.
        time.sleep(7)
        pipeline.put_job_success_result(jobId=event["handed on"], executionDetails={"summary": "3 passed later"})
        return
    job = event["CodePipeline.job"]
    user_parameters = job["data"]["actionConfiguration"]["configuration"]["UserParameters"]
    if user_parameters == "again" and "continuationToken" not in job["data"]:
        pipeline.put_job_success_result(jobId=job["id"], continuationToken="second")
    elif user_parameters == "leave":
        return
    elif user_parameters == "hand on":
        payload = json.dumps({"handed on": job["id"]})
        boto3.client("lambda").invoke(FunctionName=context.function_name, InvocationType="Event", Payload=payload)
    elif user_parameters == "fail":
        details = {"type": "JobFailed", "message": "2 tests failed"}
        pipeline.put_job_failure_result(jobId=job["id"], failureDetails=details)
    else:
        pipeline.put_job_success_result(
            jobId=job["id"],
            executionDetails={"summary": "3 passed"},
            outputVariables={"passed": "3", "told": user_parameters},
        )
"""
PATIENCE = 120.0


def until(condition: Callable[[], Any], what: str) -> Any:
    """What `condition` returns, once that is true. The API has nothing to wait on, so this asks again."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if answer := condition():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


class EmulatedPipeline:
    """A pipeline in an emulator, and all it touches, under names that begin with a prefix of its own."""

    def __init__(self, emulator: Emulator, prefix: str, folder: Path) -> None:
        self.emulator = emulator
        self.prefix = prefix
        self.folder = folder
        self.pipelines = emulator.client("codepipeline")
        self.bucket = f"{prefix}-artifacts"
        emulator.client("s3").create_bucket(Bucket=self.bucket)
        self.key = emulator.client("kms").create_key()["KeyMetadata"]["Arn"]
        self.role = self.role_for("pipeline", "codepipeline.amazonaws.com")
        self.deployer = self.role_for("deployer", "cloudformation.amazonaws.com")
        self._repository()
        self._project()
        self._function()

    def role_for(self, name: str, service: str) -> str:
        trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        iam = self.emulator.client("iam")
        role = f"{self.prefix}-{name}"
        document = json.dumps({"Version": "2012-10-17", "Statement": trust})
        arn = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document)["Role"]["Arn"]
        everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
        iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=policy)
        return str(arn)

    def _repository(self) -> None:
        self.source = self.folder / "source"
        self.source.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit({"app.json": json.dumps(TEMPLATE)}, "Begin")
        self.emulator.client("codecommit").create_repository(repositoryName=self.prefix)
        self.emulator.push(self.prefix, self.source)

    def git(self, *arguments: str) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_{who}_{what}": "x" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
        }
        subprocess.run(["git", *arguments], cwd=self.source, env=environment, check=True, capture_output=True)

    def commit(self, files: dict[str, str], message: str) -> None:
        for name, text in files.items():
            (self.source / name).write_text(text)
        self.git("add", ".")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)

    def _project(self) -> None:
        self.emulator.client("codebuild").create_project(
            name=f"{self.prefix}-build",
            source={"type": "CODEPIPELINE", "buildspec": BUILDSPEC},
            artifacts={"type": "CODEPIPELINE"},
            environment={
                "type": "LINUX_CONTAINER",
                "image": "aws/codebuild/amazonlinux-x86_64-standard:6.0",
                "computeType": "BUILD_GENERAL1_SMALL",
            },
            serviceRole=self.role_for("builder", "codebuild.amazonaws.com"),
        )

    def _function(self) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("index.py", FUNCTION)
        self.emulator.client("lambda").create_function(
            FunctionName=f"{self.prefix}-tests",
            Runtime="python3.13",
            Role=self.role_for("tests", "lambda.amazonaws.com"),
            Handler="index.handler",
            Code={"ZipFile": content.getvalue()},
            Timeout=20,
        )

    def declaration(self, *stages: dict[str, Any]) -> dict[str, Any]:
        """The declaration of this pipeline: its repository, and these stages."""
        source = self.action("Source", "Source", "CodeCommit", [], ["Code"], namespace="Src")
        source["configuration"] = {
            "RepositoryName": self.prefix,
            "BranchName": "main",
            "PollForSourceChanges": "false",
        }
        return {
            "name": f"{self.prefix}-line",
            "roleArn": self.role,
            "pipelineType": "V2",
            "artifactStore": {
                "type": "S3",
                "location": self.bucket,
                "encryptionKey": {"id": self.key, "type": "KMS"},
            },
            "stages": [{"name": "Source", "actions": [source]}, *stages],
        }

    def build(self) -> dict[str, Any]:
        build = self.action("Build", "Build", "CodeBuild", ["Code"], ["Package"], namespace="Built")
        variables = [{"name": "STAGE", "value": "#{Src.BranchName}"}]
        configuration = {
            "ProjectName": f"{self.prefix}-build",
            "EnvironmentVariables": json.dumps(variables),
        }
        return {**build, "configuration": configuration}

    def approve(self, order: int, text: str) -> dict[str, Any]:
        approve = self.action("Approve", "Approval", "Manual", [], [], runOrder=order)
        return {**approve, "configuration": {"CustomData": text}}

    @staticmethod
    def action(
        name: str, category: str, provider: str, inputs: list[str], outputs: list[str], **fields: Any
    ) -> dict[str, Any]:
        kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
        return {
            "name": name,
            "actionTypeId": kind,
            "inputArtifacts": [{"name": artifact} for artifact in inputs],
            "outputArtifacts": [{"name": artifact} for artifact in outputs],
            **fields,
        }

    def deploy(self, mode: str, name: str, order: int, **settings: str) -> dict[str, Any]:
        configuration = {
            "ActionMode": mode,
            "StackName": f"{self.prefix}-app",
            "RoleArn": self.deployer,
        }
        if mode.startswith("CHANGE_SET"):
            configuration["ChangeSetName"] = "c-#{codepipeline.PipelineExecutionId}"
        if mode in ("CREATE_UPDATE", "CHANGE_SET_REPLACE"):
            configuration["TemplatePath"] = "Package::packaged.json"
            configuration["ParameterOverrides"] = json.dumps({"Version": "#{Built.VERSION}"})
        deploy = self.action(name, "Deploy", "CloudFormation", ["Package"], [], runOrder=order, namespace=name)
        return {**deploy, "configuration": {**configuration, **settings}}

    def tests(self, user_parameters: str, order: int) -> dict[str, Any]:
        invoke = self.action("Test", "Invoke", "Lambda", [], [], runOrder=order, namespace="Tests")
        configuration = {"FunctionName": f"{self.prefix}-tests", "UserParameters": user_parameters}
        return {**invoke, "configuration": configuration}

    @property
    def pipeline(self) -> str:
        return f"{self.prefix}-line"

    def create(self, *stages: dict[str, Any]) -> str:
        """Create the pipeline; the id of the execution that begins with it."""
        self.pipelines.create_pipeline(pipeline=self.declaration(*stages))
        (summary,) = self.pipelines.list_pipeline_executions(pipelineName=self.pipeline)["pipelineExecutionSummaries"]
        return str(summary["pipelineExecutionId"])

    def ended(self, execution: str) -> dict[str, Any]:
        """The execution, once it is over."""

        def over() -> dict[str, Any] | None:
            execution_detail: dict[str, Any] = self.pipelines.get_pipeline_execution(
                pipelineName=self.pipeline, pipelineExecutionId=execution
            )["pipelineExecution"]
            return execution_detail if execution_detail["status"] not in ("InProgress", "Stopping") else None

        execution_detail: dict[str, Any] = until(over, f"the end of execution {execution}")
        return execution_detail

    def latest(self, stage: str, action: str) -> dict[str, Any]:
        """The latest run of an action, as GetPipelineState shows it."""
        states = self.pipelines.get_pipeline_state(name=self.pipeline)["stageStates"]
        (execution,) = [
            state.get("latestExecution", {})
            for each in states
            if each["stageName"] == stage
            for state in each["actionStates"]
            if state["actionName"] == action
        ]
        return dict(execution)

    def token(self, stage: str, action: str) -> str:
        """The token of an approval, once it waits."""
        return str(until(lambda: self.latest(stage, action).get("token"), f"approval {action}"))

    def answer(self, stage: str, action: str, status: str) -> dict[str, Any]:
        reply: dict[str, Any] = self.pipelines.put_approval_result(
            pipelineName=self.pipeline,
            stageName=stage,
            actionName=action,
            token=self.token(stage, action),
            result={"status": status, "summary": "seen"},
        )
        return reply

    def runs(self, execution: str) -> dict[str, dict[str, Any]]:
        """The execution's actions by name, as ListActionExecutions tells of them."""
        details = self.pipelines.list_action_executions(
            pipelineName=self.pipeline, filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        return {detail["actionName"]: detail for detail in reversed(details)}
