"""docs/first-pipeline.md, walked command by command with an installed wheel and AWS on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.rehearsal.emulator.handle import Emulator
from tests.aws import quotas
from tests.cli.command_line import Ran
from tests.end_to_end.pages import commands
from tests.end_to_end.terminal import Terminal

pytestmark = pytest.mark.slow

WATCH = "penstock status --watch"
# What is typed when a command asks.
TOLD = {
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


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator(os.environ, mounts=quotas.MOUNT) as running:
        yield running


def test_the_first_pipeline_goes_from_an_empty_folder_to_prod_and_away_again(
    emulator: Emulator, installed: Path, tmp_path: Path
) -> None:
    terminal = Terminal(emulator, tmp_path, "time-service", package=installed)
    assert where(terminal).is_relative_to(installed)
    codes = {line: iter(expected) for line, expected in CODES.items()}
    says = {line: iter(expected) for line, expected in SAYS.items()}
    for line in commands("first-pipeline.md"):
        ran = terminal.types(line, TOLD.get(line, ""))
        assert ran.code == next(codes.get(line, iter([0]))), shown(line, ran)
        assert next(says.get(line, iter([""]))) in ran.out + ran.err, shown(line, ran)
    assert [line for line, expected in [*codes.items(), *says.items()] if next(expected, None) is not None] == []
    assert left(emulator) == {}


def where(terminal: Terminal) -> Path:
    """The package that `penstock` is."""
    command = [sys.executable, "-c", "import generator; print(generator.__file__)"]
    result = subprocess.run(
        command, env=terminal.environment, cwd=terminal.folder, check=True, capture_output=True, text=True
    )
    return Path(result.stdout.strip())


def shown(line: str, ran: Ran) -> str:
    return f"$ {line}\n{ran.out}\n{ran.err}\n-> {ran.code}"


def left(emulator: Emulator) -> dict[str, list[str]]:
    """What there is in the account of all that a pipeline or its stacks could have left, by kind."""

    def ask(service: str, operation: str, key: str, name: str = "") -> list[Any]:
        answer = getattr(emulator.client(service), operation)()[key]
        return [entry[name] if name else entry for entry in answer]

    inventory = {
        "stacks": ask("cloudformation", "describe_stacks", "Stacks", "StackName"),
        "pipelines": ask("codepipeline", "list_pipelines", "pipelines", "name"),
        "projects": ask("codebuild", "list_projects", "projects"),
        "repositories": ask("codecommit", "list_repositories", "repositories", "repositoryName"),
        "functions": ask("lambda", "list_functions", "Functions", "FunctionName"),
        "buckets": ask("s3", "list_buckets", "Buckets", "Name"),
        "rules": ask("events", "list_rules", "Rules", "Name"),
        "roles": ask("iam", "list_roles", "Roles", "RoleName"),
    }
    return {kind: names for kind, names in inventory.items() if names}
