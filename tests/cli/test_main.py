"""The command itself: its help, misspelt commands, bugs of ours, readers that leave early."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from generator import __version__
from generator.cli import main
from generator.pipeline_file.schema import pipeline_file
from tests.cli.command_line import SOURCES, penstock

_COMMANDS = main.penstock.list_commands(click.Context(main.penstock))


def test_help_lists_every_command(tmp_path: Path) -> None:
    ran = penstock("--help", cwd=tmp_path)
    assert ran.code == 0
    assert [command for command in _COMMANDS if f"\n  {command} " not in ran.out] == []


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_has_help_with_an_example(command: str, tmp_path: Path) -> None:
    ran = penstock(command, "--help", cwd=tmp_path)
    assert ran.code == 0
    assert "Example: penstock" in " ".join(ran.out.split())


def test_help_and_version_import_nothing_heavy() -> None:
    heavy = {"boto3", "cfnlint", "samtranslator", "troposphere", "rich", "yaml", "jsonschema_rs"}
    for flag in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "generator.cli", flag],
            cwd=SOURCES,
            capture_output=True,
            text=True,
            check=True,
        )
        imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
        assert heavy & imported == set()


def test_generate_imports_neither_boto3_nor_the_linter(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "generator.cli", "generate", str(tmp_path / "none.yaml")],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        check=False,
    )
    imported = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert {"boto3", "cfnlint", "samtranslator", "rich", "jsonschema"} & imported == set()


def test_version_is_said(tmp_path: Path) -> None:
    assert penstock("--version", cwd=tmp_path).out == f"penstock, version {__version__}\n"


def test_a_misspelt_command_gets_a_hint(tmp_path: Path) -> None:
    ran = penstock("chek", cwd=tmp_path)
    assert ran.code == 2
    assert "no command 'chek': did you mean 'check'?" in ran.err


def test_schema_prints_the_schema(tmp_path: Path) -> None:
    assert json.loads(penstock("schema", cwd=tmp_path).out) == pipeline_file()


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m generator.cli schema | head -c 1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=SOURCES, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_bug_of_ours_leaves_its_traceback_in_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("the secret of the bug")

    code = main.run([], click.Command("penstock", callback=stumble))
    err = capsys.readouterr().err
    log = Path(err.split("what happened is in ")[1].strip())
    assert code == 3
    assert "Traceback" not in err
    assert "the secret of the bug" in log.read_text()
    log.unlink()


def test_an_interrupted_command_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    assert main.run([], click.Command("penstock", callback=interrupted)) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


def test_an_interrupt_inside_generated_code_ends_with_130_too() -> None:
    program = (
        "import click; from generator.cli import main\n"
        "command = click.Command('penstock', callback=lambda: exec('raise KeyboardInterrupt'))\n"
        "main.end(main.run([], command))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=SOURCES, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.strip()) == (130, "interrupted")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_output_that_finds_no_room_is_no_bug_of_ours() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        words = [sys.executable, "-m", "generator.cli", "schema"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "the output cannot be written: No space left on device\n")


def shell(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A script in which `$PENSTOCK` is the command."""
    environ = {"PENSTOCK": f"{sys.executable} -m generator.cli", "PATH": "/usr/bin:/bin", **variables}
    return subprocess.run(
        ["bash", "-c", script],
        cwd=SOURCES,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", ["schema", "--version", "local", "generate nothing.yaml"])
def test_without_stdout_nothing_is_begun(command: str) -> None:
    done = shell(f"$PENSTOCK {command} >&-")
    text = "the output cannot be written: stdout is closed (> /dev/null, if nobody needs it)\n"
    assert (done.returncode, done.stderr) == (1, text)


@pytest.mark.parametrize("silenced", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_without_stdin_or_stderr_the_code_says_it(silenced: str) -> None:
    assert shell(f"$PENSTOCK check nothing.yaml {silenced}").returncode == 2
    done = shell(f"$PENSTOCK schema {silenced}")
    assert (done.returncode, json.loads(done.stdout)) == (0, pipeline_file())


def test_with_neither_output_the_code_says_it() -> None:
    assert shell("$PENSTOCK schema >/dev/full 2>/dev/full").returncode == 1
    assert shell("$PENSTOCK check nothing.yaml >/dev/full 2>/dev/full").returncode == 2


def test_a_bug_that_cannot_be_written_down_is_still_said() -> None:
    program = (
        "import click, tempfile; from generator.cli import main\n"
        "tempfile.tempdir = '/proc'\n"
        "main.end(main.run([], click.Command('penstock', callback=lambda: 1 / 0)))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=SOURCES, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert done.stderr.startswith("this is a bug in Penstock (ZeroDivisionError), and no file can be written")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["check", "generate", "permissions", "cost", "doctor", "rehearse --approve yes"])
def test_a_pipeline_file_that_is_a_pipe_is_not_waited_for(command: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipeline.yaml")
    ran = penstock(*command.split(), tmp_path / "pipeline.yaml", cwd=tmp_path)
    assert ran.code == 2
    assert len(ran.err.splitlines()) == 2
    assert "pipeline.yaml" in ran.err.splitlines()[0]
