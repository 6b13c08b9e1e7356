"""A project of three services as small as they can be: one reads an output of another, commands make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.rehearsal.driver.small import TESTS
from tests.rehearsal.emulator.repositories import commit, git

PIPELINE = """\
service: {name}
source:
  codecommit: {{repository: {name}}}
services:
  api: {{path: api, parameters: {{Table: "${{database.Table}}"}}, test: "grep -q Table template.yaml"}}
  database: {{path: database}}
  worker:
    path: worker
    framework: commands
    commands: ["cp template.yaml of-$STAGE.yaml"]
    template: of-{{stage}}.yaml
app: {{url: "${{api.Url}}"}}
tests: {{template: tests.yaml}}
stages: [beta, prod]
"""
DATABASE = """\
Parameters: {Stage: {Type: String}}
Resources:
  Items: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "${AWS::StackName}-items"}}
Outputs:
  Table: {Value: !Sub "${Items} of ${Stage}"}
"""
API = """\
Transform: AWS::Serverless-2016-10-31
Parameters: {Table: {Type: String}}
Resources:
  Requests:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub "${AWS::StackName}-requests"
      CodeUri: src
      Handler: api.handler
      Runtime: python3.13
      Environment: {Variables: {TABLE: !Ref Table}}
Outputs:
  Url: {Value: !Sub "https://${Requests}.example.com"}
"""
CODE = """\
import os


def handler(event, context):
    return os.environ["TABLE"]
"""
WORKER = """\
Resources:
  Jobs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "${AWS::StackName}-jobs"}}
"""
TEST = """\
table, url, stage = event["outputs"]["database.Table"], event["api_url"], event["stage"]
            assert event["outputs"]["api.Url"] == url
            return {"passed": 1, "failed": 0, "summary": f"{table}, {url}"}
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """What is particular about it: `files` takes the place of files by path, or adds some."""

    name: str
    pipeline: str = PIPELINE
    files: Mapping[str, str] = field(default_factory=dict)

    def commit(self, folder: Path, message: str) -> Path:
        """Write and commit it, in a new repository when there is none; the pipeline file."""
        written = {
            "pipeline.yaml": self.pipeline.format(name=self.name),
            "database/template.yaml": DATABASE,
            "api/template.yaml": API,
            "api/src/api.py": CODE,
            "worker/template.yaml": WORKER,
            "tests.yaml": TESTS % (60, TEST.rstrip()),
            **self.files,
        }
        for path, text in written.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        if not (folder / ".git").exists():
            git(folder, "init", "--quiet", "--initial-branch=main")
        commit(folder, message)
        return folder / "pipeline.yaml"
