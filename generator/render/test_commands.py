"""Tests that are commands: one CodeBuild project runs them against every stage, with the stage's outputs at hand."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.model.commands import TestCommands
from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.template import Resource
from generator.model.text import Json
from generator.render import logs, machines, storage
from generator.render.commands import READ_OUTPUTS
from generator.render.policies import role
from generator.stages import actions

_NAME = "${ServiceName}-tests"
_ARN = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:"
# What the approver reads of tests that passed, unless a command says something else; and a report that is there even if
# no command writes one, since none may fail the build.
_BEGINNING = """\
      - export Summary=passed
      - mkdir -p reports
      - echo '<testsuite name="x"><testcase name="no report"><skipped/></testcase></testsuite>' > reports/none.xml
"""
_END = """\
env:
  exported-variables: [Summary]
reports:
  tests: {files: ["*.xml"], base-directory: reports, file-format: JUNITXML}
"""


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """Project, role and log group; nothing where tests are something else."""
    if not pipeline.test_commands:
        return
    yield _project(pipeline, pipeline.test_commands)
    yield from role(
        "TestRole",
        "codebuild",
        _statements(pipeline),
        "What tests may do: read the commit and the outputs of the stages. The application is tested from outside.",
        # https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
        condition={"ArnEquals": {"aws:SourceArn": f"{_ARN}project/{_NAME}"}},
    )
    yield logs.group(pipeline, "TestLogs", f"/aws/codebuild/{_NAME}", "The log of the tests.")


def _statements(pipeline: Pipeline) -> Iterator[Statement]:
    yield logs.write("TestLogs")
    # The pipeline's folder begins with the service's name; packaged code lies elsewhere.
    folder = "${ArtifactBucket.Arn}/${ServiceName}*"
    yield Statement("ReadArtifacts", ("s3:GetObject", "s3:GetObjectVersion"), (folder,))
    yield Statement("FindBucket", ("s3:GetBucketAcl", "s3:GetBucketLocation"), ("${ArtifactBucket.Arn}",))
    stacks = tuple(actions.stack_arn(stage.stack) for stage in pipeline.stages if stage.tested)
    yield Statement("ReadOutputs", ("cloudformation:DescribeStacks",), stacks)
    yield machines.report(f"{_ARN}report-group/{_NAME}-*")
    yield from storage.read_key(pipeline, "ReadArtifactKey")
    yield from machines.statements(pipeline.build.machine)


def _project(pipeline: Pipeline, tests: TestCommands) -> Resource:
    machine = pipeline.build.machine
    properties: dict[str, Json] = {
        "Name": _NAME,
        "ServiceRole": "${TestRole.Arn}",
        "Artifacts": {"Type": "CODEPIPELINE"},
        **machines.properties(machine, machines.variables({"SERVICE": "${ServiceName}"}, ())),
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": "${TestLogs}"}},
        # No text of ours: `${...}` in it belongs to the shell.
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": _buildspec(pipeline, tests).replace("${", "${!")},
        **machines.timeout(machine),
    }
    if pipeline.encryption == "kms":
        properties["EncryptionKey"] = "${ArtifactKey.Arn}"
    return Resource("TestProject", "AWS::CodeBuild::Project", properties, "Runs the tests of every stage.")


def _buildspec(pipeline: Pipeline, tests: TestCommands) -> str:
    url = pipeline.app.url
    # A JSON text is a YAML text that needs no other quoting.
    run = (*((f'export API_URL="${{OUTPUT_{url}:?the stack has no such output}}"',) if url else ()), *tests.commands)
    commands = "".join(f"      - {json.dumps(command, ensure_ascii=False)}\n" for command in run)
    return READ_OUTPUTS.replace("phases:\n", f"phases:\n{_install(tests)}", 1) + _BEGINNING + commands + _END


def _install(tests: TestCommands) -> str:
    versions = ", ".join(f'{name}: "{version}"' for name, version in sorted(tests.runtimes.items()))
    return f"  install:\n    runtime-versions: {{{versions}}}\n" if versions else ""
