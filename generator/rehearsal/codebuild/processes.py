"""The processes of one build: one process group, ended as a whole, gone even when we are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from generator.rehearsal.sandbox.confinement import Apart

_LOOK_AGAIN = 0.25  # seconds; the clock is a foreign one, so waiting cannot simply last until the deadline

# The group's leader does nothing but wait for our end: when its input closes, whoever closed it, the group dies.
_LEADER = "read -r _; kill -KILL 0"

Ending = Literal["STOPPED", "TIMED_OUT"]


class InterruptedBuildError(Exception):
    """The build was stopped or ran out of time."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending)
        self.ending: Ending = ending


class Processes:
    """Starts the commands of one build and ends whatever is left of them.

    `mark` is a variable, NAME=value, that every process of the build has in its environment and no other
    process has: by it those are found that left the group. `clock` gives seconds; the build may last until
    it shows `deadline`. Commands write below `writable` only.
    """

    def __init__(
        self, mark: str, clock: Callable[[], float], deadline: float, writable: Sequence[Path] = (Path("/"),)
    ) -> None:
        self._mark = mark
        self._apart = Apart(writable)
        self._clock = clock
        self._deadline = deadline
        self._wake = threading.Event()
        self._stopped = False
        self._leader = subprocess.Popen(
            ["/bin/sh", "-c", _LEADER],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={},
            process_group=0,
        )

    def stop(self) -> None:
        """End the build: from any thread, at any time, as often as you like."""
        self._stopped = True
        self._wake.set()

    def check(self) -> None:
        """Raise InterruptedBuildError when the build was stopped or its time is over."""
        if self._stopped:
            raise InterruptedBuildError("STOPPED")
        if self._clock() >= self._deadline:
            raise InterruptedBuildError("TIMED_OUT")

    def run(
        self,
        argv: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        output: int,
        executable: str | None = None,
    ) -> int:
        """Run one program to its end, its output into the file descriptor `output`; the exit status.

        A program ended by a signal has the status a shell gives it, 128 and the signal's number.
        """
        self.check()
        process = self._apart.start(
            lambda: subprocess.Popen(
                argv,
                executable=executable,
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                process_group=self._leader.pid,
            )
        )
        self._wait(process)
        status = process.returncode
        return 128 - status if status < 0 else status

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        self._wake.clear()
        threading.Thread(target=self._wake_at_end, args=(process,), daemon=True).start()
        while process.poll() is None:
            try:
                self.check()
            except InterruptedBuildError:
                self.close()
                process.wait()
                raise
            self._wake.wait(_LOOK_AGAIN)

    def _wake_at_end(self, process: subprocess.Popen[bytes]) -> None:
        process.wait()
        self._wake.set()

    def close(self) -> None:
        """Kill every process of the build that is still there; nothing can be run afterwards."""
        self._apart.close()
        if self._leader.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._leader.pid, signal.SIGKILL)
            self._leader.wait()
        if self._leader.stdin:
            self._leader.stdin.close()
        for process in _with_variable(self._mark):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)


def _with_variable(mark: str) -> list[int]:
    """The processes that were started with this variable; none where the system does not tell (no /proc)."""
    encoded = mark.encode()
    pids = []
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if encoded in entry.read_bytes().split(b"\0"):
                pids.append(int(entry.parent.name))
    return pids
