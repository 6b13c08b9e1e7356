"""Hears what happens in a pipeline of the emulator, while it happens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from generator.execution import Event, ExecutionEnded, ExecutionStarted, StageEnded, heard
from generator.rehearsal.emulator.control_client import EmulatorError
from generator.rehearsal.emulator.handle import Emulator

POLL_SECONDS = 0.03
SILENCE_SECONDS = 5.0
"""After how long without news the API is asked whether there should have been some."""
_OPEN = ("InProgress", "Stopping")


class News:
    """A file of events, read as it grows."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read = 0

    def fresh(self) -> list[Event]:
        """The events since the last call; a line that is still being written waits for the next one."""
        try:
            with self._file.open("rb") as lines:
                lines.seek(self._read)
                grown = lines.read()
        except FileNotFoundError:
            return []
        whole = grown[: grown.rfind(b"\n") + 1]
        self._read += len(whole)
        return [heard(json.loads(line)) for line in whole.splitlines()]

    @property
    def waiting(self) -> bool:
        """Whether there is more to read."""
        return self._file.exists() and self._file.stat().st_size > self._read


class Follower:
    """Follows one pipeline from its creation. Every method raises EmulatorError when the emulator ends."""

    def __init__(self, emulator: Emulator, pipeline: str) -> None:
        self._emulator = emulator
        self._pipeline = pipeline
        self._news = News(emulator.settings.news)
        # One for all methods: each goes on where the one before has stopped.
        self._events = self._heard()

    def end_of_first(self, seconds: float = 60.0) -> ExecutionEnded | None:
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

    def execution(self, execution: str) -> Iterator[Event]:
        """The events of an execution, as they come, without its beginning; the caller knows when to stop."""
        since = time.monotonic()
        for event in self._events:
            if event and event.execution == execution:
                since = time.monotonic()
                yield event
            elif event is None and time.monotonic() - since > SILENCE_SECONDS:
                self._ask(execution)
                since = time.monotonic()

    def _heard(self) -> Iterator[Event | None]:
        """The pipeline's events as they come; None whenever there is nothing new."""
        while True:
            alive = self._emulator.alive
            fresh = self._news.fresh()
            yield from (event for event in fresh if event.pipeline == self._pipeline)
            if fresh:
                continue
            if not alive:
                raise EmulatorError("the emulator ended in the middle of the rehearsal")
            yield None
            time.sleep(POLL_SECONDS)

    def _ask(self, execution: str) -> None:
        """Make sure that nothing is missed: on a full disk the emulator cannot write its news."""
        found = self._emulator.client("codepipeline").get_pipeline_execution(
            pipelineName=self._pipeline, pipelineExecutionId=execution
        )
        if found["pipelineExecution"]["status"] not in _OPEN:
            # It may have ended this very moment; its news is written right after.
            time.sleep(1)
            if not self._news.waiting:
                raise self._mute("ended")

    def _mute(self, happened: str) -> EmulatorError:
        folder = self._emulator.settings.folder
        return EmulatorError(f"the emulator does not tell how the execution {happened}: is the disk of {folder} full?")
