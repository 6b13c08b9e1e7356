"""An application of any framework in a repository of its own, and its way to prod."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from generator.rehearsal.driver.declared import stack_name
from generator.rehearsal.driver.execution_watch import Wishes
from generator.rehearsal.driver.rehearsal import Rehearsal
from generator.rehearsal.driver.source import SourceChoice, take
from generator.rehearsal.driver.steps import Step
from generator.rehearsal.emulator.handle import Emulator
from tests.rehearsal.driver.rehearsals import Rehearsed, Stage
from tests.rehearsal.driver.small import template
from tests.rehearsal.emulator.repositories import commit, git

# Calls the URL of the stage and expects it to answer with the stage's word.
TESTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TestFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Timeout: 60
      InlineCode: |
        import json, urllib.request
        def handler(event, context):
            with urllib.request.urlopen(event["api_url"], timeout=50) as answer:
                heard = answer.read().decode()
            passed = event["stage"] in heard
            return {"passed": int(passed), "failed": int(not passed), "summary": heard}
Outputs:
  TestFunction: {Value: !Ref TestFunction}
"""


def commit_all(folder: Path, files: Mapping[str, str]) -> Path:
    """Commit files, in a new repository when there is none; the pipeline file."""
    for name, text in {"test-sam.yaml": TESTS, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "first")
    return folder / "pipeline.yaml"


def rehearse(emulator: Emulator, folder: Path, files: Mapping[str, str]) -> Rehearsed:
    """Take an application as far as it gets."""
    file = commit_all(folder / "repository", files)
    return Stage(emulator, folder).rehearse_file(file, template(file))


def rehearse_twice(emulator: Emulator, folder: Path, files: Mapping[str, str]) -> tuple[Rehearsed, ...]:
    """Take an application as far as it gets, and then a commit that changes nothing of it."""
    return rehearse_commits(emulator, folder, [{**files, "NOTES": str(number)} for number in (1, 2)])


def rehearse_commits(emulator: Emulator, folder: Path, commits: Iterable[Mapping[str, str]]) -> tuple[Rehearsed, ...]:
    """Take an application as far as it gets, one commit after the other, each with all its files."""
    steps: list[Step] = []
    rehearsal, results = Rehearsal(emulator, steps.append, Wishes(approve=lambda _event: True)), []
    for number, files in enumerate(commits):
        file = commit_all(folder / "repository", files)
        source, text = take(file.parent, SourceChoice(), folder / f"source-{number}", os.environ), template(file)
        outcome = rehearsal.again(source) if number else rehearsal.run(stack_name(text), text, source)
        results.append(Rehearsed(outcome, [*steps]))
        steps.clear()
    return tuple(results)


def deployed(emulator: Emulator, stack: str) -> dict[str, Any]:
    """The template that a stack was deployed from."""
    body = emulator.client("cloudformation").get_template(StackName=stack)["TemplateBody"]
    if isinstance(body, str):
        import yaml  # noqa: PLC0415 - botocore parses what is JSON

        body = yaml.safe_load(body)
    data: dict[str, Any] = json.loads(json.dumps(body, default=str))
    return data
