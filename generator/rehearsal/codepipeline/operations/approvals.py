"""The operation that answers an approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import ActionRun, Answer, PipelineState
from generator.rehearsal.service import Caller, ServiceError


def answer(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """PutApprovalResult: the token tells which run of the action is meant, whatever version it belongs to."""
    state = service.pipeline(request["pipelineName"])
    run = _asked(state, request)
    if run is None:
        _refuse_unknown_place(state, request)
        raise ServiceError(
            "InvalidApprovalTokenException",
            "The approval token is invalid. It is not the token of an approval of this action",
        )
    if run.answer or not run.active:
        raise ServiceError(
            "ApprovalAlreadyCompletedException", "The approval action has already been approved or rejected"
        )
    result = request["result"]
    by = caller.arn or f"arn:aws:iam::{caller.account}:root"
    run.answer = Answer(result["status"] == "Approved", result["summary"], by)
    return {"approvedAt": service.clock.now()}


def _asked(state: PipelineState, request: Mapping[str, Any]) -> ActionRun | None:
    for execution in state.executions.values():
        for run in execution.history:
            if (run.token, run.stage.name, run.action.name) == (
                request["token"],
                request["stageName"],
                request["actionName"],
            ):
                return run
    return None


def _refuse_unknown_place(state: PipelineState, request: Mapping[str, Any]) -> None:
    stages = {stage.name: stage for stage in state.pipeline.stages}
    stage = stages.get(request["stageName"])
    if stage is None:
        raise ServiceError(
            "StageNotFoundException",
            f"Pipeline '{state.pipeline.name}' has no stage with name '{request['stageName']}'",
        )
    if request["actionName"] not in {action.name for action in stage.actions}:
        raise ServiceError(
            "ActionNotFoundException",
            f"Stage '{stage.name}' has no action with name '{request['actionName']}'",
        )


OPERATIONS = {"PutApprovalResult": answer}
