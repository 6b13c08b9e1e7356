"""The rules a pipeline's structure has to keep, refused in AWS's words when it is created or updated.

https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html
https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.action_types import demands
from generator.rehearsal.codepipeline.declaration import Action, Pipeline, needs_v2
from generator.rehearsal.codepipeline.variables import RESERVED
from generator.rehearsal.service import ServiceError


def check(declared: Mapping[str, Any], pipeline: Pipeline, region: str) -> None:
    """Raise ServiceError for the first rule that this declaration, read as `pipeline` of a region, breaks."""
    _check_stores(declared, pipeline, region)
    _check_regions(pipeline, region)
    _check_type(declared, pipeline)
    for rule in _RULES:
        rule(pipeline)


def _check_stores(declared: Mapping[str, Any], pipeline: Pipeline, region: str) -> None:
    if ("artifactStore" in declared) == ("artifactStores" in declared):
        raise _structure("Pipeline should have either artifactStore or artifactStores, and not both")
    needed = {region, *(action.region or region for _, action in pipeline.actions())}
    there = declared.get("artifactStores", {}).keys() or {region}
    if missing := sorted(needed - there):
        raise _structure(f"Pipeline has no artifact store for region {missing[0]}, where it or an action of it is")


def _check_regions(pipeline: Pipeline, region: str) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/actions-create-cross-region.html."""
    for _, action in pipeline.actions():
        elsewhere = action.region not in (None, region)
        if elsewhere and (action.type.category == "Source" or action.type.owner != "AWS"):
            kind = f"{action.type.category} action of owner {action.type.owner}"
            raise _action(f"Action '{action.name}' cannot be in region {action.region}: it is a {kind}")


def _check_type(declared: Mapping[str, Any], pipeline: Pipeline) -> None:
    features = needs_v2(declared)
    if pipeline.type == "V1" and features:
        raise _structure(f"Pipeline type V1 does not support {', '.join(features)}; use pipeline type V2")


def _check_stage_count(pipeline: Pipeline) -> None:
    count = len(pipeline.stages)
    if count < limits.STAGES[0]:
        raise _structure(
            f"Pipeline has only {count} stage(s). There should be a minimum of {limits.STAGES[0]} stages in a pipeline"
        )
    if count > limits.STAGES[-1]:
        raise _structure(
            f"Pipeline has {count} stages. There should be a maximum of {limits.STAGES[-1]} stages in a pipeline"
        )


def _check_stage_names(pipeline: Pipeline) -> None:
    for name in _repeated(stage.name for stage in pipeline.stages):
        raise _stage(f"Stage name '{name}' is used more than once in the pipeline")


def _check_action_counts(pipeline: Pipeline) -> None:
    for stage in pipeline.stages:
        if not 1 <= len(stage.actions) <= limits.ACTIONS_OF_A_STAGE[-1]:
            raise _stage(
                f"Stage '{stage.name}' has {len(stage.actions)} actions."
                f" There should be between 1 and {limits.ACTIONS_OF_A_STAGE[-1]} actions in a stage"
            )
    if sum(1 for _ in pipeline.actions()) > limits.ACTIONS:
        raise _structure(f"Pipeline has more than {limits.ACTIONS} actions")


def _check_action_names(pipeline: Pipeline) -> None:
    for stage in pipeline.stages:
        for name in _repeated(action.name for action in stage.actions):
            raise _action(f"Action name '{name}' is used more than once in stage '{stage.name}'")


def _check_sources(pipeline: Pipeline) -> None:
    first, *others = pipeline.stages
    if any(action.type.category != "Source" for action in first.actions):
        raise _structure("Pipeline should start with a stage that only contains source actions")
    for stage in others:
        for action in stage.actions:
            if action.type.category == "Source":
                raise _structure(
                    f"Only the first stage may contain source actions; action '{action.name}' is in"
                    f" stage '{stage.name}'"
                )


def _check_demands(pipeline: Pipeline) -> None:
    for _, action in pipeline.actions():
        asked = demands(action.type)
        if asked is None:
            continue
        _check_artifact_count(action, "input", len(action.inputs), asked.inputs)
        _check_artifact_count(action, "output", len(action.outputs), asked.outputs)
        _check_keys(action, asked.required, asked.optional)
        if asked.v2 and pipeline.type == "V1":
            raise _action(f"Action '{action.name}' of provider {action.type.provider} needs pipeline type V2")


def _check_artifact_count(action: Action, side: str, count: int, bounds: tuple[int, int]) -> None:
    least, most = bounds
    says = f"Action {action.name} declares {count} {side} artifacts which is"
    if count < least:
        raise _action(f"{says} less than the minimum count ({least})")
    if count > most:
        raise _action(f"{says} more than the maximum count ({most})")


def _check_keys(action: Action, required: frozenset[str], optional: frozenset[str] | None) -> None:
    keys = action.configuration.keys()
    for key in sorted(required - keys):
        raise _action(f"Action configuration for action '{action.name}' is missing required configuration '{key}'")
    if optional is not None:
        for key in sorted(keys - required - optional):
            raise _action(f"Action configuration for action '{action.name}' contains unknown configuration '{key}'")


