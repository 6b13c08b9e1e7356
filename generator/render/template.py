"""The whole template: resources of every subject, checked by troposphere as they are added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, NamedTuple

from troposphere import AWSHelperFn, Output, Parameter, Tags, Template

from generator.model.pipeline import SERVICE_LENGTH, SERVICE_PATTERN, Pipeline
from generator.model.template import Output as OutputValue
from generator.model.template import Parameter as ParameterValue
from generator.model.template import Resource
from generator.model.text import Json
from generator.render import (
    approvers,
    building,
    commands,
    delivery,
    existing,
    functions,
    notices,
    pull_requests,
    storage,
    test_commands,
)
from generator.render.intrinsics import intrinsic

_VERSION = "2010-09-09"
_STAYS = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
# What carries permissions; the pipeline starts the moment it exists and must find them.
_POLICIES = frozenset({"AWS::IAM::ManagedPolicy", "AWS::IAM::Role", "AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"})


class Rendered(NamedTuple):
    """A template as plain data, and what each of its resources is for, by logical id."""

    data: dict[str, Json]
    comments: dict[str, str]


def resources(pipeline: Pipeline) -> tuple[Resource, ...]:
    """Every resource of the stack in the order a person reads it: the pipeline first."""
    others = (
        *delivery.starter(pipeline),
        *pipeline.source.resources,
        *building.resources(pipeline),
        *commands.resources(pipeline),
        *functions.resources(pipeline),
        *test_commands.resources(pipeline),
        *storage.resources(pipeline),
        *notices.resources(pipeline),
    )
    waits = {one.logical_id for one in others if one.type in _POLICIES and not one.condition}
    waits |= {"StartTestsOnce"} if pipeline.tests else set()
    found = (
        delivery.delivering(pipeline, tuple(sorted(waits))),
        *delivery.roles(pipeline),
        *others,
        *pull_requests.resources(pipeline),
        *approvers.resources(pipeline),
        *pipeline.channels,
    )
    return tuple(existing.placed(one, pipeline) for one in found)


def template(pipeline: Pipeline) -> dict[str, Json]:
    """The template alone; raises what `rendered` raises."""
    return rendered(pipeline).data


def rendered(pipeline: Pipeline) -> Rendered:
    """The template, its sections in CloudFormation's order, with its comments.

    Raises ValueError, TypeError or AttributeError where troposphere knows better: a mistake of ours.
    """
    made = Template()
    made.set_version(_VERSION)
    made.set_description(_description(pipeline))
    made.set_metadata(_metadata(pipeline))
    for one in _parameters(pipeline):
        made.add_parameter(_parameter(one))
    for name, condition in sorted(pipeline.source.conditions.items()):
        made.add_condition(name, intrinsic(condition))
    found = resources(pipeline)
    for resource in found:
        made.add_resource(_resource(resource, pipeline))
    for output in _outputs(pipeline):
        made.add_output(Output(output.name, Value=_helper(intrinsic(output.value)), Description=output.description))
    return Rendered(_plain(made.to_dict()), {one.logical_id: one.comment for one in found})


def _description(pipeline: Pipeline) -> str:
    return f"Delivery pipeline: {', '.join(stage.name for stage in pipeline.plan)}"[:1024]


def _parameters(pipeline: Pipeline) -> tuple[ParameterValue, ...]:
    service = ParameterValue(
        "ServiceName",
        pipeline.service,
        "Service",
        "Stacks, functions and roles are named after the service. Cannot be changed later.",
        pattern=SERVICE_PATTERN,
        constraint=f"Lower-case letters, digits and '-', beginning with a letter; at most {SERVICE_LENGTH}.",
        max_length=SERVICE_LENGTH,
    )
    return (service, *pipeline.source.parameters, *existing.parameters(pipeline))


def _parameter(one: ParameterValue) -> Parameter:
    limits: dict[str, Any] = {}
    if one.pattern:
        limits["AllowedPattern"] = f"^{one.pattern}$"
    if one.constraint:
        limits["ConstraintDescription"] = one.constraint
    if one.max_length:
        limits["MaxLength"] = one.max_length
    return Parameter(one.name, Type="String", Default=one.default, Description=one.description, **limits)


def _metadata(pipeline: Pipeline) -> dict[str, Json]:
    groups: dict[str, list[str]] = {}
    for one in _parameters(pipeline):
        groups.setdefault(one.group, []).append(one.name)
    return {
        "AWS::CloudFormation::Interface": {
            "ParameterGroups": [{"Label": {"default": label}, "Parameters": names} for label, names in groups.items()]
        }
    }


def _outputs(pipeline: Pipeline) -> Iterator[OutputValue]:
    console = "https://${AWS::Region}.console.aws.amazon.com/codesuite/codepipeline/pipelines/${Pipeline}/view"
    yield OutputValue("PipelineUrl", console, "The pipeline in the console: watch it, approve there.")
    yield from pull_requests.outputs(pipeline)
    yield from approvers.outputs(pipeline)
    yield from pipeline.source.outputs
    yield OutputValue("ArtifactBucketName", "${ArtifactBucket}", "Artifacts and packaged code.")
    if pipeline.tests:
        yield OutputValue("StartTestsName", "${StartTests}", "The function that runs the tests of every stage.")


def _resource(resource: Resource, pipeline: Pipeline) -> Any:
    tags, boundary = pipeline.tags, pipeline.permissions_boundary
    *_, service, name = resource.type.split("::")
    # troposphere's modules are named after the services, but for one that Python keeps for itself.
    module = import_module(f"troposphere.{'awslambda' if service == 'Lambda' else service.lower()}")
    kind = getattr(module, name)
    properties = _helper(intrinsic(resource.properties))
    if boundary and resource.type == "AWS::IAM::Role":
        properties["PermissionsBoundary"] = boundary
    made = kind.from_dict(resource.logical_id, properties)
    if resource.type == "AWS::CodeBuild::Project":
        # Its list of environment types has none of Lambda compute.
        made.Environment.no_validation()
    if tags and "Tags" in kind.props:
        # One type takes a mapping where all others take a list.
        own = [Tags(**{one["Key"]: one["Value"]}) for one in properties.get("Tags", ())]
        made.Tags = dict(tags) if kind.props["Tags"][0] is dict else sum(own, Tags(dict(tags)))
    attributes: dict[str, Json] = {**(_STAYS if resource.keep else {})}
    attributes |= {"Condition": resource.condition} if resource.condition else {}
    attributes |= {"DependsOn": list(resource.depends_on)} if resource.depends_on else {}
    for attribute, value in attributes.items():
        setattr(made, attribute, value)
    return made


class _Call(AWSHelperFn):  # type: ignore[misc]  # troposphere publishes no types
    """An intrinsic function as troposphere's own helpers: accepted wherever a value is."""

    def __init__(self, data: dict[str, Json]) -> None:
        self.data = data


def _helper(value: Json) -> Json:
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
            return _Call(value)
        return {key: _helper(inner) for key, inner in value.items()}
    return [_helper(inner) for inner in value] if isinstance(value, list) else value


def _plain(data: Json) -> dict[str, Json]:
    order: Iterable[str] = ("AWSTemplateFormatVersion", "Description", "Metadata", "Parameters", "Conditions")
    sections = (*order, "Resources", "Outputs")
    made = {section: data[section] for section in sections if data.get(section)}
    made["Resources"] = {name: _in_order(body) for name, body in made["Resources"].items()}
    return made


def _in_order(resource: dict[str, Json]) -> dict[str, Json]:
    order = ("Type", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Properties")
    return {key: resource[key] for key in order if key in resource}
