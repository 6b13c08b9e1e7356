"""Hears what happens in a pipeline of the emulator, while it happens."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from generator.execution import Event, ExecutionEnded, ExecutionStarted, StageEnded, from_message
from generator.rehearsal import waits
from generator.rehearsal.driver.waits import SILENCE_SECONDS
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator

POLL_SECONDS = 0.03
_OPEN = ("InProgress", "Stopping")


class Follower:
    """Follows one pipeline from its creation. Every method raises EmulatorError when the emulator ends."""

    def __init__(self, emulator: Emulator, pipeline: str, silence: float = SILENCE_SECONDS) -> None:
        self._emulator = emulator
        self.pipeline = pipeline
        self._silence = silence
        self._news = emulator.settings.news
        self._read = 0
        # One for all methods: each goes on where the one before has stopped.
        self._events = self._heard()

    def end_of_first(self, seconds: float = waits.FIRST_EXECUTION.seconds) -> ExecutionEnded | None:
        """How the execution ended that began with the pipeline; None when it found something to work on."""
        execution, deadline = "", time.monotonic() + seconds
        for event in self._events:
            match event:
                case ExecutionStarted(trigger="CreatePipeline"):
                    execution = event.execution
                case ExecutionEnded() if event.execution == execution:
                    return event
                case StageEnded(status="Succeeded") if event.execution == execution:
                    return None
                case None if time.monotonic() > deadline:
                    raise self._mute("began")
        raise AssertionError("the events never end")

    def started(self, seconds: float) -> ExecutionStarted | None:
        """The beginning of the execution that starts next; None when none does within so many seconds."""
        deadline = time.monotonic() + seconds
        for event in self._events:
            if isinstance(event, ExecutionStarted):
                return event
            if time.monotonic() > deadline:
                break
        return None

    def execution(self, execution: str, silent: Callable[[], None] = lambda: None) -> Iterator[Event]:
        """The events of an execution, as they come, without its beginning; the caller knows when to stop.

        `silent` is called whenever there were none for as many seconds as this follower was given.
        """
        since = time.monotonic()
        for event in self._events:
            if event and event.execution == execution:
                since = time.monotonic()
                yield event
            elif event is None and time.monotonic() - since > self._silence:
                self._ask(execution)
                silent()
                since = time.monotonic()

    def _heard(self) -> Iterator[Event | None]:
        """The pipeline's events as they come; None whenever there is nothing new."""
        while True:
            alive = self._emulator.alive
            entries, self._read = self._news.read(self._read)
            fresh = [from_message(entry) for entry in entries]
            yield from (event for event in fresh if event.pipeline == self.pipeline)
            if fresh:
                continue
            if not alive:
                raise EmulatorError("the emulator ended during the rehearsal")
            yield None
            time.sleep(POLL_SECONDS)

    def _ask(self, execution: str) -> None:
        """Make sure that nothing is missed, should the emulator have failed to write its news."""
        answer = self._emulator.client("codepipeline").get_pipeline_execution(
            pipelineName=self.pipeline, pipelineExecutionId=execution
        )
        if answer["pipelineExecution"]["status"] not in _OPEN:
            # It may have ended this very moment; its news is written right after.
            time.sleep(1)
            if not self._news.read(self._read)[0]:
                raise self._mute("ended")

    @staticmethod
    def _mute(happened: str) -> EmulatorError:
        return EmulatorError(f"the emulator does not say how the execution {happened}")
