"""Rehearsals whose every process was killed at once: the next command clears what they leave, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from generator.rehearsal.emulator.handle import Emulator
from generator.rehearsal.emulator.leftovers import clear, hold
from tests.rehearsal.emulator.test_emulator_process import CLINGING, cling, eventually, running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "penstock-1"
    (folder / "tmp").mkdir(parents=True)
    return folder


def test_what_somebody_looks_after_is_left_alone(tmp_path: Path, folder: Path) -> None:
    held = hold(tmp_path / "cache", folder)
    assert clear(tmp_path / "cache") == []
    held.let_go()
    assert folder.exists()
    assert clear(tmp_path / "cache") == [folder]
    assert not folder.exists()
    assert clear(tmp_path / "cache") == []


def test_without_a_cache_there_is_nothing_to_clear(tmp_path: Path) -> None:
    assert clear(tmp_path / "none") == []


@pytest.mark.parametrize("words", ["", "/", "relative", "/etc"])
def test_a_spoilt_note_clears_no_other_folder(tmp_path: Path, words: str) -> None:
    note = tmp_path / "runs" / "penstock-1"
    note.parent.mkdir()
    note.write_text(words)
    assert clear(tmp_path) == []
    assert not note.exists()


def test_the_programs_that_outlived_it_are_ended_and_a_shell_that_used_it_is_not(tmp_path: Path, folder: Path) -> None:
    program = [sys.executable, "-c", "input()"]
    variables = {"AWS_CA_BUNDLE": f"{folder}/certificates/bundle.pem"}, {"TMPDIR": str(folder / "tmp")}
    shell, left = (subprocess.Popen(program, stdin=subprocess.PIPE, env=own) for own in variables)
    hold(tmp_path / "cache", folder).let_go()
    assert clear(tmp_path / "cache") == [folder]
    assert left.wait(60) == -signal.SIGKILL
    assert shell.poll() is None
    shell.communicate(b"\n", timeout=60)
    left.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of the variables of processes")
def test_the_next_command_clears_what_was_killed_at_once(tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path / "tmp"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    Path(environ["TMPDIR"]).mkdir()
    instance = Emulator(environ, mounts=CLINGING)
    instance.start()
    clinging, folder = cling(instance), instance.settings.folder
    killed = instance.processes() - {clinging}
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not any(map(running, killed)))
    assert running(clinging)
    words = [sys.executable, "-m", "generator.cli", "schema"]
    result = subprocess.run(words, env=environ, capture_output=True, text=True, check=True)
    assert result.stderr == f"note: removed what a killed rehearsal left in {folder}\n"
    assert eventually(lambda: not running(clinging))
    assert not folder.exists()
    instance.stop()
