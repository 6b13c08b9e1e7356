"""The local CodePipeline's API for tests: a clock that is moved by hand, actions that end when a test says so."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from generator.execution import ErrorDetails, Event
from generator.rehearsal.codepipeline.service import OPERATIONS
from generator.rehearsal.codepipeline.service_state import Place, ServiceState
from generator.rehearsal.codepipeline.state import ActionRun, Artifact, Outcome
from generator.rehearsal.emulator.constraints import violations
from generator.rehearsal.service import Caller, ServiceError

ACCOUNT = "123456789012"
REGION = "eu-west-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/pipeline"
CALLER = Caller(ACCOUNT, REGION, f"arn:aws:iam::{ACCOUNT}:user/anna")
START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MODEL = botocore.session.Session().get_service_model("codepipeline")
PATIENCE = 120.0


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self._now = START
        self._waited_on: set[threading.Condition] = set()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._now

    def wait(self, changed: threading.Condition, ready: Callable[[], bool], until: datetime | None) -> bool:
        self._waited_on.add(changed)
        changed.wait_for(lambda: ready() or (until is not None and self._now >= until))
        return ready()

    def advance(self, **time: float) -> None:
        self._now += timedelta(**time)
        for changed in tuple(self._waited_on):
            with changed:
                changed.notify_all()


def action(name: str, order: int = 1, **fields: Any) -> dict[str, Any]:
    """An action of a provider nobody knows, in the API's shape."""
    kind = {
        "category": fields.pop("category", "Deploy"),
        "owner": fields.pop("owner", "AWS"),
        "provider": fields.pop("provider", "Fake"),
        "version": "1",
    }
    inputs = [{"name": artifact} for artifact in fields.pop("inputs", ())]
    outputs = [{"name": artifact} for artifact in fields.pop("outputs", ())]
    return {
        "name": name,
        "runOrder": order,
        "actionTypeId": kind,
        "inputArtifacts": inputs,
        "outputArtifacts": outputs,
        **fields,
    }


def source(name: str = "Source", output: str = "code", **fields: Any) -> dict[str, Any]:
    """A source action of a provider nobody knows."""
    return action(name, category="Source", outputs=[output] if output else [], **fields)


def stage(name: str, *actions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "actions": list(actions), **fields}


def pipeline(*stages: dict[str, Any], name: str = "line", **fields: Any) -> dict[str, Any]:
    """A pipeline of a source stage and those given."""
    return {
        "name": name,
        "roleArn": ROLE,
        "artifactStore": {"type": "S3", "location": "artifacts"},
        "stages": [stage("Source", source()), *stages],
        **fields,
    }


SMALL = pipeline(stage("Build", action("Build", inputs=["code"])), stage("Deploy", action("Deploy")))


def checked(operation: str, answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer, once it is of the shape AWS's model has for the operation; errors must be its own too."""
    model = MODEL.operation_model(operation)
    try:
        reply = answer()
    except ServiceError as error:
        if error.code not in {shape.name for shape in model.error_shapes}:
            pytest.fail(f"AWS names no such error for {operation}: {error}")
        raise
    if model.output_shape:
        problems = ParamValidator().validate(reply, model.output_shape)
        assert not problems.has_errors(), problems.generate_report()
        assert violations(model.output_shape, reply) == []
    return reply


def refuse_wrong_request(operation: str, request: Mapping[str, Any]) -> None:
    """What the emulator does before it asks the service."""
    if result := violations(MODEL.operation_model(operation).input_shape, request):
        raise ServiceError("ValidationException", f"{len(result)} validation errors detected: {'; '.join(result)}")


@dataclass
class PipelineApi:
    """A service whose actions do nothing by themselves."""

    clock: FakeClock = field(default_factory=FakeClock)
    events: list[Event] = field(default_factory=list)
    begun: list[ActionRun] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = Place(ACCOUNT, REGION)
        self.service = ServiceState(place, self.clock, self.events.append, lambda _service, run: self.begun.append(run))

    def call(self, operation: str, caller: Caller = CALLER, **request: Any) -> dict[str, Any]:
        refuse_wrong_request(operation, request)
        with self.service.lock:
            return checked(operation, lambda: OPERATIONS[operation](self.service, request, caller))

    def refused(self, operation: str, **request: Any) -> ServiceError:
        with pytest.raises(ServiceError) as caught:
            self.call(operation, **request)
        return caught.value

    def create(self, declared: dict[str, Any], *, run: bool = False) -> None:
        """Make a pipeline; unless `run`, its first execution is finished off at once."""
        self.call("CreatePipeline", pipeline=declared)
        if not run and self.begun:
            self.call(
                "StopPipelineExecution",
                pipelineName=declared["name"],
                pipelineExecutionId=self.begun[0].execution.id,
                abandon=True,
            )
            self.begun.clear()
            self.events.clear()

    def start(self, name: str = "line", **request: Any) -> str:
        answer = self.call("StartPipelineExecution", name=name, **request)
        return str(answer["pipelineExecutionId"])

    def at_work(self) -> list[str]:
        """Names of the actions that wait for a test to end them, in the order they began."""
        return [run.action.name for run in self.begun if run.active]

    def end(self, name: str, outcome: Outcome | None = None, *, execution: str | None = None) -> None:
        """End the action at work of this name (of this execution)."""
        (run,) = [
            run
            for run in self.begun
            if run.active and run.action.name == name and execution in (None, run.execution.id)
        ]
        result = outcome or Outcome(artifacts=tuple(artifact_named(output) for output in run.action.outputs))
        with self.service.lock:
            self.service.engine.ended(self.service.pipeline(run.execution.pipeline.name), run, result)

    def fail(self, name: str, *, code: str = "JobFailed", execution: str | None = None) -> None:
        self.end(name, Outcome(error=ErrorDetails(code, f"{name} broke")), execution=execution)

    def execution(self, execution: str, name: str = "line") -> dict[str, Any]:
        answer = self.call("GetPipelineExecution", pipelineName=name, pipelineExecutionId=execution)
        result: dict[str, Any] = answer["pipelineExecution"]
        return result

    def status(self, execution: str) -> str:
        return str(self.execution(execution)["status"])

    def state(self, stage: str, name: str = "line") -> dict[str, Any]:
        states = self.call("GetPipelineState", name=name)["stageStates"]
        (current,) = [state for state in states if state["stageName"] == stage]
        return dict(current)

    def stage_status(self, stage: str) -> str:
        return str(self.state(stage)["latestExecution"]["status"])

    def history(self, **named: Any) -> list[dict[str, Any]]:
        filtered: dict[str, Any] = {"filter": named} if named else {}
        answer = self.call("ListActionExecutions", pipelineName="line", **filtered)
        return list(answer["actionExecutionDetails"])


def artifact_named(name: str) -> Artifact:
    return Artifact(name, "artifacts", f"line/{name}/abcdefg")
