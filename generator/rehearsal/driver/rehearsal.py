"""The rehearsal: launches a pipeline template, hands the commit over, and sees how far it gets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from generator.execution import ExecutionEnded
from generator.rehearsal.driver.declared import Declared, declared
from generator.rehearsal.driver.delivery import ActionSources, Delivery, deliver, deliverable, make_artifact_bucket
from generator.rehearsal.driver.execution_watch import Watch, Wishes
from generator.rehearsal.driver.follower import Follower
from generator.rehearsal.driver.launch import LaunchFailedError, Stack, launch
from generator.rehearsal.driver.lost import losing_the_emulator
from generator.rehearsal.driver.notes import Notes
from generator.rehearsal.driver.outcome import Outcome, Tally
from generator.rehearsal.driver.source import Source
from generator.rehearsal.driver.steps import Hear, Launched, Logged, Remarked
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator


class Rehearsal:
    """Commits on their way through one pipeline; `hear` gets every step."""

    def __init__(self, emulator: Emulator, hear: Hear, wishes: Wishes) -> None:
        self._emulator = emulator
        self._hear = hear
        self._wishes = wishes
        self._follower: Follower | None = None
        self._pipeline: Declared | None = None

    def run(self, stack: str, template: str, source: Source, before: Sequence[Stack] = ()) -> Outcome:
        """Launch the template as a stack of this name and take the source through its pipeline.

        `before` it are the stacks that it needs in other accounts, in the order of their launch. Raises
        NotRehearsedError for a template without exactly one pipeline, EmulatorError when the emulator ends.
        """
        return self.run_stacks((*before, Stack(stack, template)), ActionSources(source))

    def run_stacks(self, stacks: Sequence[Stack], sources: ActionSources, logical_id: str = "") -> Outcome:
        """The same for a last stack with parameters: actions may have other sources, `logical_id` is a pipeline."""
        return self._noted(lambda notes: self._launched(stacks, sources, notes, logical_id))

    def again(self, source: Source) -> Outcome:
        """Take another commit through the pipeline of `run`, which has to have come to an end. Raises EmulatorError."""
        return self._noted(lambda notes: self._pushed(ActionSources(source), notes, "the commit is in"))

    def _noted(self, rehearsed: Callable[[Notes], Outcome]) -> Outcome:
        with losing_the_emulator():
            notes = Notes(self._emulator)
            return notes.complete(rehearsed(notes))

    def _launched(self, stacks: Sequence[Stack], sources: ActionSources, notes: Notes, logical_id: str) -> Outcome:
        for stack in stacks:
            try:
                identity = launch(self._emulator, stack, lambda words: self._hear(Remarked(words)))
            except LaunchFailedError as failed:
                self._hear(Logged("", "", f"stack {stack.name}", failed.events))
                return Outcome("NotRehearsed" if failed.not_rehearsed else "Failed", reason=str(failed))
            if stack.account:
                self._hear(Remarked(f"launched {stack.name} in account {stack.account}"))
        self._pipeline = declared(self._emulator, identity, logical_id)
        self._hear(Launched(stack.name, self._pipeline.name, self._pipeline.stages))
        for remark in _beside(self._pipeline):
            self._hear(Remarked(remark))
        self._follower = Follower(self._emulator, self._pipeline.name, self._wishes.silence)
        # AWS starts the pipeline as soon as it exists. Pushing only after that execution found nothing makes the
        # rehearsal the same every time.
        first = self._follower.end_of_first()
        if first and first.not_rehearsed:
            return Tally(self._wishes.stubs).ended(first, ())
        self._hold_after(self._wishes.until, self._pipeline)
        return self._pushed(sources, notes, "the pipeline found no commit yet, as on AWS; now it is in")

    def _pushed(self, sources: ActionSources, notes: Notes, words: str) -> Outcome:
        pipeline, follower = self._pipeline, self._follower
        if pipeline is None or follower is None:
            raise EmulatorError("there is no pipeline to push to")
        make_artifact_bucket(self._emulator, pipeline)
        deliveries = tuple(self._delivered(sources, pipeline, follower))
        self._hear(Remarked(f"{words} {' and '.join(delivery.place for delivery in deliveries)}"))
        if not any(delivery.by_rule or delivery.started for delivery in deliveries[-1:]):
            self._hear(Remarked(_unstarted(deliveries)))
            self._emulator.client("codepipeline").start_pipeline_execution(name=pipeline.name)
        beginning = follower.started(self._wishes.patience)
        if beginning is None:
            return self._nothing_started(pipeline)
        self._hear(beginning)
        return Watch(self._emulator, self._hear, self._wishes, notes).outcome(follower, beginning.execution)

    def _delivered(self, sources: ActionSources, pipeline: Declared, follower: Follower) -> Iterator[Delivery]:
        """Deliver to every source action. What starts before the last one has its source has come to its end."""
        actions = deliverable(pipeline)
        for action in actions:
            before = self._executions(pipeline)
            delivery = deliver(self._emulator, action, sources.of(action))
            delivery = replace(delivery, started=self._executions(pipeline) > before)
            yield delivery
            if action is not actions[-1] and (delivery.by_rule or delivery.started):
                self._let_pass(follower)

    def _let_pass(self, follower: Follower) -> None:
        """Wait for the end of the execution that starts next, if there is one."""
        if beginning := follower.started(self._wishes.patience):
            events = follower.execution(beginning.execution)
            next(event for event in events if isinstance(event, ExecutionEnded))

    def _executions(self, pipeline: Declared) -> int:
        codepipeline = self._emulator.client("codepipeline")
        return len(codepipeline.list_pipeline_executions(pipelineName=pipeline.name)["pipelineExecutionSummaries"])

    def _hold_after(self, stage: str, pipeline: Declared) -> None:
        """Shut the door behind the last stage that is wanted, also for commits that come later."""
        following = pipeline.after(stage) if stage else None
        if following:
            self._emulator.client("codepipeline").disable_stage_transition(
                pipelineName=pipeline.name,
                stageName=following,
                transitionType="Inbound",
                reason=f"the rehearsal goes until {stage}",
            )

    def _nothing_started(self, pipeline: Declared) -> Outcome:
        refused = "; ".join(self._emulator.ledger()["undelivered"])
        reason = refused or "no event rule of the template leads to the pipeline"
        source = pipeline.sources[0]
        return Outcome("Failed", source.stage, source.name, f"the push started no execution: {reason}")


def _unstarted(deliveries: Sequence[Delivery]) -> str:
    """Why the rehearsal starts the pipeline itself."""
    if any(delivery.polled for delivery in deliveries):
        return "CodePipeline polls this source: started as its next look would"
    # The trigger is meant to let such pushes pass by.
    return "the template's trigger does not start on this push: started as 'Release change' does"


def _beside(pipeline: Declared) -> Iterator[str]:
    """What of the stack is there and is not rehearsed with the pipeline."""
    for other in pipeline.beside:
        yield f"{other} stands beside it and only builds; nothing starts it here, as a pull request would"
    if pipeline.tells:
        yield "nobody is notified: the notification rule is created, but mails and messages are not rehearsed"
