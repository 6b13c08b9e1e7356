"""AWS::CodePipeline::Pipeline.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codepipeline-pipeline.html
"""

from __future__ import annotations

from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.emulator.cloudformation.properties import api_tags, to_api
from generator.rehearsal.emulator.cloudformation.resource import Asked, Properties, ReturnValues, generated_name
from generator.rehearsal.emulator.wire import model_of

# Properties that say something to CloudFormation and are no part of CreatePipeline's declaration.
_BESIDE = frozenset({"Tags", "RestartExecutionOnUpdate", "DisableInboundStageTransitions", "ArtifactStores"})


class Pipelines:
    """Ref is the pipeline's name, Version its number."""

    name = "AWS::CodePipeline::Pipeline"

    def __init__(self, ask: Asked) -> None:
        self._ask = ask

    def create(self, logical_id: str, properties: Properties, stack: str) -> ReturnValues:
        """CreatePipeline, which starts its first execution; transitions are disabled right after."""
        name = properties.get("Name") or generated_name(stack, logical_id, limits.NAME_LENGTHS[self.name])
        answer = self._ask("CreatePipeline", pipeline=declared(name, properties), tags=api_tags(properties))
        self._hold(name, [], properties.get("DisableInboundStageTransitions") or [])
        return name, _attributes(answer)

    def update(self, physical_id: str, old: Properties, new: Properties, stack: str) -> ReturnValues:
        """UpdatePipeline; another name makes another pipeline. Starts it again only when asked to."""
        if new.get("Name") and new["Name"] != physical_id:
            return self.create(new["Name"], new, stack)
        answer = self._ask("UpdatePipeline", pipeline=declared(physical_id, new))
        held = [properties.get("DisableInboundStageTransitions") or [] for properties in (old, new)]
        self._hold(physical_id, *held)
        if str(new.get("RestartExecutionOnUpdate", "false")).lower() == "true":
            self._ask("StartPipelineExecution", name=physical_id)
        return physical_id, _attributes(answer)

    def delete(self, physical_id: str, _properties: Properties) -> None:
        """DeletePipeline, which is no error when there is none."""
        self._ask("DeletePipeline", name=physical_id)

    def _hold(self, name: str, before: list[dict[str, str]], after: list[dict[str, str]]) -> None:
        """Disable the transitions the template disables, enable those it does no longer."""
        kept = {held["StageName"] for held in after}
        for stage in sorted({held["StageName"] for held in before} - kept):
            self._ask("EnableStageTransition", pipelineName=name, stageName=stage, transitionType="Inbound")
        for held in after:
            self._ask(
                "DisableStageTransition",
                pipelineName=name,
                stageName=held["StageName"],
                transitionType="Inbound",
                reason=held["Reason"],
            )


def declared(name: str, properties: Properties) -> dict[str, Any]:
    """The declaration as CreatePipeline takes it."""
    own = {key: value for key, value in properties.items() if key not in _BESIDE}
    shape = model_of("codepipeline").shape_for("PipelineDeclaration")
    declaration = to_api(shape, {**own, "Name": name})
    stores = properties.get("ArtifactStores")
    if stores:
        store = model_of("codepipeline").shape_for("ArtifactStore")
        declaration["artifactStores"] = {
            entry["Region"]: to_api(store, entry["ArtifactStore"], "/ArtifactStores") for entry in stores
        }
    return dict(declaration)


def _attributes(answer: dict[str, Any]) -> dict[str, Any]:
    return {"Version": str(answer["pipeline"].get("version", 1))}
