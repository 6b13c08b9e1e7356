"""What changes while pipelines run: pipelines, gates before stages, executions, runs of stages and actions.

Everything here is guarded by `World.lock` and changed by the engine alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from generator.execution import NOT_REHEARSED, ActionStatus, ErrorDetails, ExecutionStatus, StageStatus
from generator.rehearsal.codepipeline.declaration import Action, Condition, Pipeline, Stage


@dataclass(frozen=True, slots=True)
class CloneRight:
    """What a build clones: the action and the resource that its role is asked for, and the address."""

    action: str
    resource: str
    address: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """A zip in the artifact bucket, and the revision of the source it was made of, if it is a source's.

    `clone` is there where the artifact only says what to clone: builds alone can read it.
    """

    name: str
    bucket: str
    key: str
    revision: str | None = None
    clone: CloneRight | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """The change a source action found: its id, what it says, when it was made."""

    artifact: str
    id: str
    summary: str = ""
    created: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an action ended: with an `error` it failed, else it succeeded."""

    summary: str = ""
    error: ErrorDetails | None = None
    external_id: str = ""
    url: str = ""
    log: tuple[str, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    revision: Revision | None = None
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a person answered an approval."""

    approved: bool
    summary: str
    by: str


@dataclass(eq=False)
class ActionRun:
    """One run of one action; a retry makes another one."""

    id: str
    execution: Execution
    stage: Stage
    action: Action
    started: datetime
    updated: datetime
    status: ActionStatus = "InProgress"
    configuration: dict[str, str] = field(default_factory=dict)
    inputs: dict[str, Artifact] = field(default_factory=dict)
    outcome: Outcome = field(default_factory=Outcome)
    percent: int | None = None
    token: str = ""
    answer: Answer | None = None

    @property
    def active(self) -> bool:
        """Whether it is still at work: neither ended nor abandoned."""
        return self.status == "InProgress"


@dataclass(eq=False)
class StageRun:
    """One execution in one stage, over all its tries; `runs` holds the latest run of each action begun."""

    stage: Stage
    execution: Execution
    status: StageStatus = "InProgress"
    runs: dict[str, ActionRun] = field(default_factory=dict)
    manual_retries: int = 0
    automatic_retries: int = 0
    checks: dict[str, list[ActionRun]] = field(default_factory=dict)

    @property
    def active(self) -> list[ActionRun]:
        """The runs that are still at work, those of rules among them."""
        return [run for run in (*self.runs.values(), *self._rules()) if run.active]

    def _rules(self) -> Iterator[ActionRun]:
        for runs in self.checks.values():
            yield from runs

    @property
    def latest(self) -> ActionRun:
        """The run of an action that began last, of a stage that began any."""
        return list(self.runs.values())[-1]

    @property
    def broken(self) -> Condition | None:
        """The condition of which a rule failed."""
        broken = [name for name, runs in self.checks.items() if any(run.status != "Succeeded" for run in runs)]
        return self.stage.conditions[broken[0]] if broken else None

    @property
    def broken_rules(self) -> list[ActionRun]:
        """The rules that failed."""
        return [run for run in self._rules() if run.status in ("Failed", "Abandoned")]

    def due(self) -> str:
        """The condition to be looked at next: before the first action, or after the last; empty when none is due."""
        name = "onSuccess" if self.runs and not self.next_group() else "beforeEntry"
        return name if name in self.stage.conditions and name not in self.checks else ""

    @property
    def failed(self) -> list[ActionRun]:
        """The runs that did not succeed, in the order they were begun."""
        return [run for run in self.runs.values() if run.status in ("Failed", "Abandoned")]

    def next_group(self) -> list[Action]:
        """The actions to begin next, side by side, given that all begun so far succeeded; none at the end."""
        for group in self.stage.groups():
            if pending := [action for action in group if action.name not in self.runs]:
                return pending
        return []

    def forget(self, retry_mode: str) -> None:
        """Make a retry begin the actions again that failed, or all of them (AWS's StageRetryMode)."""
        for run in self.failed if retry_mode == "FAILED_ACTIONS" else list(self.runs.values()):
            del self.runs[run.action.name]
        for name, runs in list(self.checks.items()):
            if retry_mode != "FAILED_ACTIONS" or any(run.status != "Succeeded" for run in runs):
                del self.checks[name]

    def why_failed(self) -> str:
        """What kept the stage from succeeding, in a sentence or two."""
        if self.stage.not_rehearsed:
            return f"{NOT_REHEARSED}: stage {self.stage.name} has conditions ({', '.join(self.stage.not_rehearsed)})"
        failed = (*self.failed, *self.broken_rules)
        return "; ".join(f"{run.action.name}: {run.outcome.error.message}" for run in failed if run.outcome.error)

    @property
    def not_rehearsed(self) -> bool:
        """Whether it failed only because something in it cannot be rehearsed."""
        errors = [run.outcome.error for run in (*self.failed, *self.broken_rules)]
        only = bool(errors) and all(error is not None and error.not_rehearsed for error in errors)
        return only or bool(self.stage.not_rehearsed)


Halt = Literal["stop", "abandon", "outdated"]


@dataclass(eq=False)
class Execution:
    """One execution of one version of a pipeline.

    `position` is the stage it is in, or before. `halt` is set once it must not begin anything more.
    """

    id: str
    pipeline: Pipeline
    started: datetime
    updated: datetime
    trigger: str
    detail: str
    status: ExecutionStatus = "InProgress"
    summary: str = ""
    position: int = 0
    waiting: bool = False
    halt: Halt | None = None
    halt_reason: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[str, str]] = field(default_factory=dict)
    namespaces: dict[str, Mapping[str, str]] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    revisions: dict[str, Revision] = field(default_factory=dict)
    stages: dict[str, StageRun] = field(default_factory=dict)
    history: list[ActionRun] = field(default_factory=list)
    rollback_of: str = ""

    @property
    def over(self) -> bool:
        """Whether it has come to an end (which a retry may undo)."""
        return self.status not in ("InProgress", "Stopping")

    @property
    def stage(self) -> Stage:
        """The stage it is in, or before."""
        return self.pipeline.stages[self.position]

    @property
    def last(self) -> bool:
        """Whether there is no stage after the one it is in."""
        return self.position + 1 == len(self.pipeline.stages)

    def keep(self, action: Action, outcome: Outcome) -> None:
        """Keep what an action that succeeded gave: its artifacts, variables and revision."""
        self.artifacts.update({artifact.name: artifact for artifact in outcome.artifacts})
        if action.namespace:
            self.namespaces[action.namespace] = dict(outcome.variables)
        if outcome.revision:
            self.revisions[action.name] = outcome.revision

    def readable(self, action: Action) -> Mapping[str, Mapping[str, str]]:
        """The variables an action may name. Source actions cannot use the pipeline's own."""
        if action.type.category != "Source":
            return self.namespaces
        return {name: values for name, values in self.namespaces.items() if name != "variables"}


@dataclass(frozen=True, slots=True)
class Switched:
    """A transition was switched off (there is a reason) or on: when and by whom."""

    reason: str
    at: datetime
    by: str


@dataclass(eq=False)
class Gate:
    """The entry of a stage: who is inside, who waits, and whether one may pass.

    `entry` is set while the transition into the stage is switched off, `exit` while the one out of it is;
    `opened` tells when the entry was last switched on.
    """

    stage: str
    inside: Execution | None = None
    waiting: list[Execution] = field(default_factory=list)
    latest: StageRun | None = None
    entry: Switched | None = None
    exit: Switched | None = None
    opened: Switched | None = None


@dataclass(eq=False)
class PipelineState:
    """A pipeline with everything that ever ran through it. `declared` maps a version to its declaration."""

    pipeline: Pipeline
    declared: dict[int, dict[str, Any]]
    created: datetime
    updated: datetime
    tags: dict[str, str] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)
    requests: dict[str, str] = field(default_factory=dict)

    def gate(self, stage: str) -> Gate:
        """The gate of a stage; one is made for a stage that only an older version has."""
        return self.gates.setdefault(stage, Gate(stage))

    def last_good(self, run: StageRun) -> Execution | None:
        """The latest execution a failed stage can be rolled back to: one that went well, of the same version."""
        good = [
            execution
            for execution in self.executions.values()
            if execution.pipeline is run.execution.pipeline
            and not execution.rollback_of
            and (stage := execution.stages.get(run.stage.name))
            and stage.status == "Succeeded"
        ]
        return good[-1] if good else None
