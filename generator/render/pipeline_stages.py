"""A pipeline stage in CodePipeline's own words: conditions of entry, actions, what follows from its end."""

from __future__ import annotations

from generator.model.action import Action
from generator.model.condition import Condition, OnFailure, Rule
from generator.model.pipeline import PlannedStage
from generator.model.text import Json


def declared(stage: PlannedStage) -> Json:
    """The stage's declaration.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-codepipeline-pipeline-stagedeclaration.html
    """
    declaration: dict[str, Json] = {"Name": stage.name}
    if stage.before_entry:
        declaration["BeforeEntry"] = _conditions(stage.before_entry)
    declaration["Actions"] = [_action(action) for action in stage.actions]
    if stage.on_success:
        declaration["OnSuccess"] = _conditions(stage.on_success)
    if stage.on_failure:
        declaration["OnFailure"] = _on_failure(stage.on_failure)
    return declaration


def _conditions(condition: Condition) -> Json:
    return {"Conditions": [{"Result": condition.result, "Rules": [_rule(rule) for rule in condition.rules]}]}


def _rule(rule: Rule) -> Json:
    kind = {"Category": "Rule", "Owner": "AWS", "Provider": rule.provider, "Version": "1"}
    return {"Name": rule.name, "RuleTypeId": kind, "Configuration": dict(rule.configuration)}


def _on_failure(failure: OnFailure) -> Json:
    retry = {"RetryConfiguration": {"RetryMode": failure.retry_mode}} if failure.retry_mode else {}
    return {"Result": failure.result, **retry}


def _action(action: Action) -> Json:
    declared: dict[str, Json] = {
        "Name": action.name,
        "ActionTypeId": {
            "Category": action.category,
            "Owner": action.owner,
            "Provider": action.provider,
            "Version": action.version,
        },
        "RunOrder": action.run_order,
        "Configuration": dict(action.configuration),
        "InputArtifacts": [{"Name": name} for name in action.inputs],
        "OutputArtifacts": [{"Name": name} for name in action.outputs],
        "Namespace": action.namespace,
        "TimeoutInMinutes": action.timeout_minutes,
        "RoleArn": action.role,
        "Region": action.region,
    }
    return {key: value for key, value in declared.items() if value}
