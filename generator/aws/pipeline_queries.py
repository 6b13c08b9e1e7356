"""Queries CodePipeline for the state of a pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from generator.aws.door import Door
from generator.aws.pipeline import Execution, Pipeline
from generator.aws.pipeline_answers import Answer, execution_of, executions_seen, pipeline_of, stage_executions

PAUSE = 2.0
"""Seconds between two looks."""
RECENT = 20
"""Executions that are always looked at; of older ones only those that are still in a stage."""


def look(door: Door, name: str) -> Pipeline:
    """The pipeline as it stands. Raises botocore's ClientError, when there is none of this name too."""
    codepipeline = door.client("codepipeline")
    declared = codepipeline.get_pipeline(name=name)["pipeline"]
    # In this order, what is over among the executions is over in the stages too.
    recent = list(islice(_listed(door, name), RECENT))
    state = codepipeline.get_pipeline_state(name=name)
    older = set(executions_seen(state)) - {summary["pipelineExecutionId"] for summary in recent}
    summaries = [*recent, *filter(None, (_execution(door, name, execution) for execution in sorted(older)))]
    details = chain.from_iterable(_details(door, name, execution) for execution in stage_executions(state))
    return pipeline_of(declared, state, summaries, details)


def _execution(door: Door, name: str, execution: str) -> Answer | None:
    """GetPipelineExecution's answer; None for what history has forgotten, which it does after a year."""
    codepipeline = door.client("codepipeline")
    try:
        response = codepipeline.get_pipeline_execution(pipelineName=name, pipelineExecutionId=execution)
    except codepipeline.exceptions.PipelineExecutionNotFoundException:
        return None
    answer: Answer = response["pipelineExecution"]
    return answer


def _listed(door: Door, name: str, **chosen: Any) -> Iterator[Answer]:
    paginator = door.client("codepipeline").get_paginator("list_pipeline_executions")
    for page in paginator.paginate(pipelineName=name, **chosen):
        yield from page["pipelineExecutionSummaries"]


def _details(door: Door, name: str, execution: str) -> Iterator[Answer]:
    paginator = door.client("codepipeline").get_paginator("list_action_executions")
    for page in paginator.paginate(pipelineName=name, filter={"pipelineExecutionId": execution}):
        yield from page["actionExecutionDetails"]


def action_runs(door: Door, name: str, execution: str) -> list[Answer]:
    """Every run of every action of one execution, the newest first, as ListActionExecutions returns it."""
    return list(_details(door, name, execution))


def succeeded_in(door: Door, name: str, stage: str) -> Iterator[Execution]:
    """The executions that succeeded in a stage, the newest first."""
    chosen = {"filter": {"succeededInStage": {"stageName": stage}}}
    return map(execution_of, _listed(door, name, **chosen))


def listed(door: Door, name: str) -> Iterator[Execution]:
    """Every execution of the pipeline there is a record of, the newest first."""
    return map(execution_of, _listed(door, name))


def version_of(door: Door, name: str, execution: str) -> int:
    """The version of the pipeline an execution ran in. Each update of a pipeline makes a new one."""
    answer = door.client("codepipeline").get_pipeline_execution(pipelineName=name, pipelineExecutionId=execution)
    return int(answer["pipelineExecution"]["pipelineVersion"])


def views(door: Door, name: str) -> Iterator[Pipeline]:
    """The pipeline as it stands, again and again, until nothing runs in it any more."""
    standing = look(door, name)
    yield standing
    while standing.running:
        door.sleep(PAUSE)
        standing = look(door, name)
        yield standing
