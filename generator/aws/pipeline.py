"""A launched pipeline as it stands: frozen values of its stages, actions and executions, and of what holds it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any, Literal

from generator.execution import ActionStatus, ErrorDetails, ExecutionStatus, StageStatus

SHORT = 12
"""Characters of a commit's id that tell it apart."""
OPEN = frozenset({"InProgress", "Stopping"})
"""What the status of an execution is while it is not over."""

Mode = Literal["QUEUED", "SUPERSEDED", "PARALLEL"]
Block = Literal["approval", "disabled", "failed", "stopped"]


@dataclass(frozen=True, slots=True)
class Commit:
    """A source revision: the id its provider gave it, and the first line of its message, where it has one."""

    id: str
    message: str = ""

    def __str__(self) -> str:
        return f"{self.id[:SHORT]} {self.message}".strip()


@dataclass(frozen=True, slots=True)
class Counts:
    """What the tests of a stage came to."""

    passed: int
    failed: int
    summary: str = ""

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed{': ' * bool(self.summary)}{self.summary}"


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution of the pipeline; times are aware.

    `trigger` is AWS's TriggerType, `reason` what AWS or whoever stopped it says about its end, `rollback_of` the
    execution whose artifacts a rollback brings back.
    """

    id: str
    status: ExecutionStatus
    commit: Commit | None = None
    trigger: str = ""
    started: datetime | None = None
    updated: datetime | None = None
    reason: str = ""
    rollback_of: str = ""

    @property
    def over(self) -> bool:
        """Whether it has ended (which a retry may undo)."""
        return self.status not in OPEN

    def __str__(self) -> str:
        return f"{self.commit or 'an unknown commit'} (execution {self.id})"


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an action; `by` is the ARN of who answered an approval, `configuration` has its variables put in.

    Configuration and output variables may hold secrets, so they are concealed: nothing shows them whole.
    """

    id: str
    execution: str
    status: ActionStatus
    started: datetime
    updated: datetime
    by: str = ""
    summary: str = ""
    error: ErrorDetails | None = None
    external_id: str = ""
    url: str = ""
    configuration: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def active(self) -> bool:
        """Whether it goes on."""
        return self.status == "InProgress"

    def seconds(self, now: datetime) -> float:
        """How long it took, or has taken until now."""
        return ((now if self.active else self.updated) - self.started).total_seconds()


@dataclass(frozen=True, slots=True)
class Action:
    """An action as the pipeline declares it, and its run in the stage's latest execution, once it has begun.

    `role` is the ARN of a role of its own that it works with, of another account where the stage is there.
    """

    name: str
    category: str
    provider: str
    order: int
    configuration: Mapping[str, str] = field(default_factory=dict, repr=False)
    run: Run | None = None
    role: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is an approval nobody has answered yet."""
        return self.category == "Approval" and self.run is not None and self.run.active


@dataclass(frozen=True, slots=True)
class Gate:
    """The transition into a stage: whether it is open, or who closed it, when and why."""

    open: bool = True
    reason: str = ""
    by: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with the execution that entered it last (None: none ever did) and those that wait before it."""

    name: str
    actions: tuple[Action, ...]
    status: StageStatus | None = None
    execution: Execution | None = None
    waiting: tuple[Execution, ...] = ()
    gate: Gate = field(default_factory=Gate)
    tests: Counts | None = None
    url: str = ""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of its actions, in the pipeline's order."""
        return tuple(action.run for action in self.actions if action.run)

    @property
    def approvals(self) -> tuple[Action, ...]:
        """Its approvals that wait for an answer."""
        return tuple(action for action in self.actions if action.waits)

    @property
    def only_asks(self) -> bool:
        """Whether it ends with an approval: what that allows happens in the stage after it."""
        return bool(self.actions) and max(self.actions, key=lambda action: action.order).category == "Approval"

    @property
    def failed(self) -> tuple[Action, ...]:
        """Its actions that failed or were abandoned."""
        return tuple(a for a in self.actions if a.run and a.run.status in ("Failed", "Abandoned"))

    def seconds(self, now: datetime) -> float | None:
        """From its first action's start to its last one's end, or until now; None before it began."""
        if not self.runs:
            return None
        last = now if self.status in OPEN else max(run.updated for run in self.runs)
        return (last - min(run.started for run in self.runs)).total_seconds()


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a stage from going on; `action` is empty for a closed transition, `reason` one line."""

    kind: Block
    stage: str
    action: str = ""
    reason: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline as it stands; `latest` is the execution that began last and was not superseded, if any ever did."""

    name: str
    version: int
    mode: Mode
    stages: tuple[Stage, ...]
    executions: tuple[Execution, ...] = ()

    @property
    def latest(self) -> Execution | None:
        """The execution the pipeline is judged by: the newest one that no other overtook."""
        return next((e for e in self.executions if e.status != "Superseded"), None)

    @property
    def running(self) -> tuple[Execution, ...]:
        """The executions that are not over, the newest first."""
        return tuple(execution for execution in self.executions if not execution.over)

    @property
    def red(self) -> bool:
        """Whether nothing runs and what ran last did not succeed."""
        return not self.running and self.latest is not None and self.latest.status != "Succeeded"

    def stage(self, name: str) -> Stage | None:
        """The stage of this name, in whatever case it is written."""
        return next((stage for stage in self.stages if stage.name.lower() == name.lower()), None)

    def asking_for(self, stage: Stage) -> Stage | None:
        """The stage right before this one in which nothing but its approval is asked for, if it has such a one."""
        earlier = self.before(stage)[:1]
        return next((other for other in earlier if other.name == f"{stage.name}Approval" and other.only_asks), None)

    def before(self, stage: Stage) -> tuple[Stage, ...]:
        """The stages before this one, the nearest first."""
        return self.stages[: self.stages.index(stage)][::-1]

    @property
    def blockers(self) -> tuple[Blocker, ...]:
        """What keeps it from going on, in the order of its stages."""
        return tuple(blocker for stage in self.stages for blocker in _blockers(stage))


def _blockers(stage: Stage) -> Iterator[Blocker]:
    if not stage.gate.open:
        yield Blocker("disabled", stage.name, "", stage.gate.reason, stage.gate.since)
    for action in stage.approvals:
        assert action.run is not None  # noqa: S101 - an approval waits only while it runs
        yield Blocker("approval", stage.name, action.name, "", action.run.started)
    if stage.status == "Stopped":
        yield Blocker("stopped", stage.name, "", stage.execution.reason if stage.execution else "")
    elif stage.status == "Failed":
        yield from (_failure(stage, action.name, action.run) for action in stage.failed if action.run)
        if not stage.failed:
            # No action failed, so a condition did: its window, its alarms.
            reason = stage.execution.reason if stage.execution else ""
            yield Blocker("failed", stage.name, "", first_line(reason) or "a condition of the stage was not met")


def _failure(stage: Stage, action: str, run: Run) -> Blocker:
    return Blocker("failed", stage.name, action, first_line(_why(run)), run.updated)


def _why(run: Run) -> str:
    if run.error:
        return run.error.message
    return run.summary or run.status


def first_line(text: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def as_data(value: Any) -> Any:
    """A frozen value as JSON takes it: objects, lists, ISO 8601 times; without the fields its repr conceals."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: as_data(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [as_data(each) for each in value]
    if is_dataclass(value):
        return {each.name: as_data(getattr(value, each.name)) for each in fields(value) if each.repr}
    return value