def _check_artifacts(pipeline: Pipeline) -> None:
    available: set[str] = set()
    for stage in pipeline.stages:
        for group in stage.groups():
            for action in group:
                _check_inputs(action, available)
            for name in (name for action in group for name in action.outputs):
                if name in available:
                    raise _structure(
                        "Output Artifact Bundle name must be unique within the pipeline."
                        f" {name} has been used more than once."
                    )
                available.add(name)


def _check_inputs(action: Action, available: set[str]) -> None:
    for name in action.inputs:
        if name not in available:
            raise _structure(
                f"Input Artifact Bundle {name} in action {action.name} is not declared as Output Artifact"
                " Bundle in any of the preceding actions"
            )


def _check_namespaces(pipeline: Pipeline) -> None:
    spaces = [action.namespace for _, action in pipeline.actions() if action.namespace]
    artifacts = {name for _, action in pipeline.actions() for name in action.outputs}
    for name in _repeated(spaces):
        raise _structure(f"Namespace '{name}' is used more than once in the pipeline")
    for name in spaces:
        if name in RESERVED:
            raise _structure(f"Namespace '{name}' is reserved")
        if name in artifacts:
            raise _structure(f"Namespace '{name}' conflicts with an artifact of the same name")


def _check_variables(pipeline: Pipeline) -> None:
    for name in _repeated(variable.name for variable in pipeline.variables):
        raise _structure(f"Pipeline variable '{name}' is declared more than once")


def _check_triggers(pipeline: Pipeline) -> None:
    connections = {
        action.name
        for _, action in pipeline.actions()
        if action.type.provider == "CodeStarSourceConnection" and action.type.category == "Source"
    }
    for trigger in pipeline.triggers:
        if trigger.source_action not in connections:
            raise _structure(
                f"Trigger names source action '{trigger.source_action}', which is no source action of"
                " provider CodeStarSourceConnection"
            )
    for name in _repeated(trigger.source_action for trigger in pipeline.triggers):
        raise _structure(f"Source action '{name}' has more than one trigger")


def _check_failure_results(pipeline: Pipeline) -> None:
    for position, stage in enumerate(pipeline.stages):
        if stage.on_failure is None:
            continue
        if stage.on_failure.result == "RETRY" and "onFailure" in stage.conditions:
            raise _stage(f"Stage '{stage.name}' cannot have both automatic retry and failure conditions")
        if stage.on_failure.result != "ROLLBACK":
            continue
        if pipeline.mode == "PARALLEL":
            raise _stage(f"Stage '{stage.name}' cannot roll back: the pipeline's mode is PARALLEL")
        if position == 0:
            raise _stage(f"Stage '{stage.name}' cannot roll back: it is the source stage")


def _check_conditions(pipeline: Pipeline) -> None:
    """https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html has the results of each place."""
    for position, stage in enumerate(pipeline.stages):
        for place, condition in stage.conditions.items():
            if condition.result not in _RESULTS[place]:
                allowed = " or ".join(_RESULTS[place])
                raise _stage(
                    f"Stage '{stage.name}': the result of {place} is {condition.result or 'missing'}, not {allowed}"
                )
            if condition.result == "ROLLBACK" and (pipeline.mode == "PARALLEL" or position == 0):
                why = "it is the source stage" if position == 0 else "the pipeline's mode is PARALLEL"
                raise _stage(f"Stage '{stage.name}' cannot roll back: {why}")
            for rule in condition.rules:
                _check_rule(stage.name, rule, condition.result)


def _check_rule(stage: str, rule: Action, result: str) -> None:
    if result == "SKIP" and rule.type.provider not in ("LambdaInvoke", "VariableCheck"):
        raise _stage(f"Stage '{stage}': rule '{rule.name}' of provider {rule.type.provider} cannot have result SKIP")
    for key in _RULE_KEYS.get(rule.type.provider, ()):
        if key not in rule.configuration:
            raise _stage(f"Stage '{stage}': rule '{rule.name}' is missing required configuration '{key}'")


_RESULTS: Mapping[str, tuple[str, ...]] = {
    "beforeEntry": ("FAIL", "SKIP"),
    "onSuccess": ("FAIL", "ROLLBACK"),
    "onFailure": ("ROLLBACK",),
}
# https://docs.aws.amazon.com/codepipeline/latest/userguide/rule-reference.html
_RULE_KEYS: Mapping[str, tuple[str, ...]] = {
    "CloudWatchAlarm": ("AlarmName",),
    "CodeBuild": ("ProjectName",),
    "DeploymentWindow": ("Cron",),
    "LambdaInvoke": ("FunctionName",),
    "VariableCheck": ("Operator", "Value", "Variable"),
}
_RULES: tuple[Callable[[Pipeline], None], ...] = (
    _check_stage_count,
    _check_stage_names,
    _check_action_counts,
    _check_action_names,
    _check_sources,
    _check_demands,
    _check_artifacts,
    _check_namespaces,
    _check_variables,
    _check_triggers,
    _check_failure_results,
    _check_conditions,
)


def _repeated(names: Iterable[str]) -> list[str]:
    return sorted(name for name, count in Counter(names).items() if count > 1)


def _structure(message: str) -> ServiceError:
    return ServiceError("InvalidStructureException", message)


def _stage(message: str) -> ServiceError:
    return ServiceError("InvalidStageDeclarationException", message)


def _action(message: str) -> ServiceError:
    return ServiceError("InvalidActionDeclarationException", message)
