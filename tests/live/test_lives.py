"""Other whole lives, each of another shape: launched, delivered, changed, delivered again, destroyed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import Ran
from tests.end_to_end.accounts import CLONE, Account
from tests.end_to_end.terminal import Terminal
from tests.live.conftest import LIVE
from tests.live.remains import left
from tests.live.reporting import Report, outcomes

pytestmark = pytest.mark.slow
LEFT = 130  # the picture was left with Ctrl-C, when the approval waited
APP = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}}
Resources:
  Greeting:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src
      AutoPublishAlias: live
      DeploymentPreference: {Type: Canary10Percent5Minutes}
      Events: {Get: {Type: HttpApi, Properties: {Path: /, Method: get}}}
  Below:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: below.yaml}
Outputs:
  ApiUrl: {Value: !Sub "https://${ServerlessHttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/"}
"""
BELOW = "Resources: {Queue: {Type: AWS::SQS::Queue}}\n"
CODE = """\
def handler(event, context):
    return {"statusCode": 200, "body": "hello"}
"""
TESTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TestFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Timeout: 60
      InlineCode: |
        import urllib.request
        def handler(event, context):
            with urllib.request.urlopen(event["api_url"]) as answer:
                assert answer.read() == b"hello"
            return {"passed": 1, "failed": 0, "summary": "it greets"}
Outputs:
  TestFunction: {Value: !Ref TestFunction}
"""
SHAPES = {"app-sam.yaml": APP, "below.yaml": BELOW, "src/app.py": CODE, "test-sam.yaml": TESTS}


def test_an_http_api_with_a_nested_stack_and_a_canary(
    account: Account, report: Report, service: str, tmp_path: Path
) -> None:
    terminal = Terminal(account, tmp_path, service)
    must(terminal, f"mkdir {service}", f"cd {service}")
    pipeline = f"service: {service}\nsource: {{codecommit: {{repository: {service}}}}}\nstages: [beta, prod]\n"
    for name, text in {**SHAPES, "pipeline.yaml": pipeline}.items():
        (terminal.folder / name).parent.mkdir(exist_ok=True)
        (terminal.folder / name).write_text(text, encoding="utf-8")
    report.tag(terminal.folder / "pipeline.yaml")
    must(terminal, "git init --quiet --initial-branch=main", "git add *.yaml src", "git commit --quiet --message Begin")
    rehearsed = rehearsal(terminal)
    must(terminal, "penstock launch --yes")
    push = f"git push {CLONE.replace('us-east-1', account.region)}{service} HEAD:main"
    must(terminal, push)
    deliver(terminal)
    report.compare("HTTP API, nested stack, canary", rehearsed, delivered(account, service))
    # The second version of the function is the first that shifts.
    must(terminal, "sed -i 's/200/200 /' src/app.py", "git commit --quiet --all --message Change", push)
    deliver(terminal)
    must(terminal, f"penstock destroy --prod --yes {service}")
    assert left(account, service) == {}


def test_the_node_starter_from_a_zip_in_s3(account: Account, report: Report, service: str, tmp_path: Path) -> None:
    terminal = Terminal(account, tmp_path, service)
    must(terminal, f"penstock init {service} --blueprint time-service-node", f"cd {service}")
    file = terminal.folder / "pipeline.yaml"
    source = "source: {s3: {key: source.zip}}\nstages: [beta, prod]\n"
    file.write_text(f"service: {service}\n{source}", encoding="utf-8")
    report.tag(file)
    must(terminal, "git add --all", "git commit --quiet --message Begin")
    must(terminal, "penstock launch --yes")
    upload(terminal, service)
    deliver(terminal)
    # On this machine tests/rehearsal/starters rehearses it, and an emulator would be compared with itself.
    if LIVE:
        report.compare("Node starter, S3", rehearsal(terminal), delivered(account, service))
    must(terminal, f"penstock destroy --prod --yes {service}")
    assert left(account, service) == {}


def must(terminal: Terminal, *lines: str) -> None:
    for line in lines:
        ran = terminal.types(line)
        assert ran.code == 0, shown(line, ran)


def deliver(terminal: Terminal) -> None:
    """Follow an execution to its approval, approve, and follow it to its end."""
    for line, code in (("status --watch", LEFT), ("approve Prod --yes", 0), ("status --watch", 0)):
        ran = terminal.types(f"penstock {line}")
        assert ran.code == code, shown(line, ran) + shown("penstock logs", terminal.types("penstock logs"))


def rehearsal(terminal: Terminal) -> dict[str, str]:
    ran = terminal.types("penstock rehearse --approve yes --output json")
    assert ran.code == 0, shown("rehearse", ran)
    return outcomes([json.loads(line) for line in ran.out.splitlines()])


def delivered(account: Account, service: str) -> dict[str, str]:
    """What came of each action of the latest execution, approvals left out."""
    client = account.client("codepipeline")
    pipeline = f"{service}-pipeline"
    (execution,) = client.list_pipeline_executions(pipelineName=pipeline, maxResults=1)["pipelineExecutionSummaries"]
    results: dict[str, str] = {}
    chosen: Any = {"pipelineExecutionId": execution["pipelineExecutionId"]}
    for page in client.get_paginator("list_action_executions").paginate(pipelineName=pipeline, filter=chosen):
        for detail in page["actionExecutionDetails"]:
            if detail["input"]["actionTypeId"]["category"] == "Approval":
                continue
            summary = detail.get("output", {}).get("executionResult", {}).get("externalExecutionSummary", "")
            results[f"{detail['stageName']}/{detail['actionName']}"] = f"{detail['status']} {summary}"
    return results


def upload(terminal: Terminal, service: str) -> None:
    """Put the repository's files, zipped, where the pipeline looks for them."""
    account = terminal.account
    stack = account.client("cloudformation").describe_stacks(StackName=f"{service}-pipeline")["Stacks"][0]
    location = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}["SourceLocation"]
    bucket, _, key = location.removeprefix("s3://").partition("/")
    command = ["git", "archive", "--format=zip", "HEAD"]
    archive = subprocess.run(command, cwd=terminal.folder, env=terminal.environment, check=True, capture_output=True)
    client = account.client("codepipeline")

    def executions() -> int:
        return len(client.list_pipeline_executions(pipelineName=f"{service}-pipeline")["pipelineExecutionSummaries"])

    before = executions()
    account.client("s3").put_object(Bucket=bucket, Key=key, Body=archive.stdout)
    account.wait(lambda: executions() > before, "the pipeline to hear of the upload")


def shown(line: str, ran: Ran) -> str:
    return f"$ {line}\n{ran.out}\n{ran.err}\n-> {ran.code}"
