"""The physical names that an application's resources have in a stack, as far as they are known before launch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from generator.application import nested
from generator.application.choices import chosen
from generator.application.conditions import holds
from generator.application.template import Resource, Template
from generator.application.translation import Translated, translate
from generator.application.values import pattern_of, text_of
from generator.model.text import Text, literal, lowered, resolved
from generator.permissions.deploy_role import NamedResource
from generator.permissions.resource_names import NAMED, arns_of

UNKNOWN = "*"
"""What stands in a name for the part that only a launch can tell."""

_PSEUDO = {name: f"${{{name}}}" for name in ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix")}
_IN_PATHS = {"AWS::IAM::InstanceProfile", "AWS::IAM::ManagedPolicy", "AWS::IAM::Role"}
UNLIKE_THE_STACK = "AWS::CloudWatch::Dashboard"
"""The type whose name CloudFormation does not begin with the stack's where the template gives none."""
# What Ref says of these is no name: https://docs.aws.amazon.com/sns/latest/dg/sns-create-topic.html
_REFERRED_TO_BY_ARN = {"AWS::IAM::ManagedPolicy", "AWS::SNS::Topic"}
SAM_NAMED = {
    "AWS::Serverless::Function": "AWS::Lambda::Function",
    "AWS::Serverless::SimpleTable": "AWS::DynamoDB::Table",
}
"""Types of SAM that say themselves what they are called, and what they become."""
# Words of SAM with which it names other resources than the one they stand in; for these it has to be asked.
_NAMING_WORDS = frozenset({"Name", "RolePath", "ScheduleV2"})


class DeployedTemplate(NamedTuple):
    """A stack of a template: the stack's name and the parameters it is given, as texts."""

    template: Template
    stack: Text
    parameters: Mapping[str, Text]

    def values(self) -> dict[str, Text]:
        """The text of each parameter and pseudo parameter that is known before launch."""
        # Of a parameter that is read from the Parameter Store its name is known, not its value.
        kinds = {name: parameter.type for name, parameter in self.template.parameters.items()}
        defaults = {name: literal(text) for name, text in self.template.defaults().items()}
        written = {**defaults, **self.parameters}
        readable = {
            name: text
            for name, text in written.items()
            if not kinds.get(name, "").startswith("AWS::SSM::") and "#{" not in text
        }
        return {**_PSEUDO, **readable, "AWS::StackName": self.stack}


def with_nested(deployment: DeployedTemplate) -> Iterator[DeployedTemplate]:
    """A stack of a template, then the stacks within it, at any depth."""
    yield deployment
    template, values = deployment.template, deployment.values()
    for logical_id, inner in template.nested.items():
        if not nested.is_left_out(template, logical_id, values):
            parameters = nested.inner_values(template, logical_id, values, pattern_of)
            yield from with_nested(DeployedTemplate(inner, nested.stack_name(deployment.stack, logical_id), parameters))


def translation(deployment: DeployedTemplate, service: str) -> Translated:
    """What SAM makes of a stack's template with what is known of its parameters."""
    texts = {name: resolved(text, service) for name, text in deployment.parameters.items() if UNKNOWN not in text}
    return translate(deployment.template, texts)


def names(deployment: DeployedTemplate, resources: Mapping[str, Resource]) -> dict[str, NamedResource]:
    """The resources whose ARN has a name that the stack's does not begin, or a path; by logical id.

    `resources` are those after SAM's transform. A name has UNKNOWN for what only a launch can tell.
    """
    data, values = deployment.template.document.data, reference_values(deployment, resources)
    return {
        each.logical_id: NamedResource(each.type, name)
        for each in resources.values()
        if each.type in NAMED
        and not _left_out(each, data, values)
        and (name := _physical_name(each, data, values, deployment.stack))
    }


def reference_values(deployment: DeployedTemplate, resources: Mapping[str, Resource]) -> dict[str, Text]:
    """The text of each parameter, and what Ref and Fn::GetAtt say of the resources that have names."""
    data, named = deployment.template.document.data, [each for each in resources.values() if each.type in NAMED]
    return deployment.values() | _references(named, data, deployment)


def own_names(deployment: DeployedTemplate) -> tuple[NamedResource, ...]:
    """The names that are wholly known, each once, without SAM's transform where its own types say them."""
    every = names(deployment, resources_of(deployment)).values()
    return tuple(dict.fromkeys(resource for resource in every if is_fixed(resource.name, deployment.stack)))


def is_fixed(name: str, stack: Text) -> bool:
    """Whether a name is known before launch, but for what CloudFormation adds to it, or to a nested stack's."""
    return UNKNOWN not in name.removesuffix(f"{stack}-*").replace(stack, "")


def resources_of(deployment: DeployedTemplate) -> Mapping[str, Resource]:
    """The resources that may have names: SAM is only asked where it generates names."""
    resources = deployment.template.resources
    if any(_NAMING_WORDS.intersection(_words(each.properties)) for each in resources.values() if _is_sam(each)):
        return translate(deployment.template, deployment.parameters).resources() or resources
    return {name: each._replace(type=SAM_NAMED.get(each.type, each.type)) for name, each in resources.items()}


def _is_sam(resource: Resource) -> bool:
    return resource.type.startswith("AWS::Serverless::")


def _words(value: Any) -> Iterator[Any]:
    """Keys below a resource's properties, and the types of its events."""
    if isinstance(value, Mapping):
        yield from value
        yield value["Type"] if isinstance(value.get("Type"), str) else ""
    for part in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _words(part)


def _left_out(resource: Resource, data: Mapping[str, Any], values: Mapping[str, str]) -> bool:
    return bool(resource.condition) and holds(resource.condition, data.get("Conditions"), values) is False


def _references(resources: Sequence[Resource], data: Mapping[str, Any], deployment: DeployedTemplate) -> dict[str, str]:
    """What Ref and Fn::GetAtt say of resources: names in logs are mostly those of functions."""
    references: dict[str, str] = {}
    for resource in resources:
        name = _physical_name(resource, data, deployment.values(), deployment.stack)
        name = name or _generated_name(resource, deployment.stack)
        arn = arns_of(resource.type, name)[0]
        references[f"{resource.logical_id}.Arn"] = arn
        references[resource.logical_id] = arn if resource.type in _REFERRED_TO_BY_ARN else name.rpartition("/")[2]
        if resource.type in {"AWS::Logs::LogGroup", "AWS::SSM::Parameter"}:
            references[resource.logical_id] = name
    return references


def _generated_name(resource: Resource, stack: Text) -> str:
    name = f"{stack}-{resource.logical_id}-{UNKNOWN}"
    return lowered(name) if resource.type == "AWS::S3::Bucket" else name


def _physical_name(resource: Resource, data: Mapping[str, Any], values: Mapping[str, str], stack: Text) -> str:
    """The name, behind its path if it has one; empty for one that CloudFormation makes."""
    written = chosen(resource.properties.get(NAMED[resource.type].name), data, values)
    name = "" if written is None else pattern_of(written, values)
    path = chosen(resource.properties.get("Path"), data, values) if resource.type in _IN_PATHS else None
    if not name and resource.type == UNLIKE_THE_STACK:
        return UNKNOWN
    if path is None or text_of(path, values) == "/":
        return name
    return f"{pattern_of(path, values)}{name or f'{stack}-*'}".lstrip("/")
