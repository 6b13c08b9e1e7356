"""Operations on pipelines themselves: create, get, update, delete, list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.rehearsal.codepipeline.declaration import normalised, read
from generator.rehearsal.codepipeline.engine import Start
from generator.rehearsal.codepipeline.operations.pages import page
from generator.rehearsal.codepipeline.operations.start import defaults, missing_variables
from generator.rehearsal.codepipeline.operations.tags import refuse_bad_tags
from generator.rehearsal.codepipeline.service_state import World
from generator.rehearsal.codepipeline.state import Execution, Line
from generator.rehearsal.codepipeline.structure import check
from generator.rehearsal.service import Caller, ServiceError

MOST_PIPELINES = 1000


def create(world: World, request: Mapping[str, Any], caller: Caller) -> dict[str, Any]:
    """CreatePipeline: the pipeline's first execution begins at once."""
    name = request["pipeline"]["name"]
    if name in world.lines:
        raise ServiceError("PipelineNameInUseException", f"A pipeline with the name '{name}' already exists")
    if len(world.lines) >= MOST_PIPELINES:
        raise ServiceError("LimitExceededException", f"There are {MOST_PIPELINES} pipelines already")
    tags = {tag["key"]: tag["value"] for tag in request.get("tags", ())}
    refuse_bad_tags(tags)
    declared = normalised(request["pipeline"], version=1)
    pipeline = read(declared)
    check(declared, pipeline, world.region)
    now = world.clock.now()
    line = world.lines[name] = Line(pipeline, {1: declared}, created=now, updated=now, tags=tags)
    # A variable without a default is asked for at every start; nobody can give it here.
    if not missing_variables(pipeline, {}):
        start = Start("CreatePipeline", caller.arn or "", variables=defaults(pipeline))
        world.engine.start(line, start)
    listed = [{"key": key, "value": value} for key, value in sorted(tags.items())]
    return {"pipeline": declared} | ({"tags": listed} if listed else {})


def get(world: World, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """GetPipeline: the present version, or an earlier one."""
    line = world.line(request["name"])
    version = request.get("version", line.pipeline.version)
    if version not in line.declared:
        raise ServiceError("PipelineVersionNotFoundException", f"Pipeline '{request['name']}' has no version {version}")
    metadata = {
        "pipelineArn": world.arn(request["name"]),
        "created": line.created,
        "updated": line.updated,
    }
    return {"pipeline": line.declared[version], "metadata": metadata}


def update(world: World, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """UpdatePipeline: what runs is cancelled once its actions in progress are done, but in PARALLEL mode.

    https://docs.aws.amazon.com/codepipeline/latest/userguide/execution-modes.html
    """
    name = request["pipeline"]["name"]
    if name not in world.lines:
        # The model names no PipelineNotFoundException for this operation.
        raise ServiceError(
            "InvalidStructureException",
            f"Account '{world.account}' does not have a pipeline with name '{name}'",
        )
    line = world.lines[name]
    version = line.pipeline.version + 1
    declared = normalised(request["pipeline"], version)
    pipeline = read(declared)
    check(declared, pipeline, world.region)
    line.pipeline = pipeline
    line.declared[version] = declared
    line.updated = world.clock.now()
    for execution in line.executions.values():
        if not execution.over and execution.pipeline.mode != "PARALLEL":
            _outdate(world, line, execution)
    return {"pipeline": declared}


def _outdate(world: World, line: Line, execution: Execution) -> None:
    reason = "The pipeline's definition was updated before the execution was complete"
    if execution.waiting:
        line.gate(execution.stage.name).waiting.remove(execution)
        world.engine.end(execution, "Cancelled", reason)
    elif execution.halt is None:
        execution.halt = "outdated"
        execution.halt_reason = reason


def delete(world: World, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """DeletePipeline; one that is not there is deleted as well."""
    if line := world.lines.get(request["name"]):
        world.abandon_all(line)
        del world.lines[request["name"]]
    return {}


def list_all(world: World, request: Mapping[str, Any], _caller: Caller) -> dict[str, Any]:
    """ListPipelines, by name."""
    lines = [world.lines[name] for name in sorted(world.lines)]
    shown, more = page(lines, request, MOST_PIPELINES)
    return {"pipelines": [_summary(line) for line in shown], **more}


def _summary(line: Line) -> dict[str, Any]:
    return {
        "name": line.pipeline.name,
        "version": line.pipeline.version,
        "pipelineType": line.pipeline.type,
        "executionMode": line.pipeline.mode,
        "created": line.created,
        "updated": line.updated,
    }


OPERATIONS = {
    "CreatePipeline": create,
    "GetPipeline": get,
    "UpdatePipeline": update,
    "DeletePipeline": delete,
    "ListPipelines": list_all,
}
