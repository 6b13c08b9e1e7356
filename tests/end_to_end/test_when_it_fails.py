"""docs/when-it-fails.md: every command it shows exists, and the ways out lead out, with AWS on this machine."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import click
import pytest
from botocore.exceptions import WaiterError

from generator.cli.main import penstock
from generator.rehearsal.emulator.handle import Emulator
from tests.aws import quotas
from tests.cli.command_line import Ran
from tests.end_to_end import aws_cli
from tests.end_to_end.accounts import Local
from tests.end_to_end.pages import DOCS, commands, sections
from tests.end_to_end.terminal import Terminal

PAGES = ("first-pipeline.md", "when-it-fails.md")
WATCH = "penstock status --watch"
WAYS = sections("when-it-fails.md")
OFTEN = {"Delay": 0.1, "MaxAttempts": 100}
LEFT = 130  # the picture was left with Ctrl-C, when the approval waited


def inline(page: str) -> list[str]:
    """The commands a page names within its text."""
    text = re.sub(r"^```.*?^```$", "", (DOCS / page).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return [" ".join(command.split()) for command in re.findall(r"`(penstock [^`]+)`", text)]


SHOWN = sorted({line for page in PAGES for line in [*commands(page), *inline(page)]})


@pytest.mark.parametrize("line", [line for line in SHOWN if line.startswith("penstock ")])
def test_every_command_of_ours_is_understood(line: str) -> None:
    name, *rest = shlex.split(line)[1:]
    answer = penstock.get_command(click.Context(penstock), name)
    assert answer is not None
    answer.make_context(name, rest)


@pytest.mark.parametrize("line", [line for line in SHOWN if line.startswith("aws ")])
def test_every_command_of_awss_is_understood(line: str) -> None:
    service, operation, *options = shlex.split(line)[1:]
    if operation == "wait":
        operation, options = "describe-stacks", options[1:]
    assert service in botocore.session.get_session().get_available_services()
    assert aws_cli.request(service, operation, options)


def test_every_way_out_names_a_command() -> None:
    text = (DOCS / "when-it-fails.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [part.partition("\n")[0] for part in parts if "`" not in part] == []


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A new service whose pipeline is launched, before the first push."""
    with Emulator(os.environ, mounts=quotas.MOUNT) as emulator:
        terminal = Terminal(Local(emulator), tmp_path, "time-service")
        for line in (
            "penstock init time-service --blueprint time-service-python",
            "cd time-service",
            "printf 'stages: [beta, prod]\\ntests: none\\n' >> pipeline.yaml",
            "git add --all",
            "git commit --quiet --message First",
            "penstock launch --yes",
        ):
            assert terminal.types(line).code == 0
        yield terminal


def follow(terminal: Terminal, way: str, codes: dict[str, int], typed: str = "") -> list[Ran]:
    """Go a way out; `codes` is what commands exit with where it is not 0."""
    ran = []
    for line in WAYS[way]:
        ran.append(terminal.types(line, typed if line.startswith("penstock approve") else ""))
        assert ran[-1].code == codes.get(line, 0), f"{line}\n{ran[-1].out}\n{ran[-1].err}"
    return ran


def spoil_beta(terminal: Terminal) -> None:
    """A first creation of beta's stack that failed: what it makes is there already."""
    terminal.account.client("codecommit").create_repository(repositoryName="there")
    there = {"Type": "AWS::CodeCommit::Repository", "Properties": {"RepositoryName": "there"}}
    client = terminal.account.client("cloudformation")
    client.create_stack(StackName="time-service-beta", TemplateBody=json.dumps({"Resources": {"R": there}}))
    with pytest.raises(WaiterError, match="ROLLBACK_COMPLETE"):
        client.get_waiter("stack_create_complete").wait(StackName="time-service-beta", WaiterConfig=OFTEN)


@pytest.mark.slow
def test_the_ways_out_lead_out(terminal: Terminal) -> None:
    spoil_beta(terminal)
    follow(terminal, "Nothing has been delivered yet", {WATCH: 1})

    ran = follow(terminal, "A stack can only be deleted", {"penstock doctor": 1, WATCH: LEFT})
    assert "ROLLBACK_COMPLETE" in ran[0].out

    assert terminal.types("penstock reject Prod --yes").code == 0
    follow(terminal, "An approval was rejected, or nobody answered", {WATCH: LEFT})

    transition = {"pipelineName": "time-service-pipeline", "stageName": "Prod", "transitionType": "Inbound"}
    terminal.account.client("codepipeline").disable_stage_transition(**transition, reason="freeze")
    ran = follow(terminal, "A stage lets nothing in", {"penstock doctor": 1})
    assert "nothing enters Prod: freeze" in ran[0].out
    assert terminal.types("penstock doctor").code == 0

    follow(terminal, "An approval is refused because the pipeline has moved on", {}, typed="y")
    assert terminal.types(WATCH).code == 0
    assert terminal.types("penstock status").code == 0

    ran = follow(terminal, "Destroying it stopped half-way", {})
    assert "time-service-beta" in ran[0].out
