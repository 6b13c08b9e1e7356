"""The CodePipeline service: AWS's operations on one side, pipelines that run on the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from generator.execution import NOT_REHEARSED, Event
from generator.rehearsal.assumptions import AS_THEY_ARE, Chosen
from generator.rehearsal.codepipeline.actions import provider_of
from generator.rehearsal.codepipeline.clock import Clock, SystemClock
from generator.rehearsal.codepipeline.operations import (
    approvals,
    control,
    history,
    jobs,
    pipeline_state,
    pipelines,
    start,
    tags,
    webhooks,
)
from generator.rehearsal.codepipeline.service_state import Place, ServiceState
from generator.rehearsal.codepipeline.triggers import Push
from generator.rehearsal.codepipeline.workers import Find, Neighbours, Workers
from generator.rehearsal.service import Caller, ServiceError

Operation = Callable[[ServiceState, Mapping[str, Any], Caller], dict[str, Any]]
OPERATIONS: Mapping[str, Operation] = {
    **approvals.OPERATIONS,
    **control.OPERATIONS,
    **history.OPERATIONS,
    **jobs.OPERATIONS,
    **pipelines.OPERATIONS,
    **pipeline_state.OPERATIONS,
    **start.OPERATIONS,
    **tags.OPERATIONS,
    **webhooks.OPERATIONS,
}


_ASSUME, _DECLARING = "sts:AssumeRole", "codepipeline:CreatePipeline"


class CodePipeline:
    """The pipelines of one account and region. `tell` hears every event; it must return at once."""

    def __init__(
        self,
        neighbours: Neighbours,
        tell: Callable[[Event], None],
        *,
        clock: Clock | None = None,
        assumptions: Chosen = AS_THEY_ARE,
        find: Find = provider_of,
    ) -> None:
        surroundings = neighbours.surroundings
        place = Place(surroundings.account, surroundings.region, assumptions)
        self._workers = Workers(neighbours, find)
        self.state = ServiceState(
            place,
            clock or SystemClock(),
            tell,
            self._workers.carry_out,
            may_assume=lambda role, other: surroundings.may(role, _ASSUME, other, behind=_DECLARING).allowed,
        )

    def handle(self, operation: str, request: dict[str, Any], caller: Caller) -> dict[str, Any]:
        """Answer one operation; see Service."""
        answer = OPERATIONS.get(operation)
        if answer is None:
            raise ServiceError(NOT_REHEARSED, f"{operation} of CodePipeline is not rehearsed on this machine.")
        with self.state.lock:
            try:
                return answer(self.state, request, caller)
            finally:
                self.state.changed.notify_all()

    def owns(self, operation: str, request: Mapping[str, Any], caller: Caller) -> bool:
        """Whether somebody of another account or region answers a job of a pipeline here: its function is there."""
        if operation not in jobs.OPERATIONS:
            return False
        with self.state.lock:
            job = self.state.jobs.get(request["jobId"])
            role = job.run.action.role if job else None
        return bool(job) and caller.account in {self.state.account, (role or ":::::").split(":")[4]}

    def source_changed(self, push: Push) -> list[str]:
        """Start the pipelines a push starts by itself, without an event rule; answers execution ids."""
        with self.state.lock:
            try:
                return start.source_changed(self.state, push)
            finally:
                self.state.changed.notify_all()

    def close(self) -> None:
        """Give up whatever is under way, and wait until everybody has noticed."""
        with self.state.lock:
            for state in self.state.pipelines.values():
                self.state.abandon_all(state)
            self.state.changed.notify_all()
        self._workers.join()
