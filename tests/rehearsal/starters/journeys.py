"""Takes a starter from a commit to prod on this machine, and looks at everything before the machine is cleared up."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import __version__
from generator.compiler.pipeline import compile_file
from generator.execution import ActionEnded
from generator.rehearsal.driver.execution_watch import Wishes
from generator.rehearsal.driver.outcome import Outcome
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.source import SourceChoice, take
from generator.rehearsal.driver.steps import Step
from generator.rehearsal.emulator.handle import Emulator
from generator.render.template_text import to_yaml
from generator.repository.files import Repository

BLUEPRINTS = Path(__file__).parents[3] / "blueprints"
_GIT = ("git", "-c", "user.name=Anna", "-c", "user.email=anna@example.com")


@dataclass
class Journey:
    """What a starter's rehearsal came to. `requests` counts, for every stack, what its functions answered."""

    outcome: Outcome
    steps: list[Step] = field(default_factory=list)
    stacks: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, int] = field(default_factory=dict)

    def ended(self, stage: str, action: str) -> ActionEnded:
        """The end of an action."""
        ends = [step for step in self.steps if isinstance(step, ActionEnded)]
        (result,) = [end for end in ends if (end.stage, end.action) == (stage, action)]
        return result


def commit(starter: str, folder: Path, files: Mapping[str, str | None] | None = None) -> Path:
    """A repository whose first commit is the starter, with these files in the place of its own; None: without it."""
    shutil.copytree(BLUEPRINTS / starter, folder, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for name, text in (files or {}).items():
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text, encoding="utf-8")
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "The starter as it is"]):
        subprocess.run([*_GIT, *arguments], cwd=folder, check=True)
    return folder


def rehearse(
    starter: str,
    folder: Path,
    *,
    until: str = "",
    files: Mapping[str, str | None] | None = None,
    template: str = "",
    **variables: str,
) -> Journey:
    """Rehearse a starter with approvals given; temporary files go below `folder`, `files` replace the starter's.

    `template` is launched instead of what the commit's own pipeline file says.
    """
    temporary = folder / "tmp"
    temporary.mkdir()
    environ = {**os.environ, "TMPDIR": str(temporary), **variables}
    repository = commit(starter, folder / "repository", files)
    with Emulator(environ) as emulator:
        source = take(repository, SourceChoice(), temporary / "source", environ)
        steps: list[Step] = []
        wishes = Wishes(approve=lambda _waiting: True, until=until)
        outcome = Rehearsal(emulator, steps.append, wishes).run(
            "time-service-pipeline", template or template_of(repository), source
        )
        journey = Journey(outcome, steps, _stacks(emulator), _requests(emulator))
    shutil.rmtree(temporary / "source")
    return journey


def template_of(repository: Path) -> str:
    """The template of a repository's pipeline file."""
    file = repository / "pipeline.yaml"
    compiled = compile_file(file, file.name, Repository(repository))
    return to_yaml(compiled.pipeline, file.name, __version__)


def _stacks(emulator: Emulator) -> dict[str, str]:
    """The status of every stack there is."""
    stacks = emulator.client("cloudformation").describe_stacks()["Stacks"]
    return {stack["StackName"]: stack["StackStatus"] for stack in stacks}


def _requests(emulator: Emulator) -> Counter[str]:
    """How many invocations the logs of each stack's functions tell of."""
    logs, cloudformation = emulator.client("logs"), emulator.client("cloudformation")
    counts: Counter[str] = Counter()
    for stack in _stacks(emulator):
        resources = cloudformation.list_stack_resources(StackName=stack)["StackResourceSummaries"]
        for resource in resources:
            if resource["ResourceType"] == "AWS::Logs::LogGroup":
                counts[stack] += _reports(logs, resource["PhysicalResourceId"])
    return counts


def _reports(logs: Any, group: str) -> int:
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
    return sum("REPORT RequestId" in event["message"] for page in pages for event in page["events"])


def processes_with(text: str) -> list[str]:
    """The command lines of this machine's processes in whose environment or arguments a text stands."""
    encoded, pids = text.encode(), []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            contents = [(process / name).read_bytes() for name in ("cmdline", "environ")]
        except OSError:
            continue
        if any(encoded in part for part in contents):
            pids.append(contents[0].replace(b"\0", b" ").decode(errors="replace"))
    return pids
