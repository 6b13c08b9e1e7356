"""`penstock completion`: scripts that shells accept, and completions that come of them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import SOURCES, penstock

ASKED = {"bash": "complete", "fish": "complete", "zsh": "compdef"}


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with `penstock` in it, as an installation puts it on the PATH."""
    program = tmp_path / "bin" / "penstock"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m generator.cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return program.parent


def completed(installed: Path, *words: str) -> list[str]:
    """What bash is offered for the last of these words."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(SOURCES),
        "_PENSTOCK_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(("penstock", *words)),
        "COMP_CWORD": str(len(words)),
    }
    done = subprocess.run(
        [installed / "penstock"], env=environment, cwd=installed, capture_output=True, text=True, check=True
    )
    return [line.partition(",")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("shell", ASKED)
def test_the_script_asks_the_shell_to_complete_penstock(shell: str, tmp_path: Path) -> None:
    ran = penstock("completion", shell, cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "_PENSTOCK_COMPLETE" in ran.out
    assert ASKED[shell] in ran.out


@pytest.mark.parametrize("shell", ASKED)
def test_a_shell_that_is_here_reads_its_script(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell} on this machine")
    script = tmp_path / "script"
    script.write_text(penstock("completion", shell, cwd=tmp_path).out, encoding="utf-8")
    subprocess.run([program, "-n", str(script)], check=True, capture_output=True)


def test_bash_completes_a_command_through_the_script(installed: Path, tmp_path: Path) -> None:
    ask = (
        'eval "$(penstock completion bash)"; COMP_WORDS=(penstock gen); COMP_CWORD=1; '
        '_penstock_completion penstock gen penstock; echo "${COMPREPLY[@]}"'
    )
    environment = {**os.environ, "PATH": f"{installed}:{os.environ['PATH']}", "PYTHONPATH": str(SOURCES)}
    command = ["bash", "-c", ask]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["generate"]


def test_commands_are_completed(installed: Path) -> None:
    assert completed(installed, "ch") == ["check"]
    assert {"check", "cost", "completion"} <= set(completed(installed, "c"))


def test_options_and_their_values_are_completed(installed: Path) -> None:
    assert completed(installed, "generate", "--fo") == ["--format", "--force"]
    assert completed(installed, "generate", "--format", "") == ["yaml", "json"]


def test_another_shell_is_refused(tmp_path: Path) -> None:
    ran = penstock("completion", "tcsh", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "'tcsh' is not one of 'bash', 'fish', 'zsh'" in ran.err


def test_the_help_says_where_each_line_belongs(tmp_path: Path) -> None:
    out = penstock("completion", "--help", cwd=tmp_path).out
    assert '~/.bashrc  eval "$(penstock completion bash)"' in out
    assert '~/.zshrc   eval "$(penstock completion zsh)"' in out
    assert "penstock completion fish > ~/.config/fish/completions/penstock.fish" in out
