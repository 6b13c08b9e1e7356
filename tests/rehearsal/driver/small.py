"""A service as small as a pipeline takes: a parameter for an application, a function of a few lines for its tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator import __version__
from generator.compiler.pipeline import compile_file
from generator.model.pipeline import Pipeline
from generator.render.template_text import to_json, to_yaml
from generator.repository.files import Repository
from tests.rehearsal.emulator.repositories import commit, git

PASSING = 'return {"passed": 1, "failed": 0, "summary": f"{event[\'stage\']} is fine"}'
APP = """\
Parameters:
  Stage: {Type: String}
Resources:
  Greeting:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "${AWS::StackName}-Greeting", Tags: [{Key: stage, Value: !Ref Stage}]}
Outputs:
  GreetingUrl: {Value: !Sub "https://greetings.example.com/${Greeting}"}
"""
TESTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  TestFunction:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Timeout: %d
      InlineCode: |
        def handler(event, context):
            %s
Outputs:
  TestFunction: {Value: !Ref TestFunction}
"""
BUILDSPEC = """\
version: 0.2
phases:
  build:
    commands:
      - %s
      - cp app.yaml app-output_sam.yaml
      - cp tests.yaml test-output_sam.yaml
artifacts:
  files: [app-output_sam.yaml, test-output_sam.yaml]
"""
STAGES = "[beta, gamma, prod]"


@dataclass(frozen=True, slots=True)
class Small:
    """What is particular about it; `timeout` is that of its test function in seconds.

    `files` takes the place of files by name, or adds some.
    """

    name: str = "small"
    source: str = ""
    stages: str = STAGES
    url: str = "GreetingUrl"
    build: str = "echo building"
    test: str = PASSING
    timeout: int = 120
    app: str = APP
    more: str = ""
    files: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        """Write its files; the pipeline file."""
        source = self.source or f"codecommit: {{repository: {self.name}}}"
        written = {
            "pipeline.yaml": (
                f"service: {self.name}\nsource:\n  {source}\nbuild: {{buildspec: buildspec.yml}}\n"
                f"app: {{template: app.yaml, url: {self.url}}}\ntests: {{template: tests.yaml}}\n"
                f"stages: {self.stages}\n{self.more}"
            ),
            "app.yaml": self.app,
            "tests.yaml": TESTS % (self.timeout, self.test),
            "buildspec.yml": BUILDSPEC % self.build,
            **self.files,
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (folder / name).write_text(text)
        return folder / "pipeline.yaml"

    def commit(self, folder: Path, message: str = "first") -> Path:
        """Write it and commit it, in a new repository when there is none; the pipeline file."""
        file = self.write(folder)
        if not (folder / ".git").exists():
            git(folder, "init", "--quiet", "--initial-branch=main")
        commit(folder, message)
        return file


def template(file: Path) -> str:
    """The template of a pipeline file."""
    return to_yaml(_pipeline(file), file.name, __version__)


def template_data(file: Path) -> dict[str, Any]:
    """The same as data, for tests that change it; CloudFormation takes JSON as well."""
    data: dict[str, Any] = json.loads(to_json(_pipeline(file), file.name, __version__))
    return data


def _pipeline(file: Path) -> Pipeline:
    return compile_file(file, file.name, Repository(file.parent)).pipeline
