"""Runs a build: attempt after attempt where its buildspec asks for it, and clean-up whatever happens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from generator.rehearsal.codebuild.attempt import Attempt, RetryBuild
from generator.rehearsal.codebuild.job import Host, Job
from generator.rehearsal.codebuild.log import BuildLog, LogLine
from generator.rehearsal.codebuild.processes import Processes
from generator.rehearsal.codebuild.record import Ended, PhaseRecord
from generator.rehearsal.codebuild.tools import ASKED
from generator.rehearsal.codebuild.workspace import Workspace


def _nobody(_line: LogLine) -> None:
    """Listen to nothing."""


class Build:
    """A build: `run` it on a thread of your own, look at it and `stop` it from any other.

    `listener` gets each line of the log as it is written, without secrets.
    """

    def __init__(self, job: Job, host: Host, listener: Callable[[LogLine], None] = _nobody) -> None:
        self.job = job
        self._host = host
        self.log = BuildLog(host.clocks.now, listener)
        self._deadline = host.clocks.steady() + job.timeout_minutes * 60
        self._lock = threading.Lock()
        self._stopped = False
        self._attempt: Attempt | None = None
        self._processes: Processes | None = None

    @property
    def phases(self) -> tuple[PhaseRecord, ...]:
        """The phases so far."""
        attempt = self._attempt
        return attempt.book.records if attempt else ()

    def stop(self) -> None:
        """End the build; before it has begun it will end when it begins."""
        with self._lock:
            self._stopped = True
            if self._processes:
                self._processes.stop()

    def run(self) -> Ended:
        """Run the build to its end. Nothing of it stays behind but what was delivered, unless it is kept."""
        try:
            return self._run_until_it_ends()
        finally:
            if not self.job.keep:
                Workspace(self.job.folder).remove()

    def _run_until_it_ends(self) -> Ended:
        attempts = 0
        while True:
            try:
                return self._run_once(attempts)
            except RetryBuild as retry:
                attempts += 1
                phase = retry.phase.upper()
                self.log.say(f"{phase} failed: the build is run again ({attempts} of {retry.rule.count})")

    def _run_once(self, attempts: int) -> Ended:
        workspace = Workspace(self.job.folder / str(attempts))
        with self._lock:
            mark = f"CODEBUILD_BUILD_ID={self.job.identity.build_id}"
            self._processes = Processes(mark, self._host.clocks.steady, self._deadline, self._writable(workspace))
            self._attempt = Attempt(self.job, self._host, self.log, workspace, attempts=attempts)
            if self._stopped:
                self._processes.stop()
        return self._attempt.run(self._processes)

    def _writable(self, workspace: Workspace) -> tuple[Path, ...]:
        """What the commands may write to: what is the build's own, and the downloads that builds share."""
        downloads = self._host.cache / "downloads"
        downloads.mkdir(parents=True, exist_ok=True)
        return workspace.root, workspace.tools / ASKED, downloads
