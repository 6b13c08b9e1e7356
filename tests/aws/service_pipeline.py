"""A small pipeline for tests, with real tests in it: source, a stage that deploys and tests, one that asks."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.aws.local import Cloud
from tests.cli.command_line import SOURCES, Ran
from tests.rehearsal.codepipeline.emulated_pipeline import EmulatedPipeline, until

START_TESTS = (SOURCES / "test_runner_lambda" / "start_tests.py").read_text(encoding="utf-8")
CHECK = """
import boto3

def handler(event, context):
    broken = boto3.client("s3").list_objects_v2(Bucket="%s", Prefix="broken").get("KeyCount")
    print("checking", event["api_url"])
    return {"passed": 2, "failed": 1 if broken else 0, "summary": "the clock is wrong" if broken else "all well"}
"""


DESCRIBE = """
import boto3, json

def handler(event, context):
    job = event["CodePipeline.job"]
    commit = job["data"]["actionConfiguration"]["configuration"]["UserParameters"]
    text = f"{commit[:12]} Begin\\nAdd 1\\nAdd AWS::SQS::Queue Queue"
    boto3.client("codepipeline").put_job_success_result(jobId=job["id"], outputVariables={"Text": text})
"""
TAKEN = "taken-by-another"
BROKEN_TEMPLATE = {
    "Parameters": {"Version": {"Type": "String"}},
    "Resources": {
        "Good": {"Type": "AWS::SQS::Queue"},
        "Bad": {"Type": "AWS::Logs::LogGroup", "DependsOn": "Good", "Properties": {"LogGroupName": TAKEN}},
    },
}
"""A template of which one resource fails, after another one was made, where there is a log group `TAKEN` already."""


class ServicePipeline(EmulatedPipeline):
    """A pipeline of a service of its own, `<service>-pipeline`, made through the API in an emulator.

    Its tests are run by start_tests; `break_tests` makes them fail until `repair_tests`.
    """

    def __init__(self, cloud: Cloud, service: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        super().__init__(cloud.emulator, service, folder)
        self.cloud = cloud
        self.service = service

    @property
    def pipeline(self) -> str:
        return f"{self.prefix}-pipeline"

    def declaration(self, *stages: dict[str, Any]) -> dict[str, Any]:
        return {**super().declaration(*stages), "name": self.pipeline}

    def _function(self) -> None:
        self._make("tests", START_TESTS)
        self._make("check", CHECK % self.bucket)
        self._make("describe", DESCRIBE)

    def _make(self, name: str, code: str) -> None:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("index.py", code)
        self.emulator.client("lambda").create_function(
            FunctionName=f"{self.prefix}-{name}",
            Runtime="python3.13",
            Role=self.role_for(name, "lambda.amazonaws.com"),
            Handler="index.handler",
            Code={"ZipFile": content.getvalue()},
            Timeout=60,
        )

    def beta(self) -> dict[str, Any]:
        """A stage that deploys the source as it is, and tests it."""
        deploy = self.deploy(
            "CREATE_UPDATE", "Deploy", 1, TemplatePath="Code::app.json", ParameterOverrides='{"Version": "1"}'
        )
        asked = {
            "service": self.service,
            "stage": "beta",
            "stack": f"{self.prefix}-app",
            "commit": "#{Src.CommitId}",
            "execution_id": "#{codepipeline.PipelineExecutionId}",
            "functions": [f"{self.prefix}-check"],
            "url": "Url",
        }
        test = {**self.tests(json.dumps(asked), 2), "namespace": "BetaTests"}
        return {"name": "Beta", "actions": [{**deploy, "inputArtifacts": [{"name": "Code"}]}, test]}

    def prod(self) -> dict[str, Any]:
        """A stage that only asks."""
        return {"name": "Prod", "actions": [self.approve(1, "Tests in beta: #{BetaTests.Summary}")]}

    def described(self) -> dict[str, Any]:
        """A stage that asks after it has described its changes."""
        describe = self.action("Describe", "Invoke", "Lambda", [], [], runOrder=1, namespace="ProdChanges")
        configuration = {"FunctionName": f"{self.prefix}-describe", "UserParameters": "#{Src.CommitId}"}
        return {
            "name": "Prod",
            "actions": [{**describe, "configuration": configuration}, self.approve(2, "#{ProdChanges.Text}")],
        }

    def asking(self, name: str = "Prod") -> dict[str, Any]:
        """A stage that only asks, in a pipeline without tests."""
        return {"name": name, "actions": [self.approve(1, "Look at it")]}

    def break_tests(self) -> None:
        self.emulator.client("s3").put_object(Bucket=self.bucket, Key="broken", Body=b"")

    def repair_tests(self) -> None:
        self.emulator.client("s3").delete_object(Bucket=self.bucket, Key="broken")

    def push(self, message: str, files: dict[str, str] | None = None) -> str:
        """Commit and push, and start an execution; its id."""
        self.commit(files or {}, message)
        self.emulator.push(self.prefix, self.source)
        return str(self.pipelines.start_pipeline_execution(name=self.pipeline)["pipelineExecutionId"])

    @property
    def head(self) -> str:
        """The id of the commit that was made last."""
        return (self.source / ".git" / "refs" / "heads" / "main").read_text().strip()

    def waits(self, stage: str = "Prod", action: str = "Approve") -> None:
        """Return once the stage waits for an answer."""
        self.token(stage, action)

    def behind(self, stage: str, execution: str) -> None:
        """Return once an execution stands before a stage."""
        until(lambda: execution in self._inbound(stage), f"{execution} before {stage}")

    def inside(self, stage: str, execution: str) -> None:
        """Return once an execution is in a stage, or was the last one there."""
        until(lambda: self._state(stage).get("latestExecution", {}).get("pipelineExecutionId") == execution, stage)

    def _state(self, stage: str) -> dict[str, Any]:
        states = self.pipelines.get_pipeline_state(name=self.pipeline)["stageStates"]
        (current,) = [state for state in states if state["stageName"] == stage]
        return dict(current)

    def _inbound(self, stage: str) -> list[str]:
        return [each["pipelineExecutionId"] for each in self._state(stage).get("inboundExecutions", ())]

    def penstock(self, command: str, *arguments: str, stdin: str = "") -> Ran:
        """Run a command on this pipeline."""
        return self.cloud.penstock(command, *arguments, "--service", self.service, cwd=self.folder, stdin=stdin)


_numbers = itertools.count(1)


def fresh(cloud: Cloud, folder: Path) -> ServicePipeline:
    """A pipeline of one test alone, so that none has to know the names of others."""
    return ServicePipeline(cloud, f"service-{next(_numbers)}", folder / "service")
