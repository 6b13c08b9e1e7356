"""The command itself: its help, misspelt commands, bugs of ours, readers that leave early."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest

from generator import __version__
from generator.cli import main
from generator.pipeline_file.schema import pipeline_file
from tests.cli.running import SOURCES, penstock

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
    said = capsys.readouterr().err
    log = Path(said.split("what happened is in ")[1].strip())
    assert code == 3
    assert "Traceback" not in said
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
