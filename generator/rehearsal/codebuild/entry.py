"""One build the service knows: what it is of, how far it is, and what BatchGetBuilds says about it."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from generator.rehearsal.codebuild.environment import Identity
from generator.rehearsal.codebuild.project import Project
from generator.rehearsal.codebuild.record import Ended, PhaseRecord
from generator.rehearsal.codebuild.runner import Build
from generator.rehearsal.codepipeline.builds import LINES_OF_LOG


@dataclass
class Entry:
    """A build. `outcome` comes when it has ended. `started` and `finished` are in seconds since 1970.

    It is kept for as long as it can be asked for; the `build` with all it ran on goes when it has ended.
    """

    id: str
    arn: str
    number: int
    project: Project
    initiator: str
    identity: Identity
    build: Build | None
    started: float
    region: str
    finished: float | None = None
    outcome: Future[Ended] = field(default_factory=Future)

    @property
    def ended(self) -> Ended | None:
        """How it ended; None while it runs."""
        return self.outcome.result() if self.outcome.done() else None

    def finish(self, ended: Ended, at: float) -> None:
        """Note how it ended."""
        self.finished = at
        self.outcome.set_result(replace(ended, log=ended.log[-LINES_OF_LOG:]))
        self.build = None

    def stop(self) -> None:
        """End it, unless it has ended."""
        if build := self.build:
            build.stop()

    def describe(self) -> dict[str, Any]:
        """The build in the API's shape."""
        build, ended, identity = self.build, self.ended, self.identity
        phases = ended.phases if ended else build.phases if build else ()
        shape = {
            "id": self.id,
            "arn": self.arn,
            "buildNumber": self.number,
            "startTime": _moment(self.started),
            "endTime": _moment(self.finished) if ended and self.finished else None,
            "currentPhase": phases[-1].name if phases else "SUBMITTED",
            "buildStatus": ended.status if ended else "IN_PROGRESS",
            "buildComplete": ended is not None,
            "sourceVersion": identity.source_version,
            "resolvedSourceVersion": identity.resolved_source_version,
            "projectName": self.project.name,
            "phases": [_phase(phase) for phase in phases],
            "source": self.project.source,
            "secondarySources": self.project.secondary_sources,
            "artifacts": _artifacts(self.project),
            "environment": self.project.environment,
            "serviceRole": self.project.role,
            "timeoutInMinutes": self.project.timeout_minutes,
            "initiator": self.initiator,
            "encryptionKey": self.project.shape.get("encryptionKey"),
            "logs": self._logs(),
            "exportedEnvironmentVariables": _exported(ended) if ended else None,
            "reportArns": self._reports(ended) if ended else None,
        }
        return {name: value for name, value in shape.items() if value not in (None, "", [])}

    def _logs(self) -> dict[str, Any]:
        group = self.project.log_group()
        if group is None:
            return {"cloudWatchLogs": {"status": "DISABLED"}}
        stream = self.identity.log_stream
        account = self.arn.split(":")[4]
        arn = f"arn:aws:logs:{self.region}:{account}:log-group:{group}:log-stream:{stream}"
        return {
            "groupName": group,
            "streamName": stream,
            "cloudWatchLogsArn": arn,
            "cloudWatchLogs": {"status": "ENABLED"},
        }

    def _reports(self, ended: Ended) -> list[str]:
        """The ARNs of its reports; a group without an ARN is named after project and report."""
        prefix, uuid = self.arn.rpartition(":build/")[0], self.id.rpartition(":")[2]
        groups = [counts.group for counts in ended.reports]
        names = (group.rpartition("/")[2] if ":" in group else f"{self.project.name}-{group}" for group in groups)
        return [f"{prefix}:report/{name}:{uuid}" for name in names]


def _exported(ended: Ended) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in ended.exported.items()]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _phase(phase: PhaseRecord) -> dict[str, Any]:
    shape: dict[str, Any] = {"phaseType": phase.name, "startTime": _moment(phase.start)}
    if phase.end is None:
        return shape
    shape["endTime"] = _moment(phase.end)
    shape["durationInSeconds"] = int(phase.seconds)
    if phase.name != "COMPLETED":
        shape["phaseStatus"] = phase.status
        shape["contexts"] = [{"statusCode": phase.code, "message": phase.message}]
    return shape


def _artifacts(project: Project) -> dict[str, str]:
    """Where the primary artifact went, where that is known."""
    primary = project.artifacts[0]
    if primary["type"] != "S3":
        return {"location": ""}
    return {"location": f"arn:aws:s3:::{primary.get('location', '')}/{primary.get('name') or project.name}"}
