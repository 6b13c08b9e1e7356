"""What a template or a launched stack says about its pipeline: names, stages, where commits come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.errors import NotRehearsedError
from generator.rehearsal.cloudformation.errors import TemplateError
from generator.rehearsal.codepipeline.template import parse
from generator.rehearsal.emulator.handle import Emulator

PIPELINE = "AWS::CodePipeline::Pipeline"
_RULE = "AWS::CodeStarNotifications::NotificationRule"
BUILDING = frozenset({"Source", "Build", "Test"})
"""What a pipeline is made of that only looks whether a commit can be built."""


@dataclass(frozen=True, slots=True)
class SourceAction:
    """A source action of a launched pipeline: its stage and name, AWS's provider word, its configuration."""

    stage: str
    name: str
    provider: str
    configuration: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Declared:
    """A launched pipeline: its name, its actions by stage, its source actions, and the pipelines beside it.

    `tells`: a notification rule would tell somebody of what happens.
    """

    name: str
    stages: Mapping[str, tuple[str, ...]]
    sources: tuple[SourceAction, ...]
    beside: tuple[str, ...] = ()
    tells: bool = False

    def after(self, stage: str) -> str | None:
        """The stage that follows a stage; None for the last one."""
        names = list(self.stages)
        later = names[names.index(stage) + 1 :]
        return later[0] if later else None


def stack_name(template: str) -> str:
    """What the stack of a template is called: its ServiceName's default and "-pipeline"."""
    parameter = _section(template, "Parameters").get("ServiceName")
    service = parameter.get("Default") if isinstance(parameter, dict) else None
    return f"{service}-pipeline" if isinstance(service, str) and service else "pipeline"


def stage_names(template: str) -> tuple[str, ...]:
    """The stages of every pipeline of the template, in order and each once, as far as they are written out."""
    pipelines = [
        resource.get("Properties", {})
        for resource in _section(template, "Resources").values()
        if isinstance(resource, dict) and resource.get("Type") == PIPELINE
    ]
    stages = [stage for properties in pipelines for stage in properties.get("Stages", ()) if isinstance(stage, dict)]
    return tuple(dict.fromkeys(stage["Name"] for stage in stages if isinstance(stage.get("Name"), str)))


def _section(template: str, name: str) -> Mapping[str, Any]:
    try:
        section = parse(template).get(name)
    except TemplateError:
        return {}
    return section if isinstance(section, dict) else {}


def declared(emulator: Emulator, stack: str, logical_id: str = "") -> Declared:
    """The pipeline of a launched stack that has this logical id, else the one that delivers.

    A pipeline that only builds, as one for pull requests does, stands beside it and is not meant. Raises
    NotRehearsedError unless there is exactly one.
    """
    pages = emulator.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    summaries = [summary for page in pages for summary in page["StackResourceSummaries"]]
    names = {
        each["LogicalResourceId"]: each["PhysicalResourceId"] for each in summaries if each["ResourceType"] == PIPELINE
    }
    by_id = {key: emulator.client("codepipeline").get_pipeline(name=name)["pipeline"] for key, name in names.items()}
    pipelines = list(by_id.values())
    delivering = pipelines if len(pipelines) == 1 else [pipeline for pipeline in pipelines if _delivers(pipeline)]
    if logical_id:
        delivering = [by_id[logical_id]] if logical_id in by_id else []
    if len(delivering) != 1:
        count = f"the template has {len(pipelines)} pipelines, and {len(delivering)} of them deliver"
        raise NotRehearsedError(f"{count}; templates with exactly one that does are rehearsed")
    others = tuple(pipeline["name"] for pipeline in pipelines if pipeline is not delivering[0])
    tells = any(summary["ResourceType"] == _RULE for summary in summaries)
    return replace(_declared(delivering[0]), beside=others, tells=tells)


def _delivers(pipeline: Mapping[str, Any]) -> bool:
    categories = {action["actionTypeId"]["category"] for stage in pipeline["stages"] for action in stage["actions"]}
    return not categories <= BUILDING


def _declared(pipeline: Mapping[str, Any]) -> Declared:
    return Declared(
        pipeline["name"],
        {stage["name"]: tuple(action["name"] for action in stage["actions"]) for stage in pipeline["stages"]},
        tuple(
            SourceAction(
                stage["name"], action["name"], action["actionTypeId"]["provider"], action.get("configuration", {})
            )
            for stage in pipeline["stages"]
            for action in stage["actions"]
            if action["actionTypeId"]["category"] == "Source"
        ),
    )
