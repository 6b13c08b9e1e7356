"""The door for CodePipeline: builds with artifacts of a pipeline, started through StartBuild all the same.

StartBuild is called over HTTP as the action's role, so IAM judges it as on AWS; what only CodePipeline knows
(artifacts, initiator) waits for it here, under its idempotency token.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from pathlib import Path

from generator.execution import NOT_REHEARSED
from generator.rehearsal.codebuild.entry import Entry
from generator.rehearsal.codebuild.job import PRIMARY
from generator.rehearsal.codebuild.record import Ended
from generator.rehearsal.codepipeline.builds import BuildOrder, BuildResult
from generator.rehearsal.service import ServiceError


class Orders:
    """The orders of pipelines that StartBuild has not taken up yet."""

    def __init__(self) -> None:
        self._waiting: dict[str, BuildOrder] = {}
        self._lock = threading.Lock()

    def put(self, order: BuildOrder) -> str:
        """Keep an order; the token that gets it back."""
        token = str(uuid.uuid4())
        with self._lock:
            self._waiting[token] = order
        return token

    def take(self, token: str) -> BuildOrder | None:
        """The order of this token, once; None for any other token."""
        with self._lock:
            return self._waiting.pop(token, None)


def outputs_of(order: BuildOrder) -> tuple[str, ...]:
    """The identifiers of an order's artifacts: one alone is the buildspec's primary one."""
    return (PRIMARY,) if len(order.outputs) == 1 else order.outputs


@dataclass(frozen=True, slots=True)
class PipelineBuild:
    """A build a pipeline waits for."""

    entry: Entry
    order: BuildOrder

    @property
    def id(self) -> str:
        """AWS's build id, "project:uuid"."""
        return self.entry.id

    @property
    def url(self) -> str:
        """Nothing: no console shows this build. Its log is in CloudWatch Logs and in the result."""
        return ""

    def stop(self) -> None:
        """End the build."""
        self.entry.stop()

    def result(self) -> BuildResult:
        """Wait for the end of the build; raises ServiceError where the machine is what it failed for."""
        ended = self.entry.outcome.result()
        if ended.not_rehearsed and ended.failure:
            raise ServiceError(NOT_REHEARSED, f"{ended.failure.phase}: {ended.failure.message}")
        failure = ended.failure
        return BuildResult(
            status=ended.status,
            variables=ended.exported,
            artifacts=self._artifacts(ended),
            log=ended.log,
            phase=failure.phase if failure else "",
            message=failure.message if failure else "",
            assumptions=ended.assumptions,
        )

    def _artifacts(self, ended: Ended) -> dict[str, Path]:
        named = zip(self.order.outputs, outputs_of(self.order), strict=True)
        return {name: ended.artifacts[identifier] for name, identifier in named if identifier in ended.artifacts}
