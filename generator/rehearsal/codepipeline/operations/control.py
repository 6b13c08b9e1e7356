"""Operations that interfere with what runs: stop, retry, roll back, switch transitions off and on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import Execution, Gate, PipelineState, StageRun, Switched
from generator.rehearsal.service import Caller, ServiceError


def stop(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """StopPipelineExecution: after the actions in progress, or at once and without them.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-stop.html
    """
    state = service.pipeline(request["pipelineName"])
    execution = state.executions.get(request["pipelineExecutionId"])
    abandon = request.get("abandon", False)
    if execution is None or execution.over:
        raise ServiceError(
            "PipelineExecutionNotStoppableException",
            f"Execution '{request['pipelineExecutionId']}' of pipeline '{state.pipeline.name}' is not in progress",
        )
    if execution.status == "Stopping" and not abandon:
        raise ServiceError("DuplicatedStopRequestException", f"Execution '{execution.id}' is already stopping")
    execution.halt_reason = request.get("reason", "")
    if execution.waiting:
        state.gate(execution.stage.name).waiting.remove(execution)
        execution.halt = "stop"
        service.engine.end(execution, "Stopped", execution.halt_reason)
    else:
        _halt(service, state, execution, abandon=abandon)
    return {"pipelineExecutionId": execution.id}


def _halt(service: ServiceState, state: PipelineState, execution: Execution, *, abandon: bool) -> None:
    run = execution.stages[execution.stage.name]
    execution.status = run.status = "Stopping"
    execution.halt = "abandon" if abandon else "stop"
    if abandon:
        for action in run.active:
            service.engine.abandon(action)
        service.engine.advance(state, run)


def retry(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """RetryStageExecution.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-retry.html
    """
    state = service.pipeline(request["pipelineName"])
    gate = _gate(state, request["stageName"])
    run = _latest(state, gate, request["pipelineExecutionId"])
    if run.execution.pipeline is not state.pipeline:
        raise _not_retryable(gate, "the pipeline was updated after it ran")
    if run.status in ("Succeeded", "Stopping") or not (run.failed or run.broken_rules or run.status == "Stopped"):
        raise _not_retryable(gate, f"it has no failed actions (status {run.status})")
    if run.active and request["retryMode"] == "ALL_ACTIONS":
        raise _not_retryable(gate, "it has actions in progress")
    run.manual_retries += 1
    service.engine.again(state, run, request["retryMode"])
    return {"pipelineExecutionId": run.execution.id}


def _latest(state: PipelineState, gate: Gate, execution_id: str) -> StageRun:
    if state.pipeline.mode == "PARALLEL":
        own = state.executions.get(execution_id)
        run = own.stages.get(gate.stage) if own else None
    else:
        run = gate.latest
    if run is None or run.execution.id != execution_id:
        raise ServiceError(
            "NotLatestPipelineExecutionException",
            f"Execution '{execution_id}' is not the latest that entered stage '{gate.stage}'",
        )
    return run


def _not_retryable(gate: Gate, why: str) -> ServiceError:
    return ServiceError("StageNotRetryableException", f"Stage '{gate.stage}' cannot be retried: {why}")


def roll_back(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """RollbackStage: a new execution takes an earlier one's artifacts through one stage.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
    """
    state = service.pipeline(request["pipelineName"])
    gate = _gate(state, request["stageName"])
    target = service.execution(state, request["targetPipelineExecutionId"])
    if target.pipeline is not state.pipeline:
        raise ServiceError(
            "PipelineExecutionOutdatedException",
            f"Execution '{target.id}' ran in an earlier version of the pipeline's structure",
        )
    if why := _no_way_back(state, gate, target):
        raise ServiceError("UnableToRollbackStageException", f"Stage '{gate.stage}' cannot be rolled back: {why}")
    execution = service.engine.roll_back(state, target, gate.stage, "ManualRollback")
    return {"pipelineExecutionId": execution.id}


def _no_way_back(state: PipelineState, gate: Gate, target: Execution) -> str:
    run = target.stages.get(gate.stage)
    if state.pipeline.mode == "PARALLEL":
        return "the pipeline's mode is PARALLEL"
    if gate.stage == state.pipeline.stages[0].name:
        return "it is the source stage"
    if target.rollback_of:
        return f"execution '{target.id}' is a rollback itself"
    if run is None or run.status != "Succeeded":
        return f"execution '{target.id}' did not succeed in it"
    return ""


def disable(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """DisableStageTransition: nobody enters (or leaves) the stage until it is enabled again."""
    closed = Switched(request["reason"], service.clock.now(), caller.arn or "")
    _switch(service, request, closed)
    return {}


def enable(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """EnableStageTransition: whoever waits goes on."""
    state = service.pipeline(request["pipelineName"])
    gate = _gate(state, request["stageName"])
    _switch(service, request, None)
    if request["transitionType"] == "Inbound":
        gate.opened = Switched("", service.clock.now(), caller.arn or "")
    for each in list(state.gates.values()):
        service.engine.admit(state, each)
    return {}


def _switch(service: ServiceState, request: Mapping[str, Any], closed: Switched | None) -> None:
    gate = _gate(service.pipeline(request["pipelineName"]), request["stageName"])
    if request["transitionType"] == "Inbound":
        gate.entry = closed
    else:
        gate.exit = closed


def _gate(state: PipelineState, stage: str) -> Gate:
    if stage not in {declared.name for declared in state.pipeline.stages}:
        raise ServiceError(
            "StageNotFoundException", f"Pipeline '{state.pipeline.name}' has no stage with name '{stage}'"
        )
    return state.gate(stage)


OPERATIONS = {
    "StopPipelineExecution": stop,
    "RetryStageExecution": retry,
    "RollbackStage": roll_back,
    "DisableStageTransition": disable,
    "EnableStageTransition": enable,
}
