"""CodeBuild: the projects of a stack, and the actions that run them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from generator.model.action import Action, Purpose
from generator.model.artifact import SOURCE_ARTIFACT
from generator.model.build import Machine, Project, Secret
from generator.model.iam import Role, Statement
from generator.model.pipeline import Settings
from generator.model.text import NOTHING, Text, as_json
from generator.stages.actions import machine as machines

ARN = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:"
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_RUN = ("codebuild:BatchGetBuilds", "codebuild:StartBuild")
_FIND_BUCKET = ("s3:GetBucketAcl", "s3:GetBucketLocation")


class Work(NamedTuple):
    """What a project does: its machine, its buildspec (plain text), its variables and secrets."""

    machine: Machine
    buildspec: str
    environment: Mapping[str, Text]
    secrets: tuple[Secret, ...] = ()
    cache: Text = ""


class Naming(NamedTuple):
    """What a project and what belongs to it are called: its name, and its logical id and how those of the others begin.

    The comments say what project, role and log are for.
    """

    name: Text
    logical_id: str
    prefix: str
    comments: tuple[str, str, str]


def project(
    naming: Naming, work: Work, settings: Settings, statements: Iterable[Statement], policies: tuple[Text, ...] = ()
) -> Project:
    """A project with role and log; `statements` are what its role needs beyond what every project does."""
    project_comment, role_comment, log_comment = naming.comments
    logs = settings.log_group(f"{naming.prefix}Logs", f"/aws/codebuild/{naming.name}", log_comment)
    every = (logs.write(), Statement("FindBucket", _FIND_BUCKET, (settings.store.arn,)))
    needed = (*every, *statements, *machines.statements(work.machine), *machines.read_secrets(work.secrets))
    role = Role(
        f"{naming.prefix}Role",
        "codebuild",
        needed,
        role_comment,
        # https://docs.aws.amazon.com/codebuild/latest/userguide/cross-service-confused-deputy-prevention.html
        {"ArnEquals": {"aws:SourceArn": f"{ARN}project/{naming.name}"}},
        policies,
    )
    return Project(
        naming.logical_id,
        naming.name,
        project_comment,
        work.machine,
        work.buildspec,
        work.environment,
        work.secrets,
        role,
        logs,
        work.cache,
        # CodeBuild encrypts what it writes with its project's key, whatever the artifact store says.
        settings.store.key_arn,
    )


def read_artifacts(settings: Settings) -> tuple[Statement, ...]:
    """What a project needs that reads the commit, and nothing that was packaged."""
    read = Statement("ReadArtifacts", ("s3:GetObject", "s3:GetObjectVersion"), (settings.store.artifacts,))
    return (read, *settings.store.read_key("ReadArtifactKey"))


def report(naming: Naming) -> Statement:
    """The right to report tests to groups that begin with the project's name, as CodeBuild calls them."""
    return machines.report(f"{ARN}report-group/{naming.name}-*")


def action(  # noqa: PLR0913 - the words of CodePipeline's own action
    name: str,
    project: Project,
    purpose: Purpose,
    environment: Mapping[str, Text] = NOTHING,
    *,
    test: bool = False,
    inputs: tuple[str, ...] = (SOURCE_ARTIFACT,),
    outputs: tuple[str, ...] = (),
    namespace: str = "",
) -> Action:
    """An action that runs a project with these variables; of several inputs the first is where it begins.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html
    """
    primary = {"PrimarySource": inputs[0]} if len(inputs) > 1 else {}
    variables = [{"name": key, "value": value} for key, value in sorted(environment.items())]
    passed = {"EnvironmentVariables": as_json(variables)} if variables else {}
    return Action(
        name=name,
        category="Test" if test else "Build",
        provider="CodeBuild",
        configuration={"ProjectName": project.reference, **primary, **passed},
        inputs=inputs,
        outputs=outputs,
        namespace=namespace,
        purpose=purpose,
        blocks=(project,),
        statements=(Statement("Build", _RUN, (project.arn,)),),
    )
