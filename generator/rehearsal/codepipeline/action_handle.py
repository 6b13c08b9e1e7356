"""The handle a running action has on the service: to report progress, to wait, to be answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from generator.rehearsal.assumptions import LEFT_JOB, Assumption
from generator.rehearsal.codepipeline import events
from generator.rehearsal.codepipeline.failure import ActionAbandonedError
from generator.rehearsal.codepipeline.service_state import Job, ServiceState, new_id
from generator.rehearsal.codepipeline.state import ActionRun, Answer


class ActionHandle:
    """One running action's handle. Every method raises ActionAbandonedError once the action is abandoned."""

    def __init__(self, service: ServiceState, run: ActionRun) -> None:
        self._service = service
        self._run = run

    def say(self, *, summary: str = "", external_id: str = "", url: str = "") -> None:
        """Tell how far the action is; what is left out stays as it was."""
        with self._service.lock:
            self._check()
            before = self._run.outcome
            self._run.outcome = replace(
                before,
                summary=summary or before.summary,
                external_id=external_id or before.external_id,
                url=url or before.url,
            )
            now = self._run.updated = self._service.clock.now()
            self._service.engine.tell(events.action_progressed(now, self._run))
            self._service.changed.notify_all()

    def assume(self, assumption: Assumption) -> bool:
        """Whether to do as the assumption has it by default, telling that it was relied on."""
        with self._service.lock:
            self._check()
            return self._service.engine.assume(assumption, self._run)

    def pause(self, seconds: float) -> None:
        """Let some time pass."""
        with self._service.lock:
            self._wait(lambda: False, self._service.clock.now() + timedelta(seconds=seconds))

    def token(self) -> str:
        """The token that answers the action from now on; made at the first asking."""
        with self._service.lock:
            self._check()
            self._run.token = self._run.token or new_id()
            return self._run.token

    def ask(self, message: str, link: str, until: datetime) -> Answer | None:
        """Wait for a person's answer; None when nobody gave one in time."""
        self.token()
        with self._service.lock:
            now = self._service.clock.now()
            self._service.engine.tell(events.action_waiting(now, self._run, message, link))
            self._service.changed.notify_all()
            self._wait(lambda: self._run.answer is not None, until)
            return self._run.answer

    def open_job(self, job_id: str, data: dict[str, Any]) -> Job:
        """Hand out a job that PutJobSuccessResult and PutJobFailureResult can answer."""
        with self._service.lock:
            self._check()
            job = self._service.jobs[job_id] = Job(job_id, self._run, data)
            self._service.changed.notify_all()
            return job

    def await_job(self, job: Job, until: datetime) -> bool:
        """Wait for the report on a job. After `until` it counts as timed out, and the answer is False.

        So it does when it was left, unless that is assumed otherwise.
        """
        with self._service.lock:
            try:
                self._wait(lambda: job.status != "InProgress" or job.left, until)
                if job.status == "InProgress" and job.left and not self.assume(LEFT_JOB):
                    self._wait(lambda: job.status != "InProgress", until)
            finally:
                if job.status == "InProgress":
                    job.status = "TimedOut"
            return job.status != "TimedOut"

    def _wait(self, ready: Callable[[], bool], until: datetime) -> None:
        self._service.clock.wait(self._service.changed, lambda: ready() or not self._run.active, until)
        self._check()

    def _check(self) -> None:
        if not self._run.active:
            raise ActionAbandonedError
