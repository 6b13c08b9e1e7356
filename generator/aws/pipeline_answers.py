"""From what CodePipeline's API answers to values: pure functions, in the shapes of boto3's answers.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html
https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from generator.aws.pipeline import Action, Commit, Counts, Execution, Gate, Pipeline, Run, Stage, first_line
from generator.execution import ErrorDetails

Answer = Mapping[str, Any]
Answers = Sequence[Answer]


def execution_of(summary: Answer) -> Execution:
    """An execution, from ListPipelineExecutions' summary or from GetPipelineExecution's `pipelineExecution`."""
    revisions = summary.get("sourceRevisions") or summary.get("artifactRevisions") or ()
    return Execution(
        id=summary["pipelineExecutionId"],
        status=summary["status"],
        commit=next((_commit(revision) for revision in revisions), None),
        trigger=summary.get("trigger", {}).get("triggerType", ""),
        started=summary.get("startTime"),
        updated=summary.get("lastUpdateTime"),
        reason=summary.get("stopTrigger", {}).get("reason", "") or summary.get("statusSummary", ""),
        rollback_of=summary.get("rollbackMetadata", {}).get("rollbackTargetPipelineExecutionId", ""),
    )


def _commit(revision: Answer) -> Commit:
    return Commit(revision.get("revisionId", ""), first_line(_message(revision.get("revisionSummary", ""))))


def _message(summary: str) -> str:
    """A commit's message; sources behind a connection wrap it in JSON."""
    try:
        message = json.loads(summary)
    except ValueError:
        return summary
    return str(message.get("CommitMessage", "")) if isinstance(message, dict) else summary


def run_of(detail: Answer) -> Run:
    """One run of an action, from ListActionExecutions."""
    resolved, outputs = detail.get("input", {}), detail.get("output", {})
    result = outputs.get("executionResult", {})
    error = result.get("errorDetails")
    return Run(
        id=detail["actionExecutionId"],
        execution=detail["pipelineExecutionId"],
        status=detail["status"],
        started=detail["startTime"],
        updated=detail["lastUpdateTime"],
        by=detail.get("updatedBy", ""),
        summary=result.get("externalExecutionSummary", ""),
        error=ErrorDetails(error.get("code", ""), error.get("message", "")) if error else None,
        external_id=result.get("externalExecutionId", ""),
        url=result.get("externalExecutionUrl", ""),
        configuration=resolved.get("resolvedConfiguration") or resolved.get("configuration", {}),
        variables=outputs.get("outputVariables", {}),
    )


def executions_seen(state: Answer) -> list[str]:
    """The ids of the executions that are in a stage or before one, each once."""
    seen = [
        execution["pipelineExecutionId"]
        for stage in state["stageStates"]
        for execution in (stage.get("latestExecution"), *_inbound(stage))
        if execution
    ]
    return list(dict.fromkeys(seen))


def stage_executions(state: Answer) -> list[str]:
    """The ids of the executions that entered a stage last, each once: theirs are the actions to show."""
    latest = (stage.get("latestExecution") for stage in state["stageStates"])
    return list(dict.fromkeys(execution["pipelineExecutionId"] for execution in latest if execution))


def _inbound(stage: Answer) -> Answers:
    return stage.get("inboundExecutions") or [e for e in (stage.get("inboundExecution"),) if e]


def pipeline_of(declared: Answer, state: Answer, summaries: Iterable[Answer], details: Iterable[Answer]) -> Pipeline:
    """The pipeline as it stands.

    `declared` is GetPipeline's `pipeline`, `state` the answer of GetPipelineState, `summaries` list executions as
    `execution_of` takes them (the newest first), `details` are ListActionExecutions' for `stage_executions`.
    """
    executions = tuple(map(execution_of, summaries))
    by_id = {execution.id: execution for execution in executions}
    runs = list(details)
    states = {stage["stageName"]: stage for stage in state["stageStates"]}
    stages = tuple(_stage(stage, states.get(stage["name"], {}), by_id, runs) for stage in declared["stages"])
    return Pipeline(
        declared["name"], state["pipelineVersion"], declared.get("executionMode", "SUPERSEDED"), stages, executions
    )


