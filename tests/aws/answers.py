"""Answers of CodePipeline as boto3 gives them, small enough to read, and held to botocore's model of the API."""

from __future__ import annotations

import datetime as dt
import functools
import json
from typing import Any

import botocore.session
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

NAME = "clock-pipeline"
FIRST, SECOND, THIRD = (f"{number}{'0' * 7}-0000-4000-8000-{'0' * 12}" for number in "123")
BEGAN = dt.datetime(2026, 1, 2, 12, tzinfo=dt.UTC)
COMMIT = "a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6a1b2"

Answer = dict[str, Any]


def at(seconds: float) -> dt.datetime:
    """So many seconds after everything began."""
    return BEGAN + dt.timedelta(seconds=seconds)


@functools.cache
def _model() -> ServiceModel:
    return botocore.session.Session().get_service_model("codepipeline")


def conform(operation: str, answer: Answer) -> Answer:
    """The answer, which botocore's model must allow."""
    shape = _model().operation_model(operation).output_shape
    # botocore's own types call the output shape optional.
    report = ParamValidator().validate(answer, shape)  # type: ignore[arg-type]
    assert not report.has_errors(), report.generate_report()
    return answer


def action(name: str, category: str = "Invoke", provider: str = "Lambda", order: int = 1, **fields: Any) -> Answer:
    """An action as GetPipeline declares it."""
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    return {"name": name, "actionTypeId": kind, "runOrder": order, **fields}


SOURCE = action("Source", "Source", "CodeCommit")
DEPLOY = action("Deploy", "Deploy", "CloudFormation")
TEST = action("Test", order=2, configuration={"UserParameters": '{"url": "ApiUrl"}'})
APPROVE = action("Approve", "Approval", "Manual")


def declared(*stages: tuple[str, list[Answer]], mode: str = "SUPERSEDED") -> Answer:
    """GetPipeline's `pipeline`: without stages given, source, beta and prod."""
    chosen = stages or (("Source", [SOURCE]), ("Beta", [TEST, DEPLOY]), ("Prod", [APPROVE]))
    pipeline = {
        "name": NAME,
        "roleArn": "arn:aws:iam::123456789012:role/line",
        "stages": [{"name": name, "actions": actions} for name, actions in chosen],
        "executionMode": mode,
        "pipelineType": "V2",
    }
    conform("GetPipeline", {"pipeline": pipeline})
    return pipeline


def stage_state(name: str, execution: str = "", status: str = "Succeeded", **fields: Any) -> Answer:
    """A stage of GetPipelineState; without an execution none ever entered it."""
    latest = {"latestExecution": {"pipelineExecutionId": execution, "status": status}} if execution else {}
    return {"stageName": name, "inboundTransitionState": {"enabled": True}, "actionStates": [], **latest, **fields}


def state(*stages: Answer, version: int = 1) -> Answer:
    """GetPipelineState."""
    return conform("GetPipelineState", {"pipelineName": NAME, "pipelineVersion": version, "stageStates": list(stages)})


def summary(execution: str, status: str = "Succeeded", message: str = "Set the clock", **fields: Any) -> Answer:
    """An execution of ListPipelineExecutions."""
    summary = {
        "pipelineExecutionId": execution,
        "status": status,
        "startTime": BEGAN,
        "lastUpdateTime": at(60),
        "sourceRevisions": [{"actionName": "Source", "revisionId": COMMIT, "revisionSummary": message}],
        "trigger": {"triggerType": "CloudWatchEvent", "triggerDetail": "arn:aws:events:us-east-1:1:rule/push"},
        "executionMode": "SUPERSEDED",
        "executionType": "STANDARD",
        **fields,
    }
    conform("ListPipelineExecutions", {"pipelineExecutionSummaries": [summary]})
    return summary


def detail(place: str, execution: str = FIRST, status: str = "Succeeded", start: float = 0, **fields: Any) -> Answer:
    """A run of ListActionExecutions; `place` is "Stage/Action". It takes three seconds.

    `variables`, `error`, `result` and `configuration` go where the API has them, the others are its own fields.
    """
    stage, _, name = place.partition("/")
    error = {"errorDetails": {"code": "JobFailed", "message": fields.pop("error")}} if "error" in fields else {}
    detail = {
        "pipelineExecutionId": execution,
        "actionExecutionId": f"{place}-{execution}-{start}",
        "pipelineVersion": 1,
        "stageName": stage,
        "actionName": name,
        "startTime": at(start),
        "lastUpdateTime": at(start + 3),
        "status": status,
        "input": {"resolvedConfiguration": fields.pop("configuration", {})},
        "output": {
            "executionResult": {**fields.pop("result", {}), **error},
            "outputVariables": fields.pop("variables", {}),
        },
        **fields,
    }
    conform("ListActionExecutions", {"actionExecutionDetails": [detail]})
    return detail


def user_parameters(**parameters: Any) -> dict[str, str]:
    """The configuration of an action that tells its function this."""
    return {"FunctionName": "clock_start_tests", "UserParameters": json.dumps(parameters)}
