"""Operations on pipelines themselves: create, get, update, delete, list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.aws_rules import limits
from generator.rehearsal.codepipeline.declaration import Pipeline, normalised, read
from generator.rehearsal.codepipeline.engine import Start
from generator.rehearsal.codepipeline.operations.pages import page
from generator.rehearsal.codepipeline.operations.start import defaults, missing_variables
from generator.rehearsal.codepipeline.operations.tags import refuse_bad_tags
from generator.rehearsal.codepipeline.service_state import ServiceState
from generator.rehearsal.codepipeline.state import Execution, PipelineState
from generator.rehearsal.codepipeline.structure import check
from generator.rehearsal.service import Caller, ServiceError


def create(service: ServiceState, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """CreatePipeline: the pipeline's first execution begins at once."""
    name = request["pipeline"]["name"]
    if name in service.pipelines:
        raise ServiceError("PipelineNameInUseException", f"A pipeline with the name '{name}' already exists")
    if len(service.pipelines) >= limits.PIPELINES:
        raise ServiceError("LimitExceededException", f"There are {limits.PIPELINES} pipelines already")
    tags = {tag["key"]: tag["value"] for tag in request.get("tags", ())}
    refuse_bad_tags(tags)
    declared = normalised(request["pipeline"], version=1)
    pipeline = read(declared)
    check(declared, pipeline, service.region)
    _check_roles(service, pipeline)
    now = service.clock.now()
    state = service.pipelines[name] = PipelineState(pipeline, {1: declared}, created=now, updated=now, tags=tags)
    # A variable without a default is asked for at every start; nobody can give it here.
    if not missing_variables(pipeline, {}):
        start = Start("CreatePipeline", caller.arn or "", variables=defaults(pipeline))
        service.engine.start(state, start)
    listed = [{"key": key, "value": value} for key, value in sorted(tags.items())]
    return {"pipeline": declared} | ({"tags": listed} if listed else {})


def _check_roles(service: ServiceState, pipeline: Pipeline) -> None:
    """The pipeline's role must be able to assume each action's own, which so has to be there before the pipeline.

    https://github.com/aws/aws-cdk/issues/22489 has AWS's words.
    """
    own = {action.role for _, action in pipeline.actions() if action.role not in (None, pipeline.role)}
    for role in sorted(filter(None, own)):
        if not service.may_assume(pipeline.role, role):
            words = f"{pipeline.role} is not authorized to perform AssumeRole on role {role}"
            raise ServiceError("InvalidStructureException", words)


def get(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """GetPipeline: the present version, or an earlier one."""
    state = service.pipeline(request["name"])
    version = request.get("version", state.pipeline.version)
    if version not in state.declared:
        raise ServiceError("PipelineVersionNotFoundException", f"Pipeline '{request['name']}' has no version {version}")
    metadata = {
        "pipelineArn": service.arn(request["name"]),
        "created": state.created,
        "updated": state.updated,
    }
    return {"pipeline": state.declared[version], "metadata": metadata}


def update(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """UpdatePipeline: what runs is cancelled once its actions in progress are done, but in PARALLEL mode.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/execution-modes.html
    """
    name = request["pipeline"]["name"]
    if name not in service.pipelines:
        # The model names no PipelineNotFoundException for this operation.
        raise ServiceError(
            "InvalidStructureException",
            f"Account '{service.account}' does not have a pipeline with name '{name}'",
        )
    state = service.pipelines[name]
    version = state.pipeline.version + 1
    declared = normalised(request["pipeline"], version)
    pipeline = read(declared)
    check(declared, pipeline, service.region)
    _check_roles(service, pipeline)
    state.pipeline = pipeline
    state.declared[version] = declared
    state.updated = service.clock.now()
    for execution in state.executions.values():
        if not execution.over and execution.pipeline.mode != "PARALLEL":
            _outdate(service, state, execution)
    return {"pipeline": declared}


def _outdate(service: ServiceState, state: PipelineState, execution: Execution) -> None:
    reason = "The pipeline's definition was updated before the execution was complete"
    if execution.waiting:
        state.gate(execution.stage.name).waiting.remove(execution)
        service.engine.end(execution, "Cancelled", reason)
    elif execution.halt is None:
        execution.halt = "outdated"
        execution.halt_reason = reason


def delete(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """DeletePipeline; one that is not there is deleted as well."""
    if state := service.pipelines.get(request["name"]):
        service.abandon_all(state)
        del service.pipelines[request["name"]]
    return {}


def list_all(service: ServiceState, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListPipelines, by name."""
    pipelines = [service.pipelines[name] for name in sorted(service.pipelines)]
    shown, more = page(pipelines, request, limits.PIPELINES)
    return {"pipelines": [_summary(state) for state in shown], **more}


def _summary(state: PipelineState) -> dict[str, Any]:
    return {
        "name": state.pipeline.name,
        "version": state.pipeline.version,
        "pipelineType": state.pipeline.type,
        "executionMode": state.pipeline.mode,
        "created": state.created,
        "updated": state.updated,
    }


OPERATIONS = {
    "CreatePipeline": create,
    "GetPipeline": get,
    "UpdatePipeline": update,
    "DeletePipeline": delete,
    "ListPipelines": list_all,
}
