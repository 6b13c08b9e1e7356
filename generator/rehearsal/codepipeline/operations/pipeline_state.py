"""The operation that shows how a pipeline stands: every stage, its gate, its actions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.declaration import Action, Stage
from generator.rehearsal.codepipeline.operations.history import error_details
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import ActionRun, Execution, Gate, PipelineState, StageRun
from generator.rehearsal.service import Caller


def get_state(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """GetPipelineState."""
    state = service.pipeline(request["name"])
    return {
        "pipelineName": state.pipeline.name,
        "pipelineVersion": state.pipeline.version,
        "stageStates": [_stage(state, stage) for stage in state.pipeline.stages],
        "created": state.created,
        "updated": state.updated,
    }


def _stage(state: PipelineState, stage: Stage) -> dict[str, Any]:
    gate = state.gate(stage.name)
    inbound = [_execution(execution, "InProgress") for execution in gate.waiting]
    return {
        "stageName": stage.name,
        **({"inboundExecution": inbound[-1]} if inbound else {}),
        "inboundExecutions": inbound,
        "inboundTransitionState": _transition(gate),
        "actionStates": [_action(state, stage, action) for action in stage.actions],
        **({"latestExecution": _execution(gate.latest.execution, gate.latest.status)} if gate.latest else {}),
        **(_retries(gate.latest) if gate.latest else {}),
    }


def _execution(execution: Execution, status: str) -> dict[str, Any]:
    kind = "ROLLBACK" if execution.rollback_of else "STANDARD"
    return {"pipelineExecutionId": execution.id, "status": status, "type": kind}


def _transition(gate: Gate) -> dict[str, Any]:
    changed = gate.entry or gate.opened
    answer: dict[str, Any] = {"enabled": gate.entry is None}
    if changed:
        answer["lastChangedAt"] = changed.at
        if changed.by:
            answer["lastChangedBy"] = changed.by
    if gate.entry:
        answer["disabledReason"] = gate.entry.reason
    return answer


def _retries(run: StageRun) -> dict[str, Any]:
    counts = {
        "autoStageRetryAttempt": run.automatic_retries,
        "manualStageRetryAttempt": run.manual_retries,
    }
    attempts = {key: count for key, count in counts.items() if count}
    if not attempts:
        return {}
    trigger = "ManualStageRetry" if run.manual_retries else "AutomatedStageRetry"
    return {"retryStageMetadata": {**attempts, "latestRetryTrigger": trigger}}


def _action(state: PipelineState, stage: Stage, action: Action) -> dict[str, Any]:
    run = _latest(state, stage, action)
    if run is None:
        return {"actionName": action.name}
    return {
        "actionName": action.name,
        **_revision(run),
        "latestExecution": _run(run),
    }


def _latest(state: PipelineState, stage: Stage, action: Action) -> ActionRun | None:
    """The run of the action that began last, in whichever execution."""
    runs = [
        run
        for execution in state.executions.values()
        for run in execution.history
        if (run.stage.name, run.action.name) == (stage.name, action.name)
    ]
    # Of several that began at the same moment the last one is meant.
    return max(reversed(runs), key=lambda run: run.started, default=None)


def _run(run: ActionRun) -> dict[str, Any]:
    outcome = run.outcome
    optional = {
        "summary": outcome.summary[: limits.ACTION_SUMMARY_LENGTH],
        "token": run.token if run.active and not run.answer else "",
        "lastUpdatedBy": outcome.answered_by,
        "externalExecutionId": outcome.external_id[: limits.EXTERNAL_EXECUTION_ID_LENGTH],
        "externalExecutionUrl": outcome.url[: limits.ACTION_URL_LENGTH],
        "percentComplete": run.percent,
    }
    return {
        "actionExecutionId": run.id,
        "status": run.status,
        "lastStatusChange": run.updated,
        **{key: value for key, value in optional.items() if value not in ("", None)},
        **({"errorDetails": error_details(outcome)} if outcome.error else {}),
    }


def _revision(run: ActionRun) -> dict[str, Any]:
    revision = run.outcome.revision
    if revision is None:
        return {}
    current = {
        "revisionId": revision.id,
        "revisionChangeId": revision.id[: limits.REVISION_CHANGE_LENGTH],
        "created": revision.created or run.updated,
    }
    return {"currentRevision": current}


OPERATIONS = {"GetPipelineState": get_state}