def _stage(declared: Answer, state: Answer, executions: Mapping[str, Execution], details: Answers) -> Stage:
    latest = state.get("latestExecution", {})
    execution = latest.get("pipelineExecutionId", "")
    ordered = sorted(declared["actions"], key=lambda action: action.get("runOrder", 1))
    stage = Stage(
        name=declared["name"],
        actions=tuple(map(_action, ordered)),
        status=latest.get("status"),
        execution=executions.get(execution),
        waiting=tuple(
            executions[e["pipelineExecutionId"]] for e in _inbound(state) if e["pipelineExecutionId"] in executions
        ),
        gate=_gate(state.get("inboundTransitionState", {})),
    )
    return with_runs(stage, [detail for detail in details if detail["pipelineExecutionId"] == execution])


def with_runs(stage: Stage, details: Answers) -> Stage:
    """The stage with the runs, tests and URL of the one execution these details describe."""
    own = [detail for detail in details if detail["stageName"] == stage.name]
    runs = latest_try({action.name: action.order for action in stage.actions}, own)
    actions = tuple(replace(action, run=runs.get(action.name)) for action in stage.actions)
    return replace(stage, actions=actions, tests=_tests(actions), url=_url(actions))


def _gate(transition: Answer) -> Gate:
    if transition.get("enabled", True):
        return Gate()
    return Gate(
        open=False,
        reason=transition.get("disabledReason", ""),
        by=transition.get("lastChangedBy", ""),
        since=transition.get("lastChangedAt"),
    )


def _action(declared: Answer) -> Action:
    kind = declared["actionTypeId"]
    return Action(
        name=declared["name"],
        category=kind["category"],
        provider=kind["provider"],
        order=declared.get("runOrder", 1),
        configuration=declared.get("configuration", {}),
        role=declared.get("roleArn", ""),
    )


def latest_try(orders: Mapping[str, int], details: Answers) -> dict[str, Run]:
    """The runs of a stage's latest try, by action.

    A retry reruns a stage, so a run older than one of an action before it belongs to an earlier try.
    """
    newest: dict[str, Run] = {}
    for detail in sorted(details, key=lambda detail: detail["startTime"]):
        newest[detail["actionName"]] = run_of(detail)
    return {
        name: run
        for name, run in newest.items()
        if all(run.started >= newest[other].started for other in newest if orders.get(other, 0) < orders.get(name, 0))
    }


def _tests(actions: Iterable[Action]) -> Counts | None:
    """What start_tests published, added up."""
    published = [a.run.variables for a in actions if a.run and {"Passed", "Failed"} <= a.run.variables.keys()]
    counted = [v for v in published if v["Passed"].isdecimal() and v["Failed"].isdecimal()]
    if not counted:
        return None
    summary = "; ".join(v["Summary"] for v in counted if v.get("Summary"))
    return Counts(sum(int(v["Passed"]) for v in counted), sum(int(v["Failed"]) for v in counted), summary)


def _url(actions: Sequence[Action]) -> str:
    """The application's URL: the output of the deployed stack that the stage's tests call."""
    by_stack: dict[str, dict[str, str]] = {}
    for action in actions:
        if action.run and action.provider == "CloudFormation":
            by_stack.setdefault(action.run.configuration.get("StackName", ""), {}).update(action.run.variables)
    for asked in map(parameters, actions):
        service, _, output = str(asked.get("url")).rpartition(".")
        stack = stack_of(str(asked.get("stack")), service)
        every = [by_stack.get(stack, {})] if service else by_stack.values()
        if url := next((outputs[output] for outputs in every if output in outputs), ""):
            return url
    return ""


def stack_of(stacks: str, service: str) -> str:
    """The stack of a service, of what start_tests is told of several: `shop-*-beta database api=old`."""
    pattern, *words = stacks.split() or [""]
    named = dict(word.partition("=")[::2] for word in words)
    return named.get(service, "") or pattern.replace("*", service)


def parameters(action: Action) -> Mapping[str, Any]:
    """What an Invoke action gives its function as UserParameters, with its variables put in once it ran."""
    configuration = action.run.configuration if action.run else action.configuration
    try:
        text = json.loads(configuration.get("UserParameters", ""))
    except ValueError:
        return {}
    return text if isinstance(text, dict) else {}
