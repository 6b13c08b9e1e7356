"""However a rehearsal ends, and how many there are: no process, port or folder stays behind."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.rehearsals import Machine, wait_for
from tests.rehearsal.driver.small import Small

# The build is well under way, and would be for long.
SLOW = "sleep 97"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return Small(build=SLOW).commit(tmp_path / "repository")


@pytest.mark.parametrize("words", ["rehearsing", "Source", ""], ids=["before the launch", "in the build", "at once"])
def test_ctrl_c_leaves_nothing_and_exits_130(words: str, machine: Machine, file: Path) -> None:
    with machine.started("rehearse", file, "--approve", "yes") as process:
        if words:
            wait_for(process, words)
        else:
            machine.wait_for_folder()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err.strip().splitlines()[-1]) == (130, "interrupted")
    assert "Traceback" not in err
    assert machine.nothing_left()


@pytest.mark.parametrize("blow", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_nothing_is_left_when_the_command_is_ended_from_outside(
    blow: signal.Signals, machine: Machine, file: Path
) -> None:
    with machine.started("rehearse", file, "--approve", "yes") as process:
        wait_for(process, "Source")
        process.send_signal(blow)
        process.wait(timeout=120)
        assert machine.nothing_left()
    assert process.returncode == (130 if blow == signal.SIGTERM else -blow)


def test_a_second_ctrl_c_while_it_clears_up_leaves_nothing_either(machine: Machine, file: Path) -> None:
    with machine.started("rehearse", file, "--approve", "yes") as process:
        wait_for(process, "Source")
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=120)
        assert machine.nothing_left()
    assert process.returncode in (130, -signal.SIGINT)


@pytest.mark.parametrize(
    ("words", "build"),
    [("rehearsing", SLOW), ("launched", SLOW), ("Source", SLOW), ("DeployTests", "true")],
    ids=["while it lints", "before the push", "in the build", "in a deploy"],
)
def test_an_emulator_that_ends_in_the_middle_is_said(words: str, build: str, machine: Machine, tmp_path: Path) -> None:
    file = Small(build=build).commit(tmp_path / "repository")
    with machine.started("rehearse", file, "--approve", "yes", "--keep") as process:
        wait_for(process, words)
        subprocess.run(["kill", "-KILL", *map(str, machine.emulators())], check=True)
        out, err = process.communicate(timeout=120)
    assert process.returncode == 1, err
    assert "bug" not in err
    assert re.search("the emulator (ended during the rehearsal|does not answer)", out)
    assert machine.nothing_left()


def test_two_at_once_do_not_meet(machine: Machine, tmp_path: Path) -> None:
    files = [Small("twin", build=f"echo {name}").commit(tmp_path / name) for name in ("one", "other")]
    stop = ("--approve", "yes", "--until", "build")
    with machine.started("rehearse", files[0], *stop) as first, machine.started("rehearse", files[1], *stop) as second:
        ends = [process.communicate(timeout=300)[0] for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), ends
    assert machine.left_over() == []


def test_a_temporary_folder_that_is_none_is_said(machine: Machine, file: Path) -> None:
    machine.temporary.rmdir()
    machine.temporary.write_text("")
    ran = machine.rehearse(file, "--approve", "yes")
    assert ran.code == 1
    assert "the emulator did not start" in ran.err
    assert "cannot be written" in ran.err


@pytest.mark.parametrize(
    "variables",
    [{"TMPDIR": "/proc"}, {"HOME": "/proc", "XDG_CACHE_HOME": ""}, {"HOME": "/dev/null", "XDG_CACHE_HOME": ""}],
    ids=["TMPDIR", "HOME", "a file for HOME"],
)
def test_a_folder_that_cannot_be_written_is_said(variables: dict[str, str], machine: Machine, file: Path) -> None:
    machine.variables = variables
    ran = machine.rehearse(file, "--approve", "yes")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert " cannot be written: " in ran.err


@pytest.mark.parametrize("folder", ["missing/tmp", "relative"])
def test_a_temporary_folder_is_made_where_it_is_missing(folder: str, machine: Machine, file: Path) -> None:
    machine.variables = {"TMPDIR": folder if folder == "relative" else str(machine.folder / folder)}
    ran = machine.rehearse(file, "--approve", "yes", "--until", "source")
    assert ran.code == 0, ran.err
    assert list((machine.folder / folder).iterdir()) == []
