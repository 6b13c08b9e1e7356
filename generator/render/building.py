"""Builds: a CodeBuild project, its role and its log, for commits and for pull requests."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.build import Build
from generator.model.iam import Statement
from generator.model.pipeline import Pipeline
from generator.model.template import Resource
from generator.model.text import Json, Text
from generator.render import logs, machines, storage
from generator.render.policies import role

_ARN = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:"
# Where CodePipeline's own artifacts and packaged code lie; the build reads the one and writes both.
_OBJECTS = ("s3:GetObject", "s3:GetObjectVersion", "s3:PutObject")
_BUCKET = ("s3:GetBucketAcl", "s3:GetBucketLocation")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a project has what is its own: what its logical ids begin with, its name, the objects it reads and writes.

    `name` and `objects` are texts.
    """

    logical_id: str
    name: Text
    objects: Text


def resources(pipeline: Pipeline) -> tuple[Resource, ...]:
    """Project, role and log group."""
    place = Place("Build", "${ServiceName}-build", "${ArtifactBucket.Arn}/*")
    return project(pipeline, pipeline.build, place, "Builds a commit, once.")


def project(pipeline: Pipeline, build: Build, place: Place, comment: str) -> tuple[Resource, ...]:
    """A project that builds what CodePipeline hands it, its role and its log group."""
    return (
        Resource(f"{place.logical_id}Project", "AWS::CodeBuild::Project", _properties(pipeline, build, place), comment),
        *role(
            f"{place.logical_id}Role",
            "codebuild",
            _statements(pipeline, build, place),
            "What the build may do: read the source, write artifacts and packaged code. No right to deploy.",
            # https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
            condition={"ArnEquals": {"aws:SourceArn": f"{_ARN}project/{place.name}"}},
        ),
        logs.group(pipeline, f"{place.logical_id}Logs", f"/aws/codebuild/{place.name}", "The build's log."),
    )


def _statements(pipeline: Pipeline, build: Build, place: Place) -> tuple[Statement, ...]:
    return (
        logs.write(f"{place.logical_id}Logs"),
        Statement("ReadAndWriteArtifacts", _OBJECTS, (place.objects,)),
        Statement("FindBucket", _BUCKET, ("${ArtifactBucket.Arn}",)),
        machines.report(f"{_ARN}report-group/{place.name}-*"),
        *storage.use_key(pipeline),
        *machines.statements(build.machine),
        *machines.read_secrets(build.secrets),
    )


def _properties(pipeline: Pipeline, build: Build, place: Place) -> dict[str, Json]:
    variables = machines.variables(build.environment, build.secrets)
    properties: dict[str, Json] = {
        "Name": place.name,
        "ServiceRole": f"${{{place.logical_id}Role.Arn}}",
        "Artifacts": {"Type": "CODEPIPELINE"},
        **machines.cache(build.machine),
        **machines.properties(build.machine, variables),
        "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": f"${{{place.logical_id}Logs}}"}},
        # A buildspec is no text of ours: `${...}` in it belongs to the shell.
        "Source": {"Type": "CODEPIPELINE", "BuildSpec": build.buildspec.replace("${", "${!")},
        **machines.timeout(build.machine),
    }
    if pipeline.encryption == "kms":
        # CodeBuild encrypts what it writes with its project's key, whatever the artifact store says.
        properties["EncryptionKey"] = "${ArtifactKey.Arn}"
    return properties
