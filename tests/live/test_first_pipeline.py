"""docs/first-pipeline.md, walked command by command with an installed wheel, against the account that was asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import Ran
from tests.end_to_end.accounts import Account
from tests.end_to_end.pages import commands
from tests.end_to_end.terminal import Terminal
from tests.live.remains import left
from tests.live.reporting import Report

pytestmark = pytest.mark.slow

WATCH = "penstock status --watch"
# What is typed when a command asks.
ANSWERS = {
    "penstock launch": "y",
    "penstock approve Prod": "y",
    'penstock approve Prod --message "seen in gamma"': "y",
    "penstock rollback Prod": "y",
    "penstock destroy --prod": "time-service",
}
LEFT = 130  # the picture was left with Ctrl-C, when the approval waited
# What a command exits with where it is not 0, each time the page has it.
CODES = {WATCH: [LEFT, 0, 1, 1, LEFT, 0, LEFT, 0], "penstock diff": [1, 0]}
# What a command says, each time the page has it; found in stdout and stderr together.
SAYS = {
    "penstock check": ["no problems"],
    "penstock rehearse --approve yes": ["green: the commit went through every stage"],
    "penstock cost --commits-per-day 20": ["V2 costs as much as V1, or more, from 19 commits a month"],
    "penstock doctor": [" good, 2 not there yet"],
    "penstock launch": ["time-service-pipeline is created", "time-service-pipeline is updated"],
    'penstock approve Prod --message "seen in gamma"': ["Tell the time"],
    "penstock logs": ["AssertionError: on purpose"],
    "penstock approve Prod": ['Revert "Break a test"', "Tell the time"],
    "penstock rollback Prod": ["Tell the time"],
    "penstock diff": ["team", ""],
    "penstock destroy --prod": [""],
}


def test_the_first_pipeline_goes_from_an_empty_folder_to_prod_and_away_again(
    account: Account, report: Report, service: str, installed: Path, tmp_path: Path
) -> None:
    terminal = Terminal(account, tmp_path, service, package=installed)
    assert where(terminal).is_relative_to(installed)
    codes = {line: iter(expected) for line, expected in CODES.items()}
    says = {line: iter(expected) for line, expected in SAYS.items()}
    for line in commands("first-pipeline.md"):
        typed = line.replace("time-service", service, 1) if "init" in line else line.replace("time-service", service)
        ran = terminal.types(typed.replace("us-east-1", account.region), answer(line, service))
        assert ran.code == next(codes.get(line, iter([0]))), shown(line, ran)
        words = next(says.get(line, iter([""]))).replace("time-service", service)
        report.expect(words, ran.out + ran.err, shown(line, ran))
        if line.startswith("git add"):
            report.tag(terminal.folder / "pipeline.yaml")
    assert [line for line, expected in [*codes.items(), *says.items()] if next(expected, None) is not None] == []
    assert left(account, service) == {}


def answer(line: str, service: str) -> str:
    """What is typed when a command asks."""
    return ANSWERS.get(line, "").replace("time-service", service)


def where(terminal: Terminal) -> Path:
    """The package that `penstock` is."""
    command = [sys.executable, "-c", "import generator; print(generator.__file__)"]
    result = subprocess.run(
        command, env=terminal.environment, cwd=terminal.folder, check=True, capture_output=True, text=True
    )
    return Path(result.stdout.strip())


def shown(line: str, ran: Ran) -> str:
    return f"$ {line}\n{ran.out}\n{ran.err}\n-> {ran.code}"
