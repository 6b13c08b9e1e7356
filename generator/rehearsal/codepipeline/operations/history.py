"""Operations that tell what ran: executions, one execution, its actions and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.declaration import RULE
from generator.rehearsal.codepipeline.operations.pages import page
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import ActionRun, Artifact, Execution, Outcome, PipelineState, Revision
from generator.rehearsal.service import Caller

MOST_SHOWN = 100


def list_executions(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListPipelineExecutions, the newest first."""
    state = service.pipeline(request["pipelineName"])
    stage = request.get("filter", {}).get("succeededInStage", {}).get("stageName")
    executions = [e for e in reversed(state.executions.values()) if stage is None or _succeeded_in(e, stage)]
    shown, more = page(executions, request, MOST_SHOWN)
    return {"pipelineExecutionSummaries": [_summary(execution) for execution in shown], **more}


def get_execution(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """GetPipelineExecution."""
    state = service.pipeline(request["pipelineName"])
    execution = service.execution(state, request["pipelineExecutionId"])
    revisions = [_artifact_revision(revision) for revision in execution.revisions.values()]
    variables = [{"name": k, "resolvedValue": v} for k, v in sorted(execution.variables.items())]
    shown = {
        "pipelineName": state.pipeline.name,
        "pipelineVersion": execution.pipeline.version,
        **_head(execution),
        "artifactRevisions": revisions,
        "variables": variables,
    }
    return {"pipelineExecution": shown}


def list_actions(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListActionExecutions, the newest first: of the whole pipeline, or of one execution."""
    state = service.pipeline(request["pipelineName"])
    runs = [run for run in _runs(service, state, request.get("filter", {})) if run.action.type.category != RULE]
    shown, more = page(runs, request, MOST_SHOWN)
    return {"actionExecutionDetails": [_action(service, run) for run in shown], **more}


def list_rules(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListRuleExecutions, the newest first: the rules of conditions, of the whole pipeline or of one execution."""
    state = service.pipeline(request["pipelineName"])
    runs = [run for run in _runs(service, state, request.get("filter", {})) if run.action.type.category == RULE]
    shown, more = page(runs, request, MOST_SHOWN)
    return {"ruleExecutionDetails": [_rule(service, run) for run in shown], **more}


def _runs(service: ServiceState, state: PipelineState, named: Mapping[str, Any]) -> Iterator[ActionRun]:
    latest = named.get("latestInPipelineExecution", {})
    identity = named.get("pipelineExecutionId") or latest.get("pipelineExecutionId")
    executions = [service.execution(state, identity)] if identity else list(reversed(state.executions.values()))
    for execution in executions:
        for run in reversed(execution.history):
            if latest.get("startTimeRange") != "Latest" or _is_latest(execution, run):
                yield run


def _is_latest(execution: Execution, run: ActionRun) -> bool:
    same = [r for r in execution.history if (r.stage.name, r.action.name) == (run.stage.name, run.action.name)]
    return same[-1] is run


def _succeeded_in(execution: Execution, stage: str) -> bool:
    run = execution.stages.get(stage)
    return run is not None and run.status == "Succeeded"


def _summary(execution: Execution) -> dict[str, Any]:
    sources = [_source_revision(name, revision) for name, revision in execution.revisions.items()]
    stopped = execution.halt in ("stop", "abandon") and execution.halt_reason
    return {
        **_head(execution),
        "startTime": execution.started,
        "lastUpdateTime": execution.updated,
        "sourceRevisions": sources,
        **({"stopTrigger": {"reason": execution.halt_reason}} if stopped else {}),
    }


def _head(execution: Execution) -> dict[str, Any]:
    detail = execution.detail[: limits.TRIGGER_DETAIL_LENGTH]
    rollback = {"rollbackMetadata": {"rollbackTargetPipelineExecutionId": execution.rollback_of}}
    return {
        "pipelineExecutionId": execution.id,
        "status": execution.status,
        **({"statusSummary": execution.summary} if execution.summary else {}),
        "trigger": {
            "triggerType": execution.trigger,
            "triggerDetail": detail,
        },
        "executionMode": execution.pipeline.mode,
        "executionType": "ROLLBACK" if execution.rollback_of else "STANDARD",
        **(rollback if execution.rollback_of else {}),
    }


def _source_revision(action: str, revision: Revision) -> dict[str, Any]:
    return {"actionName": action, "revisionId": revision.id, **_about(revision)}


def _artifact_revision(revision: Revision) -> dict[str, Any]:
    created = {"created": revision.created} if revision.created else {}
    return {"name": revision.artifact, "revisionId": revision.id, **_about(revision), **created}


def _about(revision: Revision) -> dict[str, str]:
    return {"revisionSummary": revision.summary[: limits.REVISION_SUMMARY_LENGTH]} if revision.summary else {}


def _action(service: ServiceState, run: ActionRun) -> dict[str, Any]:
    by = {"updatedBy": run.outcome.answered_by} if run.outcome.answered_by else {}
    return {
        "pipelineExecutionId": run.execution.id,
        "actionExecutionId": run.id,
        "pipelineVersion": run.execution.pipeline.version,
        "stageName": run.stage.name,
        "actionName": run.action.name,
        "startTime": run.started,
        "lastUpdateTime": run.updated,
        **by,
        "status": run.status,
        "input": _input(service, run),
        "output": _output(run.outcome),
    }


def _rule(service: ServiceState, run: ActionRun) -> dict[str, Any]:
    action = _action(service, run)
    result = {"executionResult": action["output"]["executionResult"]}
    settings = {key: value for key, value in action["input"].items() if key not in ("actionTypeId", "namespace")}
    shared = ("pipelineExecutionId", "pipelineVersion", "stageName", "startTime", "lastUpdateTime", "status")
    return {
        **{key: action[key] for key in shared},
        "ruleExecutionId": run.id,
        "ruleName": run.action.name,
        "input": {"ruleTypeId": run.action.type.declared(), **settings},
        "output": result,
    }


def _input(service: ServiceState, run: ActionRun) -> dict[str, Any]:
    action = run.action
    return {
        "actionTypeId": action.type.declared(),
        "configuration": dict(action.configuration),
        "resolvedConfiguration": dict(run.configuration),
        **({"roleArn": action.role} if action.role else {}),
        "region": action.region or service.region,
        "inputArtifacts": [_location(artifact) for artifact in run.inputs.values()],
        **({"namespace": action.namespace} if action.namespace else {}),
    }


def _output(outcome: Outcome) -> dict[str, Any]:
    result = {
        "externalExecutionId": outcome.external_id,
        "externalExecutionSummary": outcome.summary,
        "externalExecutionUrl": outcome.url,
    }
    error = {"errorDetails": error_details(outcome)} if outcome.error else {}
    return {
        "outputArtifacts": [_location(artifact) for artifact in outcome.artifacts],
        "executionResult": {key: value for key, value in result.items() if value} | error,
        "outputVariables": dict(outcome.variables),
    }


def error_details(outcome: Outcome) -> dict[str, str]:
    """Why an action failed, within the lengths the API allows."""
    if outcome.error is None:
        return {}
    return {"code": outcome.error.code, "message": outcome.error.message[:5000] or outcome.error.code}


def _location(artifact: Artifact) -> dict[str, Any]:
    return {"name": artifact.name, "s3location": {"bucket": artifact.bucket, "key": artifact.key}}


OPERATIONS = {
    "ListPipelineExecutions": list_executions,
    "GetPipelineExecution": get_execution,
    "ListActionExecutions": list_actions,
    "ListRuleExecutions": list_rules,
}
