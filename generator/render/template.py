"""The whole template: resources of every subject, checked by troposphere as they are added."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

from troposphere import AWSHelperFn, Output, Parameter, Tags, Template

from generator.aws_rules import limits
from generator.model.block import Block
from generator.model.environment import Environment
from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN, CodePipeline, Pipeline
from generator.model.template import Output as OutputValue
from generator.model.template import Parameter as ParameterValue
from generator.model.template import Resource
from generator.model.text import NOTHING, Json, resolved
from generator.pipelines import delivery, pipelines
from generator.render import blocks, deploy_roles, environments, notices, storage
from generator.render import pipeline as codepipelines
from generator.render.intrinsics import intrinsic

_VERSION = "2010-09-09"
_STAYS = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
# What carries permissions, and how often a function runs; the pipeline starts the moment it exists and must find them.
_POLICIES = frozenset(
    {"AWS::IAM::Role", "AWS::Lambda::EventInvokeConfig", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"}
)


class Rendered(NamedTuple):
    """A template as plain data, with its comments: what each of its resources is for, what all of them are (`heading`),
    and those on statements, by logical id.
    """

    data: dict[str, Json]
    comments: dict[str, str]
    heading: str
    notes: dict[str, Mapping[str, str]]


def resources(pipeline: Pipeline) -> tuple[Resource, ...]:
    """Every resource of the stack in the order a person reads it: what delivers first, then what it needs."""
    delivering, *others = pipelines(pipeline)
    needed = (
        *blocks.resources([*delivery.starters(pipeline), *_blocks(delivering)]),
        *storage.resources(pipeline),
        *notices.resources(pipeline),
    )
    waits = tuple(sorted(part.logical_id for part in needed if _carries_permissions(part) and not part.condition))
    return (
        codepipelines.resource(delivering, waits),
        *blocks.resources([delivering.role]),
        *_deploy_roles(pipeline),
        *needed,
        *(resource for other in others for resource in _apart(other, needed)),
        *pipeline.channels,
    )


def _blocks(pipeline: CodePipeline) -> tuple[Block, ...]:
    return tuple(block for stage in pipeline.stages for action in stage.actions for block in action.blocks)


def _deploy_roles(pipeline: Pipeline) -> Iterator[Resource]:
    for rights in pipeline.deploy_rights:
        if not rights.environment:
            yield from deploy_roles.resources(rights, pipeline.store.read_key("ReadCodeKey"))


def _apart(pipeline: CodePipeline, there: Sequence[Resource]) -> Iterator[Resource]:
    """A pipeline beside the one that delivers, with what only it needs."""
    yield codepipelines.resource(pipeline)
    yield from (resource for resource in blocks.resources([pipeline.role, *_blocks(pipeline)]) if resource not in there)


def _carries_permissions(resource: Resource) -> bool:
    # A managed policy without roles is for people, or for roles that name it.
    return resource.type in _POLICIES or (resource.type == "AWS::IAM::ManagedPolicy" and "Roles" in resource.properties)


class Stack(NamedTuple):
    """What a template is written of; all in it carries `tags`, and the policy `boundary` bounds its roles."""

    description: str
    parameters: tuple[ParameterValue, ...]
    resources: tuple[Resource, ...]
    outputs: tuple[OutputValue, ...]
    tags: Mapping[str, str]
    boundary: str = ""
    conditions: Mapping[str, Json] = NOTHING
    heading: str = "The pipeline and all it needs."


def stacks(pipeline: Pipeline) -> Mapping[str, Stack]:
    """The stacks that a pipeline file makes, by their names: the pipeline's, then those of its environments."""
    others = {resolved(each.stack, pipeline.service): _of_environment(pipeline, each) for each in pipeline.environments}
    return {pipeline.stack: of_pipeline(pipeline), **others}


def of_pipeline(pipeline: Pipeline) -> Stack:
    """The pipeline's own stack."""
    return Stack(
        _description(pipeline),
        _parameters(pipeline),
        resources(pipeline),
        tuple(_outputs(pipeline)),
        pipeline.tags,
        pipeline.permissions_boundary,
        pipeline.source.conditions,
    )


def _of_environment(pipeline: Pipeline, environment: Environment) -> Stack:
    text = f"What the delivery pipeline of {pipeline.service} needs in the environment {environment.word}"
    return Stack(
        text,
        (_service(pipeline), *environments.parameters()),
        environments.resources(pipeline, environment),
        tuple(environments.outputs(pipeline, environment)),
        environment.tags,
        environment.permissions_boundary,
        heading="The roles that the pipeline has in this account.",
    )


def template(pipeline: Pipeline) -> dict[str, Json]:
    """The pipeline's template alone; raises what `rendered` raises."""
    return rendered(of_pipeline(pipeline)).data


def rendered(stack: Stack) -> Rendered:
    """The template, its sections in CloudFormation's order, with its comments.

    Raises ValueError, TypeError or AttributeError where troposphere knows better: our mistake.
    """
    document = Template()
    document.set_version(_VERSION)
    document.set_description(stack.description)
    document.set_metadata(_metadata(stack))
    for parameter in stack.parameters:
        document.add_parameter(_parameter(parameter))
    for name, condition in sorted(stack.conditions.items()):
        document.add_condition(name, intrinsic(condition))
    for resource in stack.resources:
        document.add_resource(_resource(resource, stack))
    for output in stack.outputs:
        document.add_output(Output(output.name, Value=_helper(intrinsic(output.value)), Description=output.description))
    comments = {resource.logical_id: resource.comment for resource in stack.resources}
    return Rendered(
        _plain(document),
        comments,
        stack.heading,
        {resource.logical_id: resource.notes for resource in stack.resources if resource.notes},
    )


