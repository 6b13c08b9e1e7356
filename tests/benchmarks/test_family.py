"""A program's family: what its processes say, cost and hold. No time is asserted, only that it is counted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.family import Watch, run, share_memory

# A child of the program burns a little of the processor, and the program waits for it.
BUSY = """
import subprocess, sys
print("begun", flush=True)
burn = "import time\\nwhile time.process_time() < 0.2: pass"
subprocess.run([sys.executable, "-c", burn], check=True)
print("done")
sys.exit(3)
"""
# Holds 64 MiB that are really there until its input ends.
HOLDING = "import sys; held = b'x' * 2**26; print(len(held), flush=True); sys.stdin.read()"


def test_the_time_of_a_programs_children_is_counted(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", BUSY], tmp_path, os.environ)
    assert done.cpu >= 0.2
    assert done.wall >= 0.2


def test_what_a_program_says_is_kept_with_its_moment_and_its_exit_code(tmp_path: Path) -> None:
    done = run([sys.executable, "-c", BUSY], tmp_path, os.environ)
    assert done.code == 3
    assert [line.text for line in done.lines] == ["begun", "done"]
    assert 0 <= done.lines[0].at <= done.lines[1].at <= done.wall
    # The lines came one by one, not together at the end. How late the first was heard is the machine's affair.
    assert done.lines[1].at - done.lines[0].at >= 0.01


def test_a_program_runs_in_its_folder_with_nothing_but_its_environment(tmp_path: Path) -> None:
    program = "import os; print(os.getcwd()); print(os.environ.get('HOME'), os.environ['WORD'])"
    done = run([sys.executable, "-c", program], tmp_path, {"WORD": "word"})
    assert [line.text for line in done.lines] == [str(tmp_path), "None word"]


def hold() -> subprocess.Popen[str]:
    holding = subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holding.stdout is not None
    holding.stdout.readline()
    return holding


def test_the_memory_of_every_process_is_seen_and_told_by_its_kind() -> None:
    first, second = hold(), hold()
    with Watch(lambda command: "holding" if "held" in command else "other", every=0.01) as watch:
        while not watch.memory.held:
            assert first.poll() is None
    for process in (first, second):
        process.communicate()
    assert 128 < watch.memory.held["holding"] < 256
    assert watch.memory.peak >= watch.memory.held["holding"]


def test_the_peak_stays_when_the_memory_is_given_back() -> None:
    holding = hold()
    with Watch(lambda _command: "all", every=0.01) as watch:
        while watch.memory.peak < 64:
            assert holding.poll() is None
        holding.communicate()
    assert watch.memory.peak > 64


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux compares the memory of processes")
def test_the_memory_of_two_processes_is_told_apart() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert share_memory(os.getpid(), os.getpid())
        assert not share_memory(os.getpid(), other.pid)
        assert other.stdin is not None
        other.stdin.close()
