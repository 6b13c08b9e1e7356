"""Starting an execution: by hand, through an event rule, or because a source changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.declaration import Action, Pipeline
from generator.rehearsal.codepipeline.engine import Start
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import PipelineState
from generator.rehearsal.codepipeline.triggers import Push, passes_webhook, started_by
from generator.rehearsal.service import Caller, ServiceError

_BY_ITSELF = {
    "CodeStarSourceConnection": "WebhookV2",
    "CodeCommit": "PollForSourceChanges",
    "GitHub": "PollForSourceChanges",
}
EVENTS_SESSION = "AWSEventsSession"


def start(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """StartPipelineExecution; the same request token answers with the same execution."""
    state = service.pipeline(request["name"])
    token = request.get("clientRequestToken")
    if token and token in state.requests:
        return {"pipelineExecutionId": state.requests[token]}
    variables = {item["name"]: item["value"] for item in request.get("variables", ())}
    overrides = _overrides(state.pipeline, request.get("sourceRevisions", ()))
    begun = begin(service, state, Start(*_trigger(caller), variables=variables, overrides=overrides))
    if token:
        state.requests[token] = begun
    return {"pipelineExecutionId": begun}


def begin(service: ServiceState, state: PipelineState, start: Start) -> str:
    """Start an execution with the variables given and the defaults of the others; answers its id.

    Raises ServiceError: ValidationException for variables, ConcurrentPipelineExecutionsLimitExceededException.
    """
    refuse_bad_variables(state.pipeline, start.variables)
    if state.pipeline.mode != "SUPERSEDED":
        _refuse_too_many(state)
    variables = defaults(state.pipeline) | dict(start.variables)
    full = Start(start.trigger, start.detail, variables, start.overrides)
    return service.engine.start(state, full).id


def source_changed(service: ServiceState, push: Push) -> list[str]:
    """Start every pipeline that a push starts by itself; answers execution ids.

    A pipeline whose variables have no defaults cannot start by itself; AWS leaves it alone, and so does this.
    """
    begun = []
    for name in sorted(service.pipelines):
        state = service.pipelines[name]
        webhook = _heard(service, state.pipeline, push)
        action = webhook or started_by(state.pipeline, push)
        if action is None or missing_variables(state.pipeline, {}):
            continue
        detail = action.configuration.get("ConnectionArn", push.repository)
        overrides = {action.name: {"COMMIT_ID": push.commit}}
        trigger = "Webhook" if webhook else _BY_ITSELF[push.provider]
        begun.append(begin(service, state, Start(trigger, detail, overrides=overrides)))
    return begun


def _heard(service: ServiceState, pipeline: Pipeline, push: Push) -> Action | None:
    """The source action of a webhook that starts this pipeline on the push; None where there is none."""
    actions = {action.name: action for action in pipeline.stages[0].actions}
    for webhook in service.webhooks.values():
        action = actions.get(webhook["targetAction"])
        if webhook["targetPipeline"] == pipeline.name and action and passes_webhook(webhook["filters"], action, push):
            return action
    return None


def defaults(pipeline: Pipeline) -> dict[str, str]:
    """The values of the pipeline's variables that have one by default."""
    return {v.name: v.default for v in pipeline.variables if v.default is not None}


def missing_variables(pipeline: Pipeline, values: Mapping[str, str]) -> list[str]:
    """Names of variables that have no value yet."""
    return sorted(v.name for v in pipeline.variables if v.default is None and v.name not in values)


def refuse_bad_variables(pipeline: Pipeline, values: Mapping[str, str]) -> None:
    """Raise ServiceError ValidationException for variables that are not declared, or that lack a value."""
    declared = {variable.name for variable in pipeline.variables}
    for name in sorted(values.keys() - declared):
        raise ServiceError("ValidationException", f"Pipeline '{pipeline.name}' declares no variable '{name}'")
    if missing := missing_variables(pipeline, values):
        raise ServiceError(
            "ValidationException",
            f"Values are required for pipeline variables without a default: {', '.join(missing)}",
        )


def _refuse_too_many(state: PipelineState) -> None:
    if sum(not execution.over for execution in state.executions.values()) >= limits.CONCURRENT_EXECUTIONS:
        raise ServiceError(
            "ConcurrentPipelineExecutionsLimitExceededException",
            f"The pipeline has reached the limit of {limits.CONCURRENT_EXECUTIONS} concurrent pipeline executions",
        )


def _overrides(pipeline: Pipeline, revisions: Any) -> dict[str, dict[str, str]]:
    sources = {action.name for _, action in pipeline.actions() if action.type.category == "Source"}
    overrides: dict[str, dict[str, str]] = {}
    for revision in revisions:
        name = revision["actionName"]
        if name not in sources:
            raise ServiceError("ValidationException", f"'{name}' is not a source action of the pipeline")
        overrides.setdefault(name, {})[revision["revisionType"]] = revision["revisionValue"]
    return overrides


def _trigger(caller: Caller) -> tuple[str, str]:
    """AWS's TriggerType and detail: EventBridge starts pipelines in a role session of its own."""
    arn = caller.arn or f"arn:aws:iam::{caller.account}:root"
    events = arn.rpartition("/")[2].startswith(EVENTS_SESSION)
    return ("CloudWatchEvent" if events else "StartPipelineExecution"), arn


OPERATIONS = {"StartPipelineExecution": start}
