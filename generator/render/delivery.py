"""The pipeline itself, its role, the deploy role, and the rule that starts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model import Json, Pipeline, Resource, Statement, Variable
from generator.render import functions, storage
from generator.render.pipeline_stages import declared
from generator.render.policies import role
from generator.triggers import Filter, Push

_NAME = "${ServiceName}-pipeline"
_ARN = "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:"
# The pipeline names these, and so waits for them as it is.
NAMED = frozenset({"PipelineRole", "DeployRole"})
# https://docs.aws.amazon.com/codepipeline/latest/userguide/how-to-custom-role.html
_BUCKET = ("s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning")
_OBJECTS = (
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:GetObjectVersion",
    "s3:GetObjectVersionTagging",
    "s3:PutObject",
    "s3:PutObjectTagging",
)


def resources(pipeline: Pipeline, policies: tuple[str, ...]) -> Iterator[Resource]:
    """Everything that delivers. `policies` are the logical ids the pipeline waits for: it starts when it is created."""
    yield _pipeline(pipeline, policies)
    comment = "What CodePipeline may do: read the source, build, deploy these stacks, run the tests, tell people."
    yield from role("PipelineRole", "codepipeline", _pipeline_rights(pipeline), comment)
    comment = (
        "What CloudFormation may do when it deploys the application. "
        "Stays when the stack goes: an application whose role is gone can be neither updated nor deleted."
    )
    rights = (*pipeline.deploy_statements, *_read_key(pipeline))
    yield from role("DeployRole", "cloudformation", rights, comment, keep=True)
    if pipeline.source.event_pattern:
        yield from _trigger(pipeline.source.event_pattern)


def _read_key(pipeline: Pipeline) -> tuple[Statement, ...]:
    if pipeline.encryption != "kms":
        return ()
    return (Statement("ReadCodeKey", ("kms:Decrypt", "kms:DescribeKey"), ("${ArtifactKey.Arn}",)),)


def _pipeline_rights(pipeline: Pipeline) -> Iterator[Statement]:
    for stage in pipeline.plan:
        yield from stage.statements
    yield Statement(
        "PassDeployRole",
        ("iam:PassRole",),
        ("${DeployRole.Arn}",),
        {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
    )
    # Whoever makes a change set of a template with a transform needs it for the transform too.
    yield from (one for one in pipeline.deploy_statements if one.sid == "Transform")
    # Validating a template knows no resource:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    yield Statement("ValidateTemplates", ("cloudformation:ValidateTemplate",), ("*",))
    invoked = tuple(f"${{{name}.Arn}}" for name in functions.names(pipeline))
    if invoked:
        yield Statement("InvokeFunctions", ("lambda:InvokeFunction",), invoked)
    yield Statement("Artifacts", _OBJECTS, ("${ArtifactBucket.Arn}/*",))
    yield Statement("ArtifactBucket", _BUCKET, ("${ArtifactBucket.Arn}",))
    yield from storage.use_key(pipeline)


def _pipeline(pipeline: Pipeline, policies: tuple[str, ...]) -> Resource:
    store: dict[str, Json] = {"Type": "S3", "Location": "${ArtifactBucket}"}
    if pipeline.encryption == "kms":
        store["EncryptionKey"] = {"Id": "${ArtifactKey.Arn}", "Type": "KMS"}
    properties: dict[str, Json] = {
        "Name": _NAME,
        "PipelineType": "V2",
        "ExecutionMode": pipeline.execution,
        "RoleArn": "${PipelineRole.Arn}",
        "ArtifactStore": store,
        "Stages": [declared(stage) for stage in pipeline.plan],
    }
    if pipeline.source.pushes:
        git = {"SourceActionName": pipeline.source.action.name, "Push": [_push(one) for one in pipeline.source.pushes]}
        properties["Triggers"] = [{"ProviderType": "CodeStarSourceConnection", "GitConfiguration": git}]
    if pipeline.variables:
        properties["Variables"] = [_variable(one) for one in pipeline.variables]
    comment = "Every commit on its way to production."
    return Resource("Pipeline", "AWS::CodePipeline::Pipeline", properties, comment, depends_on=policies)


def _variable(one: Variable) -> Json:
    declared = {"Name": one.name, "DefaultValue": one.default, "Description": one.description}
    return {key: value for key, value in declared.items() if value}


def _push(push: Push) -> Json:
    filters = {"Branches": push.branches, "FilePaths": push.paths, "Tags": push.tags}
    return {key: _patterns(one) for key, one in filters.items() if one}


def _patterns(one: Filter) -> Json:
    both = {"Includes": list(one.includes), "Excludes": list(one.excludes)}
    return {key: patterns for key, patterns in both.items() if patterns}


def _trigger(event_pattern: Mapping[str, Json]) -> Iterator[Resource]:
    start = Statement("StartPipeline", ("codepipeline:StartPipelineExecution",), (_ARN + _NAME,))
    yield from role(
        "TriggerRole",
        "events",
        (start,),
        "What the rule may do: start this pipeline.",
        # https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
        condition={"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
    )
    target = {"Id": "Pipeline", "Arn": _ARN + "${Pipeline}", "RoleArn": "${TriggerRole.Arn}"}
    properties = {
        "EventPattern": event_pattern,
        "Targets": [target],
    }
    yield Resource("TriggerRule", "AWS::Events::Rule", properties, "Starts the pipeline for each commit; never polls.")
