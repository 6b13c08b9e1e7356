"""Jobs that their function left open when it returned: whether anything is at work that may still answer them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol, runtime_checkable

from botocore.exceptions import BotoCoreError, ClientError

from generator.rehearsal import waits

log = logging.getLogger("penstock")

_POLL = 0.5
_WAITING = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)

GetClient = Callable[[str], Any]


@runtime_checkable
class HandsOutJobs(Protocol):
    """The CodePipeline that waits for the answers to jobs."""

    def waits_for(self, job: str) -> bool:
        """Whether a job is open."""

    def leave(self, job: str) -> None:
        """Nobody will answer a job any more."""


class LeftJobs:
    """Follows jobs that were left, until they are answered or nothing was at work for `quiet` seconds."""

    def __init__(
        self,
        client: GetClient,
        service: Callable[[], object],
        running: Callable[[], bool],
        quiet: float = waits.LEFT_JOB.seconds,
    ) -> None:
        self._client = client
        self._service = service
        self._running = running
        self._quiet = quiet

    def follow(self, job: str) -> None:
        """Follow a job on a thread of its own, unless it was answered."""
        service = self._service()
        if isinstance(service, HandsOutJobs) and service.waits_for(job):
            threading.Thread(target=self._follow, args=(job, service), name=f"left-{job}", daemon=True).start()

    def _follow(self, job: str, service: HandsOutJobs) -> None:
        since = time.monotonic()
        while service.waits_for(job):
            try:
                if self._running() or any(at_work(self._client)):
                    since = time.monotonic()
                elif time.monotonic() - since >= self._quiet:
                    service.leave(job)
                    return
            except (BotoCoreError, ClientError) as problem:
                # Then it is waited for, as on AWS.
                log.warning("whether job %s will be answered cannot be known: %s", job, problem)
                return
            time.sleep(_POLL)


def at_work(client: GetClient) -> Iterator[str]:
    """What runs, waits or is scheduled that a function can have handed its job to."""
    yield from _builds(client("codebuild"))
    yield from _executions(client("stepfunctions"))
    yield from _messages(client("sqs"))
    yield from _schedules(client)


def _builds(codebuild: Any) -> Iterator[str]:
    """Among the latest: those before them have ended."""
    if ids := codebuild.list_builds()["ids"]:
        builds = codebuild.batch_get_builds(ids=ids)["builds"]
        yield from (build["id"] for build in builds if not build["buildComplete"])


def _executions(states: Any) -> Iterator[str]:
    for page in states.get_paginator("list_state_machines").paginate():
        for machine in page["stateMachines"]:
            if machine.get("type") != "EXPRESS":
                arn = machine["stateMachineArn"]
                executions = states.list_executions(stateMachineArn=arn, statusFilter="RUNNING")["executions"]
                yield from (execution["executionArn"] for execution in executions)


def _messages(sqs: Any) -> Iterator[str]:
    for page in sqs.get_paginator("list_queues").paginate():
        for url in page.get("QueueUrls", ()):
            counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=list(_WAITING))["Attributes"]
            if any(int(counts.get(name, 0)) for name in _WAITING):
                yield url


def _schedules(client: GetClient) -> Iterator[str]:
    for page in client("scheduler").get_paginator("list_schedules").paginate():
        yield from (schedule["Arn"] for schedule in page["Schedules"] if schedule["State"] == "ENABLED")
    for page in client("events").get_paginator("list_rules").paginate():
        for rule in page["Rules"]:
            if rule.get("ScheduleExpression") and rule["State"] == "ENABLED":
                yield rule["Arn"]
