"""What a pipeline template requires of AWS, as far as the template alone says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.application.conditions import holds
from generator.application.values import text_of
from generator.aws.environments import HOME, Place, of_action

Properties = Mapping[str, Any]

# The property by which a resource of this type is called, where the name must be free in the account.
_NAMES = {
    "AWS::CodeBuild::Project": "Name",
    "AWS::CodeCommit::Repository": "RepositoryName",
    "AWS::CodePipeline::Pipeline": "Name",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::S3::Bucket": "BucketName",
}
_PIPELINE = "AWS::CodePipeline::Pipeline"


@dataclass(frozen=True, slots=True)
class Named:
    """A resource that has a name of its own."""

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Source:
    """The source action: its provider and what of its configuration is known; what the stack makes is not."""

    provider: str
    configuration: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the stack of a pipeline will have and touch. `stacks` are those the pipeline deploys, in order.

    `machines` are environment type and compute type of its CodeBuild projects, `elsewhere` the stacks it deploys in
    other accounts.
    """

    service: str
    stack: str
    pipeline: str
    stacks: tuple[str, ...]
    source: Source
    types: frozenset[str]
    named: tuple[Named, ...]
    machines: tuple[tuple[str, str], ...]
    elsewhere: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)


def requirements_of(template: Mapping[str, Any], stack: str, values: Mapping[str, str]) -> Requirements:
    """What a template wants when it is launched as `stack` with these parameters and pseudo parameters."""
    reading = _Reading(template, values)
    resources = dict(reading.resources())
    pipelines = [resource["Properties"] for resource in resources.values() if resource["Type"] == _PIPELINE]
    # One for pull requests stands beside the one that delivers, and has fewer actions.
    pipeline = max(pipelines, key=lambda properties: len(_actions(properties)))
    actions = _actions(pipeline)
    source = actions[0]
    stacks = reading.stacks(actions)
    return Requirements(
        service=values["ServiceName"],
        stack=stack,
        pipeline=reading.text(pipeline["Name"]) or stack,
        stacks=stacks.get(HOME, ()),
        source=Source(source["ActionTypeId"]["Provider"], reading.texts(source["Configuration"])),
        types=frozenset(resource["Type"] for resource in resources.values()),
        named=tuple(reading.named(resources)),
        machines=tuple(reading.machines(resources)),
        elsewhere={place: names for place, names in stacks.items() if place != HOME},
    )


def _actions(pipeline: Properties) -> list[Properties]:
    return [action for stage in pipeline["Stages"] for action in stage["Actions"]]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A template with what its parameters are known to be."""

    template: Mapping[str, Any]
    values: Mapping[str, str]

    def text(self, value: Any) -> str | None:
        """A value's text; None when only a launch can tell."""
        if isinstance(value, dict) and list(value) == ["Fn::If"]:
            condition, yes, no = value["Fn::If"]
            answer = holds(condition, self.template.get("Conditions"), self.values)
            return None if answer is None else self.text(yes if answer else no)
        return text_of(value, self.values)

    def texts(self, values: Properties) -> dict[str, str]:
        """What is known of a configuration."""
        texts = ((key, self.text(value)) for key, value in values.items())
        return {key: text for key, text in texts if text is not None}

    def resources(self) -> Iterator[tuple[str, Properties]]:
        """The resources that will be there."""
        for logical_id, resource in self.template["Resources"].items():
            condition = resource.get("Condition")
            if not condition or holds(condition, self.template.get("Conditions"), self.values) is not False:
                yield logical_id, resource

    def stacks(self, actions: list[Properties]) -> dict[Place, tuple[str, ...]]:
        """The stacks that CloudFormation actions deploy, by where they are."""
        names: dict[Place, dict[str, None]] = {}
        for action in actions:
            if action["ActionTypeId"]["Provider"] == "CloudFormation":
                name = self.text(action["Configuration"]["StackName"])
                if name:
                    names.setdefault(of_action(action.get("RoleArn", "")), {})[name] = None
        return {place: tuple(stacks) for place, stacks in names.items()}

    def named(self, resources: Mapping[str, Properties]) -> Iterator[Named]:
        """The resources whose names are known."""
        for resource in resources.values():
            name = self.text(resource["Properties"].get(_NAMES.get(resource["Type"], "")))
            if name:
                yield Named(resource["Type"], name)

    def machines(self, resources: Mapping[str, Properties]) -> Iterator[tuple[str, str]]:
        """The environment type and compute type of each project."""
        for resource in resources.values():
            if resource["Type"] == "AWS::CodeBuild::Project":
                environment = resource["Properties"]["Environment"]
                yield self.text(environment["Type"]) or "", self.text(environment["ComputeType"]) or ""
