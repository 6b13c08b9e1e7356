"""Keeps the book of a build's phases: which ran, how long, how each ended, and the first that failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from generator.rehearsal.codebuild.failure import PhaseFailedError
from generator.rehearsal.codebuild.log import BuildLog
from generator.rehearsal.codebuild.processes import InterruptedBuildError
from generator.rehearsal.codebuild.record import Failure, PhaseRecord, Status

_TAIL = 30  # lines that tell why a command failed
_INTERRUPTED = {
    "TIMED_OUT": ("BUILD_TIMED_OUT", "Build has timed out."),
    "STOPPED": ("", "Build was stopped."),
}
# CodeBuild's log begins in the container, where these are over or yet to come.
_SILENT = ("SUBMITTED", "QUEUED", "PROVISIONING", "DOWNLOAD_SOURCE", "FINALIZING", "COMPLETED")


class PhaseBook:
    """The phases of one attempt at a build. Reading is safe from any thread, at any time."""

    def __init__(self, log: BuildLog, now: Callable[[], float]) -> None:
        self._log = log
        self._now = now
        self._records: list[PhaseRecord] = []
        self._lock = threading.Lock()
        self.failure: Failure | None = None
        self.not_rehearsed = False

    @property
    def records(self) -> tuple[PhaseRecord, ...]:
        """The phases so far, the running one last."""
        with self._lock:
            return tuple(self._records)

    def run(self, name: str, work: Callable[[], None]) -> bool:
        """Do the work of one phase; whether it succeeded. An interruption is noted and raised again."""
        with self._lock:
            self._records.append(PhaseRecord(name, self._now()))
        if name not in _SILENT:
            self._log.say(f"Entering phase {name}")
        try:
            work()
        except PhaseFailedError as error:
            self._end("FAILED", error.code, error.message)
            self._remember(name, error)
            return False
        except OSError as error:  # a full disk, a program that cannot be started
            self._end("FAULT", "CLIENT_ERROR", str(error))
            self._remember(name, PhaseFailedError("CLIENT_ERROR", str(error), not_rehearsed=True))
            return False
        except InterruptedBuildError as interruption:
            self._end(interruption.ending, *_INTERRUPTED[interruption.ending])
            self.failure = self.failure or self._failure(name, *_INTERRUPTED[interruption.ending])
            raise
        self._end("SUCCEEDED", "", "")
        return True

    def note(self, name: str) -> None:
        """Write down a phase in which nothing happens here."""
        self.run(name, lambda: None)

    def _end(self, status: Status, code: str, message: str) -> None:
        with self._lock:
            running = self._records[-1]
            message = self._log.masker(message)
            ended = replace(running, end=self._now(), status=status, code=code, message=message)
            self._records[-1] = ended
        if running.name not in _SILENT or status != "SUCCEEDED" or running.name == "DOWNLOAD_SOURCE":
            self._log.say(f"Phase complete: {running.name} State: {status}")
            self._log.say(f"Phase context status code: {code} Message: {message}")

    def _remember(self, name: str, error: PhaseFailedError) -> None:
        if self.failure is None:
            failure = self._failure(name, error.code, error.message)
            self.failure = replace(failure, command=error.command, exit_code=error.exit_code)
            self.not_rehearsed = error.not_rehearsed

    def _failure(self, name: str, code: str, message: str) -> Failure:
        message = self._log.masker(message)
        return Failure(phase=name, code=code, message=message, tail=self._log.lines(_TAIL))
