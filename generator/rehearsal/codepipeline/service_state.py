"""The state of the service: the pipelines of an account and region, their open jobs, and the one lock over them."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from generator.execution import ErrorDetails
from generator.rehearsal.assumptions import AS_THEY_ARE, Chosen
from generator.rehearsal.codepipeline.clock import Clock
from generator.rehearsal.codepipeline.engine import Engine, Tell
from generator.rehearsal.codepipeline.state import ActionRun, Execution, PipelineState
from generator.rehearsal.service import ServiceError

JobStatus = Literal["InProgress", "Succeeded", "Failed", "Continued", "TimedOut"]


@dataclass(eq=False)
class Job:
    """A piece of work handed to a function, and what it reported; `data` is what GetJobDetails shows.

    `left`: its function returned without an answer, and nobody is at work who could give one.
    """

    id: str
    run: ActionRun
    data: dict[str, Any]
    status: JobStatus = "InProgress"
    continuation: str = ""
    summary: str = ""
    external_id: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    error: ErrorDetails | None = None
    left: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pipelines are: an account, a region, and what is assumed otherwise than by default."""

    account: str
    region: str
    assumptions: Chosen = field(default_factory=lambda: AS_THEY_ARE)


MayAssume = Callable[[str, str], bool]
"""Whether one role, by its ARN, may assume another."""


def _everybody_may(_role: str, _other: str) -> bool:
    return True


class ServiceState:
    """The state of the service. See the package for who may touch it when."""

    def __init__(
        self,
        place: Place,
        clock: Clock,
        tell: Tell,
        carry_out: Callable[[ServiceState, ActionRun], None],
        *,
        may_assume: MayAssume = _everybody_may,
    ) -> None:
        self.account = place.account
        self.region = place.region
        self.may_assume = may_assume
        self.clock = clock
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.pipelines: dict[str, PipelineState] = {}
        self.jobs: dict[str, Job] = {}
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.engine = Engine(clock, lambda run: carry_out(self, run), tell, new_id, chosen=place.assumptions)

    def arn(self, name: str) -> str:
        """The ARN of the pipeline of this name."""
        return f"arn:aws:codepipeline:{self.region}:{self.account}:{name}"

    def pipeline(self, name: str) -> PipelineState:
        """The pipeline of this name. Raises ServiceError PipelineNotFoundException."""
        state = self.pipelines.get(name)
        if state is None:
            raise ServiceError(
                "PipelineNotFoundException",
                f"Account '{self.account}' does not have a pipeline with name '{name}'",
            )
        return state

    def execution(self, state: PipelineState, execution_id: str) -> Execution:
        """An execution of a pipeline. Raises ServiceError PipelineExecutionNotFoundException."""
        execution = state.executions.get(execution_id)
        if execution is None:
            raise ServiceError(
                "PipelineExecutionNotFoundException",
                f"Pipeline '{state.pipeline.name}' has no execution with id '{execution_id}'",
            )
        return execution

    def is_open(self, job_id: str) -> bool:
        """Whether a job still waits for its answer."""
        with self.lock:
            job = self.jobs.get(job_id)
            return job is not None and job.status == "InProgress" and job.run.active

    def leave(self, job_id: str) -> None:
        """Nobody will answer a job any more."""
        with self.lock:
            self.jobs[job_id].left = True
            self.changed.notify_all()

    def abandon_all(self, state: PipelineState) -> None:
        """Give up everything that is under way in a pipeline."""
        for execution in state.executions.values():
            for run in execution.history:
                if run.active:
                    self.engine.abandon(run)
            if not execution.over:
                self.engine.end(execution, "Stopped", "Everything under way was given up")


def new_id() -> str:
    """A fresh identifier, of the form AWS gives executions, jobs and tokens."""
    return str(uuid.uuid4())
