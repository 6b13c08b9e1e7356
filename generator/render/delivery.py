"""The pipeline itself, its role, and the rule that starts it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.model.iam import Statement
from generator.model.pipeline import Execution, Pipeline, PlannedStage
from generator.model.template import Resource
from generator.model.text import Json, Text
from generator.model.trigger import Filter, Push, Variable
from generator.render import deploying, functions, storage
from generator.render.pipeline_stages import declared
from generator.render.policies import role
from generator.stages.actions import transforms

_NAME = "${ServiceName}-pipeline"
_ARN = "arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:"
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


def roles(pipeline: Pipeline) -> Iterator[Resource]:
    """Who delivers, and the policies of theirs that the pipeline waits for because it names the roles."""
    comment = "What CodePipeline may do: read the source, build, deploy these stacks, run the tests, tell people."
    yield from role("PipelineRole", "codepipeline", _pipeline_rights(pipeline), comment)
    for rights in pipeline.deploy_rights:
        yield from deploying.resources(rights, storage.read_key(pipeline, "ReadCodeKey"))


def starter(pipeline: Pipeline) -> Iterator[Resource]:
    """What starts the pipeline, when a rule of EventBridge does."""
    if pipeline.source.event_pattern:
        yield from _trigger(pipeline.source.event_pattern)


def _pipeline_rights(pipeline: Pipeline) -> Iterator[Statement]:
    for stage in pipeline.plan:
        yield from stage.statements
    yield Statement(
        "PassDeployRoles",
        ("iam:PassRole",),
        tuple(dict.fromkeys(_deploy_roles(pipeline))),
        {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}},
    )
    yield transforms()
    # Validating a template knows no resource:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    yield Statement("ValidateTemplates", ("cloudformation:ValidateTemplate",), ("*",))
    invoked = tuple(f"${{{name}.Arn}}" for name in functions.names(pipeline))
    if invoked:
        yield Statement("InvokeFunctions", ("lambda:InvokeFunction",), invoked)
    yield from artifacts(pipeline, "${ArtifactBucket.Arn}/*")


def artifacts(pipeline: Pipeline, objects: Text) -> Iterator[Statement]:
    """What the role of a pipeline needs of the artifact bucket; `objects` are those it hands on."""
    yield Statement("Artifacts", _OBJECTS, (objects,))
    yield Statement("ArtifactBucket", _BUCKET, ("${ArtifactBucket.Arn}",))
    yield from storage.use_key(pipeline)


def _deploy_roles(pipeline: Pipeline) -> Iterator[Json]:
    for action in (action for stage in pipeline.plan for action in stage.actions):
        if "RoleArn" in action.configuration:
            yield action.configuration["RoleArn"]


def declaration(
    pipeline: Pipeline,
    plan: Sequence[PlannedStage],
    triggers: Sequence[Json],
    *,
    name: Text,
    role: Text,
    mode: Execution,
) -> dict[str, Json]:
    """A pipeline of the template, delivering or only building, in CloudFormation's words."""
    store: dict[str, Json] = {"Type": "S3", "Location": "${ArtifactBucket}"}
    if pipeline.encryption == "kms":
        store["EncryptionKey"] = {"Id": "${ArtifactKey.Arn}", "Type": "KMS"}
    properties: dict[str, Json] = {
        "Name": name,
        "PipelineType": "V2",
        "ExecutionMode": mode,
        "RoleArn": role,
        "ArtifactStore": store,
        "Stages": [declared(stage) for stage in plan],
    }
    if triggers:
        properties["Triggers"] = list(triggers)
    if pipeline.variables:
        properties["Variables"] = [_variable(one) for one in pipeline.variables]
    return properties


def trigger(pipeline: Pipeline, **filters: Json) -> Json:
    """A trigger of the source action: `filters` by the kind of event they choose from."""
    git = {"SourceActionName": pipeline.source.action.name, **filters}
    return {"ProviderType": "CodeStarSourceConnection", "GitConfiguration": git}


def patterns(one: Filter) -> Json:
    """A filter's patterns; only the lists there are."""
    both = {"Includes": list(one.includes), "Excludes": list(one.excludes)}
    return {key: globs for key, globs in both.items() if globs}


def delivering(pipeline: Pipeline, policies: tuple[str, ...]) -> Resource:
    """The pipeline. `policies` are the logical ids it waits for beyond what it names: it starts when it is created."""
    pushes = [_push(one) for one in pipeline.source.pushes]
    triggers = [trigger(pipeline, Push=pushes)] if pushes else []
    properties = declaration(
        pipeline, pipeline.plan, triggers, name=_NAME, role="${PipelineRole.Arn}", mode=pipeline.execution
    )
    comment = "Every commit on its way to production."
    return Resource("Pipeline", "AWS::CodePipeline::Pipeline", properties, comment, depends_on=policies)


def _variable(one: Variable) -> Json:
    declared = {"Name": one.name, "DefaultValue": one.default, "Description": one.description}
    return {key: value for key, value in declared.items() if value}


def _push(push: Push) -> Json:
    filters = {"Branches": push.branches, "FilePaths": push.paths, "Tags": push.tags}
    return {key: patterns(one) for key, one in filters.items() if one}


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
