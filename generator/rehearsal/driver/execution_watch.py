"""Watches one execution: answers its approvals, fetches the logs of what fails, and says what it came to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from botocore.exceptions import ClientError

from generator.execution import (
    ActionEnded,
    ActionStarted,
    ActionWaiting,
    Event,
    ExecutionEnded,
    StageEnded,
    StageWaiting,
)
from generator.rehearsal import waits
from generator.rehearsal.driver import logs
from generator.rehearsal.driver.follower import Follower
from generator.rehearsal.driver.notes import Notes
from generator.rehearsal.driver.outcome import NO_STUBS, Outcome, Stubs, Tally
from generator.rehearsal.driver.stack_cause import stack_cause
from generator.rehearsal.driver.steps import Hear, Logged, Remarked
from generator.rehearsal.driver.waits import SILENCE_SECONDS, Waits
from generator.rehearsal.emulator.handle import Emulator
from generator.report.cause import cause

# Somebody else may answer first, through the API.
_ANSWERED = {"ApprovalAlreadyCompletedException", "InvalidApprovalTokenException"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """Who answers approvals (True approves), and the stage after which to stop ("" if there is none).

    `stubs` are what is not run, and whether that is accepted. `patience` is how many seconds an event rule may take to
    start the pipeline; far less than one is usual. After `silence` seconds without news it is said what is waited for.
    """

    approve: Callable[[ActionWaiting], bool]
    until: str = ""
    patience: float = waits.PUSH.seconds
    silence: float = SILENCE_SECONDS
    stubs: Stubs = NO_STUBS


class Watch:
    """Sees one execution through."""

    def __init__(self, emulator: Emulator, hear: Hear, wishes: Wishes, notes: Notes) -> None:
        self._emulator = emulator
        self._hear = hear
        self._wishes = wishes
        self._notes = notes
        self._tally = Tally(wishes.stubs)
        self._started: dict[str, datetime] = {}

    def outcome(self, follower: Follower, execution: str) -> Outcome:
        """What the execution came to, or how it stood at the end of the stage that was asked for."""
        waits = Waits(self._emulator.client, lambda words: self._hear(Remarked(words)))
        for event in follower.execution(execution, lambda: waits.of_execution(follower.pipeline, execution)):
            self._hear(event)
            self._tally.take(event)
            if outcome := self._after(event):
                return outcome
        raise AssertionError("the events never end")

    def _after(self, event: Event) -> Outcome | None:
        match event:
            case ActionStarted():
                self._started[event.run] = event.at
            case ActionWaiting():
                self._answer(event)
            case ActionEnded(kind=("Build" | "Test", _, "CodeBuild", _)):
                self._built(event)
            case ActionEnded(kind=("Invoke", _, _, _), status="Failed"):
                self._show_logs(event)
            case ActionEnded(kind=("Deploy", _, "CloudFormation", _), status="Failed"):
                self._tally.failed(stack_cause(self._emulator, event.external_id, self._started[event.run]))
            case StageEnded(stage=self._wishes.until, status="Succeeded"):
                return self._tally.outcome("Stopped", event.stage)
            case StageWaiting():
                return self._shut_out(event)
            case ExecutionEnded():
                return self._tally.ended(event, self._notes.lacking())
        return None

    def _answer(self, event: ActionWaiting) -> None:
        approved = self._wishes.approve(event)
        try:
            self._emulator.client("codepipeline").put_approval_result(
                pipelineName=event.pipeline,
                stageName=event.stage,
                actionName=event.action,
                token=event.token,
                result={"status": "Approved" if approved else "Rejected", "summary": "answered in the rehearsal"},
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] not in _ANSWERED:
                raise

    def _built(self, event: ActionEnded) -> None:
        log = logs.build(self._emulator, event.external_id)
        self._tally.built(event.stage, log)
        if event.status == "Failed":
            self._tally.failed(cause(log))

    def _show_logs(self, event: ActionEnded) -> None:
        causes = []
        for group, lines in logs.written(self._emulator, self._started[event.run], event.at):
            self._hear(Logged(event.stage, event.action, group, lines))
            causes.append(cause(lines))
        self._tally.failed(next(filter(None, causes), ""))

    def _shut_out(self, event: StageWaiting) -> Outcome | None:
        """A transition that is off lets nobody pass; behind another execution there is only a wait."""
        states = self._emulator.client("codepipeline").get_pipeline_state(name=event.pipeline)["stageStates"]
        shut = {state["stageName"] for state in states if not state["inboundTransitionState"]["enabled"]}
        if event.stage not in shut:
            return None
        reason = f"the transition into {event.stage} is off ({event.reason}): the execution waits until it is on"
        return self._tally.outcome("Failed", event.stage, reason=reason)
