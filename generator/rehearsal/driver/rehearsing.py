"""The rehearsal: launches a pipeline template, hands the commit over, and sees how far it gets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from botocore.exceptions import BotoCoreError

from generator.rehearsal.driver.declared import Declared, declared
from generator.rehearsal.driver.delivering import deliver
from generator.rehearsal.driver.denials import denials
from generator.rehearsal.driver.following import Follower
from generator.rehearsal.driver.launching import LaunchFailedError, launch
from generator.rehearsal.driver.outcome import Outcome, Tally
from generator.rehearsal.driver.source import Source
from generator.rehearsal.driver.staying import judged
from generator.rehearsal.driver.steps import Hear, Launched, Logged, Remarked
from generator.rehearsal.driver.watching import Watch, Wishes
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.isolation.attempts import Book
from generator.run import ExecutionStarted


class Rehearsal:
    """One commit on its way through one pipeline; `hear` is told every step."""

    def __init__(self, emulator: Emulator, hear: Hear, wishes: Wishes) -> None:
        self._emulator = emulator
        self._hear = hear
        self._wishes = wishes
        self._tally = Tally()

    def run(self, stack: str, template: str, source: Source) -> Outcome:
        """Launch the template as a stack of this name and take the source through its pipeline.

        Raises NotRehearsedError for a template without exactly one pipeline, EmulatorError when the emulator ends.
        """
        try:
            # An emulator that is kept has refused things before.
            before = len(self._emulator.ledger()["denials"])
            wall = self._emulator.doors.wall
            since = Book(wall.book).position()
            outcome = judged(self._launched(stack, template, source), wall, since)
            return replace(outcome, denials=denials(self._emulator.ledger()["denials"][before:]))
        except BotoCoreError as broken:
            if self._emulator.alive:
                raise
            raise EmulatorError(f"the emulator ended in the middle of the rehearsal: {broken}") from broken

    def _launched(self, stack: str, template: str, source: Source) -> Outcome:
        try:
            identity = launch(self._emulator, stack, template)
        except LaunchFailedError as failed:
            self._hear(Logged("", "", f"stack {stack}", failed.events))
            return self._tally.outcome("NotRehearsed" if failed.not_rehearsed else "Failed", reason=str(failed))
        pipeline = declared(self._emulator, identity)
        self._hear(Launched(stack, pipeline.name, pipeline.stages))
        for remark in _beside(pipeline):
            self._hear(Remarked(remark))
        outcome = self._delivered(pipeline, source)
        noted = self._emulator.ledger()
        return replace(
            outcome,
            stand_ins={**outcome.stand_ins, **noted["stand_ins"]},
            unchecked=tuple(noted["unchecked"]),
        )

    def _delivered(self, pipeline: Declared, source: Source) -> Outcome:
        follower = Follower(self._emulator, pipeline.name)
        # AWS starts the pipeline as soon as it exists. Pushing only after that execution found nothing makes the
        # rehearsal the same every time.
        first = follower.end_of_first()
        if first and first.not_rehearsed:
            return self._tally.ended(first, ())
        self._hold_after(self._wishes.until, pipeline)
        deliveries = deliver(self._emulator, pipeline, source)
        places = " and ".join(delivery.place for delivery in deliveries)
        self._hear(Remarked(f"the pipeline found no commit yet, as on AWS; now it is in {places}"))
        beginning = self._started(pipeline, follower, by_rule=any(delivery.by_rule for delivery in deliveries))
        if beginning is None:
            return self._nothing_started(pipeline)
        self._hear(beginning)
        return Watch(self._emulator, self._hear, self._wishes, self._tally).outcome(follower, beginning.execution)

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

    def _started(self, pipeline: Declared, follower: Follower, *, by_rule: bool) -> ExecutionStarted | None:
        """The beginning of the execution that the commit started, if it did."""
        if by_rule:
            return follower.started(self._wishes.patience)
        codepipeline = self._emulator.client("codepipeline")
        if len(codepipeline.list_pipeline_executions(pipelineName=pipeline.name)["pipelineExecutionSummaries"]) == 1:
            # Only the one that began with the pipeline: its trigger is meant to let such pushes pass by.
            self._hear(Remarked("the template's trigger does not start on this push: started as 'Release change' does"))
            codepipeline.start_pipeline_execution(name=pipeline.name)
        return follower.started(self._wishes.patience)

    def _nothing_started(self, pipeline: Declared) -> Outcome:
        refused = "; ".join(self._emulator.ledger()["undelivered"])
        reason = refused or "no event rule of the template leads to the pipeline"
        source = pipeline.sources[0]
        return self._tally.outcome("Failed", source.stage, source.name, f"the push started no execution: {reason}")


def _beside(pipeline: Declared) -> Iterator[str]:
    """What of the stack is there and is not rehearsed with the pipeline."""
    for other in pipeline.beside:
        yield f"{other} stands beside it and only builds; nothing starts it here, as a pull request would"
    if pipeline.tells:
        yield "nobody is told of anything: the notification rule is made, mails and messages are not rehearsed"
