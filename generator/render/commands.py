"""What runs a stage's commands: for each list of them a CodeBuild project, its role and its log."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.model.commands import MOMENTS, Commands, Moment
from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.stage import Stage
from generator.model.template import Resource
from generator.model.text import Json
from generator.render import logs, storage
from generator.render.policies import role
from generator.stages import actions

_ARN = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:project/"
_IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
_TIMEOUT_MINUTES = 60
# What the commands find of the stack: `OUTPUT_<name>`, a prefix because an output may be called PATH. Before the first
# deployment there is no stack, which is no failure.
READ_OUTPUTS = """\
version: 0.2
phases:
  build:
    commands:
      - |
        outputs=$(mktemp) refused=$(mktemp)
        if aws cloudformation describe-stacks --stack-name "$STACK" --output text \\
          --query '(Stacks[0].Outputs || `[]`)[].[OutputKey, OutputValue]' > "$outputs" 2> "$refused"; then
          while read -r name value; do export "OUTPUT_$name=$value"; done < "$outputs"
        elif ! grep -q 'does not exist' "$refused"; then
          cat "$refused" >&2
          exit 1
        fi
"""


def resources(pipeline: Pipeline) -> Iterator[Resource]:
    """Projects, roles and log groups in the order of the stages; nothing for a pipeline without commands."""
    for stage in pipeline.stages:
        for moment in MOMENTS:
            if (commands := stage.commands(moment)) is not None:
                yield from _of(pipeline, stage, moment, commands)


def _of(pipeline: Pipeline, stage: Stage, moment: Moment, commands: Commands) -> Iterator[Resource]:
    project = actions.commands_project(stage, moment)
    name = f"${{ServiceName}}-{stage.word}-{moment}"
    yield _project(pipeline, stage, name, commands=(project, commands))
    made, *others = role(
        f"{project}Role",
        "codebuild",
        _statements(pipeline, stage, project, commands),
        f"What the commands {moment} the deployment of {stage.name} may do: read the commit, and what the file gives.",
        # https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
        condition={"ArnEquals": {"aws:SourceArn": _ARN + name}},
    )
    given = {"ManagedPolicyArns": list(commands.policies)} if commands.policies else {}
    yield from (made._replace(properties={**made.properties, **given}), *others)
    comment = f"The log of the commands {moment} the deployment of {stage.name}."
    yield logs.group(pipeline, f"{project}Logs", f"/aws/codebuild/{name}", comment)


def _statements(pipeline: Pipeline, stage: Stage, project: str, commands: Commands) -> Iterator[Statement]:
    yield logs.write(f"{project}Logs")
    # The pipeline's folder begins with the service's name; packaged code lies elsewhere.
    folder = "${ArtifactBucket.Arn}/${ServiceName}*"
    yield Statement("ReadArtifacts", ("s3:GetObject", "s3:GetObjectVersion"), (folder,))
    yield Statement("FindBucket", ("s3:GetBucketAcl", "s3:GetBucketLocation"), ("${ArtifactBucket.Arn}",))
    yield Statement("ReadOutputs", ("cloudformation:DescribeStacks",), (actions.stack_arn(stage.stack),))
    yield from storage.read_key(pipeline, "ReadArtifactKey")
    yield from commands.statements


def _project(pipeline: Pipeline, stage: Stage, name: str, *, commands: tuple[str, Commands]) -> Resource:
    project, run = commands
    variables = {"SERVICE": "${ServiceName}", "STACK": stage.stack, "STAGE": stage.word}
    properties: dict[str, Json] = {
        "Name": name,
        "ServiceRole": f"${{{project}Role.Arn}}",
        "Artifacts": {"Type": "CODEPIPELINE"},
        "Environment": {
            "Type": "LINUX_CONTAINER",
            "Image": _IMAGE,
            "ComputeType": actions.COMMANDS_COMPUTE,
            "EnvironmentVariables": [{"Name": key, "Value": value} for key, value in variables.items()],
        },
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": f"${{{project}Logs}}"}},
        # No text of ours: `${...}` in it belongs to the shell.
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": _buildspec(run).replace("${", "${!")},
        "TimeoutInMinutes": _TIMEOUT_MINUTES,
    }
    if pipeline.encryption == "kms":
        properties["EncryptionKey"] = "${ArtifactKey.Arn}"
    return Resource(
        project, "AWS::CodeBuild::Project", properties, f"Runs commands around the deployment of {stage.name}."
    )


def _buildspec(run: Commands) -> str:
    # A JSON text is a YAML text that needs no other quoting.
    return READ_OUTPUTS + "".join(f"      - {json.dumps(command, ensure_ascii=False)}\n" for command in run.commands)
