"""On a terminal a rehearsal is a live view, and approvals are asked for."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine
from tests.rehearsal.driver.small import Small

DIRECT = "[prod: {deploy: direct, approval: {message: Mind the gap.}}]"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


class Terminal:
    """A command with a terminal of its own."""

    def __init__(self, master: int, process: subprocess.Popen[bytes]) -> None:
        self._master = master
        self.process = process
        self.shown = ""

    def read_until(self, words: str, seconds: float = 300) -> None:
        """Take in what is shown until these words are."""
        deadline = time.monotonic() + seconds
        while words not in self.plain:
            assert time.monotonic() < deadline, self.plain
            assert self._more(), self.plain

    def read_to_the_end(self) -> int:
        """Take in everything; the exit code."""
        while self._more():
            pass
        return self.process.wait(timeout=120)

    def type(self, text: str) -> None:
        os.write(self._master, text.encode())

    @property
    def plain(self) -> str:
        return ESCAPE.sub("", self.shown).replace("\r", "")

    def _more(self) -> bool:
        ready, _, _ = select.select([self._master], [], [], 60)
        try:
            chunk = os.read(self._master, 65536) if ready else b""
        except OSError:  # how Linux says that nobody holds the other end any longer
            return False
        self.shown += chunk.decode(errors="replace")
        return bool(chunk)


@contextlib.contextmanager
def terminal(machine: Machine, *arguments: str | Path, **variables: str) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    environ = {**machine.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "50", **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "generator.cli", "rehearse", *map(str, arguments)],
        env=environ,
        cwd=machine.folder,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        process.kill()
        process.wait()
        os.close(master)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Small(stages=DIRECT).commit(tmp_path / "repository")


def test_an_approval_is_asked_for_and_the_rest_is_shown_with_its_times(machine: Machine, file: Path) -> None:
    with terminal(machine, file) as shown:
        shown.read_until("approve? [y/n]")
        assert "Prod/Approve waits for an approval:" in shown.plain
        assert "Mind the gap." in shown.plain
        shown.type("y\n")
        assert shown.read_to_the_end() == 0
    assert "green" in shown.plain
    last = shown.plain[shown.plain.rfind("Source") :]
    assert re.search(r"Build +✓ Build +\d+\.\d s", shown.plain)
    assert re.search(r"Prod +✓ Approve|✓ Test +\d+\.\d s +1 passed, 0 failed: prod is fine", last)
    assert COLOUR.search(shown.shown)
    assert machine.left_over() == []


def test_ctrl_c_at_the_question_leaves_nothing(machine: Machine, file: Path) -> None:
    with terminal(machine, file) as shown:
        shown.read_until("approve? [y/n]")
        shown.process.send_signal(2)
        assert shown.read_to_the_end() == 130
        assert machine.nothing_left()
    # The cursor is back.
    assert shown.shown.rfind("\x1b[?25h") > shown.shown.rfind("\x1b[?25l")


def test_what_fails_is_said_above_the_picture_and_no_color_is_honoured(machine: Machine, tmp_path: Path) -> None:
    red = Small("red", build="echo nearly there; exit 3").commit(tmp_path / "red")
    with terminal(machine, red, "--approve", "yes", NO_COLOR="1") as shown:
        assert shown.read_to_the_end() == 1
    assert "| nearly there" in shown.plain
    assert "✓ Source" in shown.plain
    assert "✗ Build" in shown.plain
    assert [colour for colour in COLOUR.findall(shown.shown) if re.search(r"\[(3|4|9|10)[0-9]", colour)] == []


def test_a_dumb_terminal_gets_plain_lines(machine: Machine, file: Path) -> None:
    with terminal(machine, file, "--approve", "yes", "--until", "source", TERM="dumb") as shown:
        assert shown.read_to_the_end() == 0
    assert "\x1b" not in shown.shown
    assert re.search(r"Source +Source +succeeded in", shown.plain)