def _description(pipeline: Pipeline) -> str:
    return f"Delivery pipeline: {', '.join(stage.name for stage in pipeline.plan)}"[: limits.TEMPLATE_DESCRIPTION_BYTES]


def _parameters(pipeline: Pipeline) -> tuple[ParameterValue, ...]:
    return (_service(pipeline), *pipeline.source.parameters, *storage.parameters(pipeline.store))


def _service(pipeline: Pipeline) -> ParameterValue:
    return ParameterValue(
        "ServiceName",
        pipeline.service,
        "Service",
        "Stacks, functions and roles are named after the service. Cannot be changed later.",
        pattern=SERVICE_PATTERN,
        constraint=f"Lower-case letters, digits and '-', beginning with a letter; at most {SERVICE_LENGTH}.",
        max_length=SERVICE_LENGTH,
    )


def _parameter(parameter: ParameterValue) -> Parameter:
    limits: dict[str, Any] = {}
    if parameter.pattern:
        limits["AllowedPattern"] = f"^{parameter.pattern}$"
    if parameter.constraint:
        limits["ConstraintDescription"] = parameter.constraint
    if parameter.max_length:
        limits["MaxLength"] = parameter.max_length
    default = {} if parameter.default is None else {"Default": parameter.default}
    return Parameter(parameter.name, Type="String", **default, Description=parameter.description, **limits)


def _metadata(stack: Stack) -> dict[str, Json]:
    groups: dict[str, list[str]] = {}
    for parameter in stack.parameters:
        groups.setdefault(parameter.group, []).append(parameter.name)
    return {
        "AWS::CloudFormation::Interface": {
            "ParameterGroups": [{"Label": {"default": label}, "Parameters": names} for label, names in groups.items()]
        }
    }


def _outputs(pipeline: Pipeline) -> Iterator[OutputValue]:
    every = pipelines(pipeline)
    yield from (codepipeline.output for codepipeline in every)
    yield from pipeline.source.outputs
    yield OutputValue("ArtifactBucketName", pipeline.store.name, "Artifacts and packaged code.")
    yield from blocks.outputs(block for codepipeline in every for block in _blocks(codepipeline))


def _resource(resource: Resource, stack: Stack) -> Any:
    tags, boundary = stack.tags, stack.boundary
    *_, service, name = resource.type.split("::")
    # troposphere's modules are named after the services, but for one that Python keeps for itself.
    module = import_module(f"troposphere.{'awslambda' if service == 'Lambda' else service.lower()}")
    kind = getattr(module, name)
    properties = _helper(intrinsic(resource.properties))
    if boundary and resource.type == "AWS::IAM::Role":
        properties["PermissionsBoundary"] = boundary
    entity = kind.from_dict(resource.logical_id, properties)
    if resource.type == "AWS::CodeBuild::Project":
        # Its list of environment types has none of Lambda compute.
        entity.Environment.no_validation()
    if tags and "Tags" in kind.props:
        # One type takes a mapping where all others take a list.
        own = [Tags(**{tag["Key"]: tag["Value"]}) for tag in properties.get("Tags", ())]
        entity.Tags = dict(tags) if kind.props["Tags"][0] is dict else sum(own, Tags(dict(tags)))
    attributes: dict[str, Json] = {**(_STAYS if resource.keep else {})}
    attributes |= {"Condition": resource.condition} if resource.condition else {}
    attributes |= {"DependsOn": list(resource.depends_on)} if resource.depends_on else {}
    for attribute, value in attributes.items():
        setattr(entity, attribute, value)
    return entity


class _Call(AWSHelperFn):  # type: ignore[misc]  # troposphere publishes no types
    """An intrinsic function as troposphere's own helpers: accepted wherever a value is."""

    def __init__(self, data: dict[str, Json]) -> None:
        self.data = data

    def to_dict(self) -> dict[str, Json]:
        """The function as it is written."""
        return self.data


def _helper(value: Json) -> Json:
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return _Call(value)
        return {key: _helper(inner) for key, inner in value.items()}
    return [_helper(inner) for inner in value] if isinstance(value, list) else value


def _plain(document: Template) -> dict[str, Json]:
    # The template's own `to_dict` would copy each part as often as it has levels.
    sections = {
        "AWSTemplateFormatVersion": document.version,
        "Description": document.description,
        "Metadata": document.metadata,
        "Parameters": {name: part.to_dict() for name, part in document.parameters.items()},
        "Conditions": document.conditions,
        "Resources": {name: _in_order(part.to_dict()) for name, part in document.resources.items()},
        "Outputs": {name: part.to_dict() for name, part in document.outputs.items()},
    }
    return {name: section for name, section in sections.items() if section}


def _in_order(resource: dict[str, Json]) -> dict[str, Json]:
    order = ("Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Properties")
    return {key: resource[key] for key in order if key in resource}
