"""The processes of a build: they end with it, when it is stopped, when its time is over, and when we are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.rehearsal.codebuild.job import Clocks
from generator.rehearsal.codebuild.log import LogLine
from generator.rehearsal.codebuild.record import Ended
from generator.rehearsal.codebuild.runner import Build
from tests.rehearsal.codebuild.build_runner import BuildRunner

WAITING = (
    "version: 0.2\nphases:\n  build: {commands: ['echo $$; %s', echo never]}\n  post_build: {commands: [echo post]}\n"
)
PATIENCE = 120.0


def is_there(process: int) -> bool:
    """Whether a process runs; one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what must come."""
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit, "it did not come"
        time.sleep(0.01)


class Running:
    """A build on a thread of its own. `started` is set when it has written a line of output."""

    def __init__(self, runner: BuildRunner, spec: str) -> None:
        self.lines: list[str] = []
        self.started = threading.Event()
        self.build = Build(runner.job(spec), runner.host, self.hear)
        self.ended: list[Ended] = []
        self.thread = threading.Thread(target=lambda: self.ended.append(self.build.run()))
        self.thread.start()
        assert self.started.wait(PATIENCE)

    def hear(self, line: LogLine) -> None:
        if not line.text.startswith("[Container]"):
            self.lines.append(line.text)
            self.started.set()

    def result(self) -> Ended:
        self.thread.join(PATIENCE)
        return self.ended[0]


@pytest.mark.parametrize(
    "command",
    ["sleep 100", "sleep 100 & wait", 'trap "" TERM INT HUP; sleep 100', 'bash -c "sleep 100; true"; true'],
)
def test_stop_ends_whatever_a_command_does(runner: BuildRunner, command: str) -> None:
    running = Running(runner, WAITING % command)
    running.build.stop()
    ended = running.result()
    assert ended.status == "STOPPED"
    assert not is_there(int(running.lines[0]))
    assert "never" not in running.lines
    assert "post" not in running.lines
    assert {phase.name: phase.status for phase in ended.phases}["BUILD"] == "STOPPED"
    assert [phase.name for phase in ended.phases][-1] == "COMPLETED"
    assert not running.build.job.folder.exists()


def test_a_build_that_was_stopped_before_it_began_runs_nothing(runner: BuildRunner) -> None:
    build = Build(runner.job(WAITING % "true"), runner.host, runner.hear)
    build.stop()
    assert build.run().status == "STOPPED"
    assert runner.output() == []


def test_a_build_that_takes_too_long_is_timed_out(runner: BuildRunner) -> None:
    over = threading.Event()
    runner.host = replace(runner.host, clocks=Clocks(steady=lambda: 60 * 60.0 if over.is_set() else 0.0))
    running = Running(runner, WAITING % "sleep 100")
    over.set()
    ended = running.result()
    assert ended.status == "TIMED_OUT"
    assert ended.failure
    assert (ended.failure.phase, ended.failure.message) == ("BUILD", "Build has timed out.")
    assert not is_there(int(running.lines[0]))


def test_a_build_in_time_is_left_alone(runner: BuildRunner) -> None:
    runner.host = replace(runner.host, clocks=Clocks(steady=lambda: 59.9 * 60))
    ended = runner.build(WAITING % "true", timeout_minutes=60)
    assert ended.status == "SUCCEEDED"


@pytest.mark.parametrize("way", ["{} &", "nohup {} &", "setsid {} &", "(setsid {} &)"])
def test_what_runs_in_the_background_ends_with_the_build(runner: BuildRunner, way: str) -> None:
    pid = runner.shared / "pid"
    started = way.format(f"sh -c 'echo $$ > {pid}; exec sleep 100'")
    waited = f"until [ -s {pid} ]; do sleep 0.02; done"
    ended = runner.build(f"version: 0.2\nphases:\n  build:\n    commands:\n    - {started}\n    - {waited}\n")
    assert ended.status == "SUCCEEDED"
    wait_until(lambda: not is_there(int(pid.read_text())))


def test_output_of_the_background_does_not_hold_up_the_next_command(runner: BuildRunner) -> None:
    commands = """['sleep 1000 & echo $! > pid; echo one', 'kill -0 "$(cat pid)" && echo two']"""
    runner.build(f"version: 0.2\nphases: {{build: {{commands: {commands}}}}}\n")
    assert runner.output() == ["one", "two"]


CRASHING = """
import os, sys, threading
from generator.rehearsal.codebuild.processes import Processes
processes = Processes("CODEBUILD_BUILD_ID=crash-%d" % os.getpid(), lambda: 0.0, 1.0)
processes.run(["/bin/sh", "-c", "echo $$; exec sleep 100"], folder="/", environment=dict(os.environ), output=1)
"""


def test_nothing_survives_when_we_are_killed() -> None:
    ours = subprocess.Popen([sys.executable, "-c", CRASHING], stdout=subprocess.PIPE, text=True)
    assert ours.stdout
    theirs = int(ours.stdout.readline())
    assert is_there(theirs)
    os.kill(ours.pid, signal.SIGKILL)
    ours.wait()
    wait_until(lambda: not is_there(theirs))


def test_a_program_killed_by_a_signal_has_the_status_of_a_shell(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.1\nphases: {build: {commands: ['kill -SEGV $$']}}\n")
    assert ended.failure
    assert ended.failure.exit_code == 128 + signal.SIGSEGV


def test_commands_have_nothing_to_read(runner: BuildRunner) -> None:
    ended = runner.build("version: 0.2\nphases: {build: {commands: ['cat; read x || echo nothing']}}\n")
    assert ended.status == "SUCCEEDED"
    assert runner.output() == ["nothing"]


def test_a_full_disk_is_a_fault_and_not_a_traceback(runner: BuildRunner) -> None:
    job = runner.job("version: 0.2\nphases: {build: {commands: [true]}}\n")
    job.folder.parent.mkdir(exist_ok=True)
    job.folder.write_text("a file is in the way, as good as no room")
    ended = Build(job, runner.host, runner.hear).run()
    assert ended.status == "FAILED"
    assert ended.not_rehearsed
    assert ended.failure
    assert ended.failure.phase == "DOWNLOAD_SOURCE"
