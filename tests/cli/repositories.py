"""Repositories in which a pipeline is started, and what lies in them afterwards."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

APP = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.13}
Outputs:
  HelloArn: {Value: !GetAtt Hello.Arn}
"""
TESTS = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Check: {Type: AWS::Serverless::Function, Properties: {CodeUri: it/, Handler: a.b, Runtime: python3.13}}
Outputs:
"""
Folder = Callable[..., Path]


def in_git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


def written(root: Path) -> Any:
    return yaml.safe_load((root / "pipeline.yaml").read_text(encoding="utf-8"))


def tree(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
