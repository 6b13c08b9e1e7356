"""How executions move: a state machine that decides what begins next, and never waits.

Every method is called with `World.lock` held and returns at once. What begins is handed to `launch`, what
happened to `tell`; both must return at once too.

https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from generator.execution import ErrorDetails, Event, ExecutionStatus, StageStatus
from generator.rehearsal.assumptions import AS_THEY_ARE, ROLLBACK_ENDS, Assumption, Chosen
from generator.rehearsal.codepipeline import events
from generator.rehearsal.codepipeline.clock import Clock
from generator.rehearsal.codepipeline.declaration import Action
from generator.rehearsal.codepipeline.state import ActionRun, Execution, Gate, Halt, Outcome, PipelineState, StageRun
from generator.rehearsal.codepipeline.variables import UnresolvedError, resolved

Launch = Callable[[ActionRun], None]
Tell = Callable[[Event], None]

_HALTED: Mapping[Halt, ExecutionStatus] = {"stop": "Stopped", "abandon": "Stopped", "outdated": "Cancelled"}


@dataclass(frozen=True, slots=True)
class Start:
    """Why an execution starts (AWS's TriggerType, its detail) and with what.

    `variables` are those of the pipeline, all of them; `overrides` maps a source action to revisions by
    AWS's SourceRevisionType.
    """

    trigger: str
    detail: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Engine:
    """Moves executions through their stages; `chosen` says what is assumed otherwise than by default."""

    def __init__(
        self, clock: Clock, launch: Launch, tell: Tell, new_id: Callable[[], str], *, chosen: Chosen = AS_THEY_ARE
    ) -> None:
        self.clock = clock
        self.tell = tell
        self.chosen = chosen
        self._launch = launch
        self._new_id = new_id

    def start(self, state: PipelineState, start: Start) -> Execution:
        """Begin an execution of the pipeline's present version."""
        execution = self.create(state, start)
        self.arrive(state, execution, 0)
        return execution

    def create(self, state: PipelineState, start: Start) -> Execution:
        """A new execution, which stands nowhere yet."""
        now = self.clock.now()
        execution = Execution(
            id=self._new_id(),
            pipeline=state.pipeline,
            started=now,
            updated=now,
            trigger=start.trigger,
            detail=start.detail,
            variables=dict(start.variables),
            overrides={name: dict(values) for name, values in start.overrides.items()},
        )
        execution.namespaces["codepipeline"] = {"PipelineExecutionId": execution.id}
        execution.namespaces["variables"] = execution.variables
        state.executions[execution.id] = execution
        self.tell(events.execution_started(now, execution))
        return execution

    def assume(self, assumption: Assumption, run: ActionRun) -> bool:
        """Whether an assumption is as it is by default, noting that the run's execution relied on it."""
        self.tell(events.assumption_made(self.clock.now(), run, assumption.relied_on(self.chosen)))
        return assumption.holds(self.chosen)

    # Before a stage.

    def arrive(self, state: PipelineState, execution: Execution, position: int) -> None:
        """Bring an execution before a stage, and into it if it may pass."""
        execution.position = position
        execution.waiting = True
        gate = state.gate(execution.stage.name)
        if execution.pipeline.mode == "SUPERSEDED":
            self._supersede(gate)
        gate.waiting.append(execution)
        self.admit(state, gate)
        if execution.waiting:
            self.tell(events.stage_waiting(self.clock.now(), execution, _why_shut(state, gate)))

    def _supersede(self, gate: Gate) -> None:
        older, gate.waiting = gate.waiting, []
        for execution in older:
            self.end(execution, "Superseded", "A newer execution took its place")

    def admit(self, state: PipelineState, gate: Gate) -> None:
        """Let those who wait before a stage into it, as far as they may pass."""
        while gate.waiting and not _why_shut(state, gate):
            self._enter(state, gate, gate.waiting.pop(0))

    def _enter(self, state: PipelineState, gate: Gate, execution: Execution) -> None:
        run = StageRun(execution.stage, execution)
        execution.waiting = False
        execution.stages[execution.stage.name] = run
        gate.latest = run
        self.occupy(state, run)
        self.tell(events.stage_started(self.clock.now(), run))
        self.advance(state, run)

    def occupy(self, state: PipelineState, run: StageRun) -> None:
        """Lock a stage for an execution. In PARALLEL mode nobody locks anything."""
        if run.execution.pipeline.mode != "PARALLEL":
            state.gate(run.stage.name).inside = run.execution

    # Within a stage.

    def advance(self, state: PipelineState, run: StageRun) -> None:
        """Begin the next group of a stage in which nothing is at work, or bring the stage to its end."""
        while not run.active:
            if run.execution.halt:
                return self._halted(state, run)
            if run.failed or run.stage.not_rehearsed:
                return self._failed(state, run)
            if run.broken:
                return self._fail(state, run, rolls_back=run.broken.result == "ROLLBACK" and not run.not_rehearsed)
            if due := run.due():
                self._look(run, due)
                continue
            group = run.next_group()
            if not group:
                return self._passed(state, run)
            for action in group:
                self.begin(run, action)
        return None

    def begin(self, stage_run: StageRun, action: Action) -> None:
        """Begin an action; one whose configuration cannot be resolved has failed when this returns."""
        run = stage_run.runs[action.name] = self._run(stage_run, action)
        self._begin(run)

    def _look(self, stage_run: StageRun, condition: str) -> None:
        """Begin the rules of a condition; each runs like an action."""
        rules = stage_run.stage.conditions[condition].rules
        runs = stage_run.checks[condition] = [self._run(stage_run, rule) for rule in rules]
        for run in runs:
            self._begin(run)

    def _run(self, stage_run: StageRun, action: Action) -> ActionRun:
        execution = stage_run.execution
        now = self.clock.now()
        run = ActionRun(self._new_id(), execution, stage_run.stage, action, started=now, updated=now)
        run.inputs = {name: execution.artifacts[name] for name in action.inputs if name in execution.artifacts}
        return run

    def _begin(self, run: ActionRun) -> None:
        execution = run.execution
        execution.history.append(run)
        execution.updated = run.started
        self.tell(events.action_started(run.started, run))
        if error := _prepared(run):
            self._settle(run, Outcome(error=error))
        else:
            self._launch(run)

    def ended(self, state: PipelineState, run: ActionRun, outcome: Outcome) -> None:
        """Take note of how an action ended; one that was abandoned meanwhile has nothing more to say."""
        if run.active:
            self._settle(run, outcome)
            self.advance(state, run.execution.stages[run.stage.name])

    def _settle(self, run: ActionRun, outcome: Outcome) -> None:
        run.outcome = outcome
        run.status = "Failed" if outcome.error else "Succeeded"
        run.updated = run.execution.updated = self.clock.now()
        if not outcome.error:
            run.execution.keep(run.action, outcome)
        self.tell(events.action_ended(run.updated, run))
        # What it logged was heard, and history has no place for it.
        run.outcome = replace(outcome, log=())

    def abandon(self, run: ActionRun) -> None:
        """Give an action up; whatever it still does counts for nothing."""
        run.status = "Abandoned"
        run.updated = self.clock.now()
        self.tell(events.action_ended(run.updated, run))

    # A stage ends.

    def _passed(self, state: PipelineState, run: StageRun) -> None:
        execution = run.execution
        self._leave(state, run, "Succeeded")
        if execution.last or (execution.rollback_of and self.assume(ROLLBACK_ENDS, run.latest)):
            self.end(execution, "Succeeded")
        else:
            self.arrive(state, execution, execution.position + 1)
        self.admit(state, state.gate(run.stage.name))

    def _failed(self, state: PipelineState, run: StageRun) -> None:
        policy = run.stage.on_failure
        if policy and policy.result == "RETRY" and run.failed and not run.automatic_retries:
            run.automatic_retries += 1
            return self.again(state, run, policy.retry_mode)
        return self._fail(state, run, rolls_back=policy is not None and policy.result == "ROLLBACK")

    def _fail(self, state: PipelineState, run: StageRun, *, rolls_back: bool) -> None:
        self._leave(state, run, "Failed")
        self.end(run.execution, "Failed", run.why_failed(), run)
        if rolls_back and not run.execution.rollback_of and (target := state.last_good(run)):
            self.roll_back(state, target, run.stage.name, "AutomatedRollback")
        self.admit(state, state.gate(run.stage.name))

    def _halted(self, state: PipelineState, run: StageRun) -> None:
        execution = run.execution
        status = _HALTED[execution.halt or "stop"]
        # A stage that was to look at its conditions yet, or found them not met, is not done.
        complete = not (run.failed or run.broken or run.next_group() or run.due())
        self._leave(state, run, "Succeeded" if complete else "Cancelled" if status == "Cancelled" else "Stopped")
        self.end(execution, status, execution.halt_reason, run)
        self.admit(state, state.gate(run.stage.name))

    def _leave(self, state: PipelineState, run: StageRun, status: StageStatus) -> None:
        run.status = status
        gate = state.gate(run.stage.name)
        if gate.inside is run.execution:
            gate.inside = None
        self.tell(events.stage_ended(self.clock.now(), run))

    def end(
        self, execution: Execution, status: ExecutionStatus, summary: str = "", run: StageRun | None = None
    ) -> None:
        """Bring an execution to its end."""
        execution.status = status
        execution.summary = summary
        execution.waiting = False
        execution.updated = self.clock.now()
        self.tell(events.execution_ended(execution.updated, execution, run))

    # A stage is done over.

    def again(self, state: PipelineState, run: StageRun, mode: str) -> None:
        """Begin the failed actions of a stage again, or all (AWS's StageRetryMode), with the same artifacts."""
        failed = [failure.action for failure in run.failed]
        run.forget(mode)
        run.status = run.execution.status = "InProgress"
        run.execution.halt = None
        self.occupy(state, run)
        self.tell(events.stage_started(self.clock.now(), run, retry=True))
        if run.active:
            for action in failed:
                self.begin(run, action)
        self.advance(state, run)

    def roll_back(self, state: PipelineState, target: Execution, stage: str, trigger: str) -> Execution:
        """Take an earlier execution's artifacts and variables through one stage once more.

        https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html
        """
        execution = self.create(state, Start(trigger, target.id, target.variables, target.overrides))
        execution.rollback_of = target.id
        execution.artifacts = dict(target.artifacts)
        execution.revisions = dict(target.revisions)
        execution.namespaces = target.namespaces | {"codepipeline": execution.namespaces["codepipeline"]}
        self.arrive(state, execution, [s.name for s in target.pipeline.stages].index(stage))
        return execution


def _prepared(run: ActionRun) -> ErrorDetails | None:
    """Give the run its configuration, or say why it cannot begin."""
    if missing := [name for name in run.action.inputs if name not in run.inputs]:
        names = ", ".join(missing)
        return ErrorDetails("ConfigurationError", f"No action before this one put out artifact {names}.")
    try:
        run.configuration = resolved(run.action.configuration, run.execution.readable(run.action))
    except UnresolvedError as error:
        return ErrorDetails("InvalidVariableReference", str(error))
    return None


def _why_shut(state: PipelineState, gate: Gate) -> str:
    """Why the first who waits before a stage may not pass, or nothing."""
    first = gate.waiting[0]
    if gate.entry:
        return gate.entry.reason
    # A rollback begins at its stage: it leaves none behind.
    before = first.pipeline.stages[first.position - 1].name if first.position else ""
    if before in first.stages and (closed := state.gate(before).exit):
        return closed.reason
    if gate.inside and first.pipeline.mode != "PARALLEL":
        return f"execution {gate.inside.id} is in the stage"
    return ""
