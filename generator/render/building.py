"""The build: one CodeBuild project, its role and its log."""

from __future__ import annotations

from generator.model import Json, Pipeline, Resource
from generator.render import logs, machines, storage
from generator.render.policies import role
from generator.rights import Statement

_NAME = "${ServiceName}-build"
_ARN = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:"
# Where CodePipeline's own artifacts and packaged code lie; the build reads the one and writes both.
_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")
_BUCKET = ("s3:GetBucketAcl", "s3:GetBucketLocation")


def resources(pipeline: Pipeline) -> tuple[Resource, ...]:
    """Project, role and log group."""
    return (
        _project(pipeline),
        *role(
            "BuildRole",
            "codebuild",
            _statements(pipeline),
            "What the build may do: read the source, write artifacts and packaged code. No right to deploy.",
            # https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
            condition={"ArnEquals": {"aws:SourceArn": f"{_ARN}project/{_NAME}"}},
        ),
        logs.group(pipeline, "BuildLogs", f"/aws/codebuild/{_NAME}", "The build's log."),
    )


def _statements(pipeline: Pipeline) -> tuple[Statement, ...]:
    return (
        logs.write("BuildLogs"),
        Statement("ReadAndWriteArtifacts", _OBJECTS, ("${ArtifactBucket.Arn}/*",)),
        Statement("FindBucket", _BUCKET, ("${ArtifactBucket.Arn}",)),
        machines.report(f"{_ARN}report-group/{_NAME}-*"),
        *storage.use_key(pipeline),
        *machines.statements(pipeline.build.machine),
        *machines.read_secrets(pipeline.build.secrets),
    )


def _project(pipeline: Pipeline) -> Resource:
    build = pipeline.build
    variables = machines.variables(build.environment, build.secrets)
    properties: dict[str, Json] = {
        "Name": _NAME,
        "ServiceRole": "${BuildRole.Arn}",
        "Artifacts": {"Type": "CODEPIPELINE"},
        **machines.cache(build.machine),
        **machines.properties(build.machine, variables),
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": "${BuildLogs}"}},
        # A buildspec is no text of ours: `${...}` in it belongs to the shell.
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": build.buildspec.replace("${", "${!")},
        **machines.timeout(build.machine),
    }
    if pipeline.encryption == "kms":
        # CodeBuild encrypts what it writes with its project's key, whatever the artifact store says.
        properties["EncryptionKey"] = "${ArtifactKey.Arn}"
    return Resource("BuildProject", "AWS::CodeBuild::Project", properties, "Builds a commit, once.")
