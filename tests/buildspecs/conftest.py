"""Small repositories to build."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Repository = Callable[[dict[str, str]], Path]


def function(runtime: str = "python3.13", code: str = "src/") -> str:
    """A template of one function."""
    return f"""\
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: {code}
      Handler: hello.handler
      Runtime: {runtime}
"""


APP = function()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Makes a repository of the files given; one of a single function in `src` to begin with."""

    def write(files: dict[str, str]) -> Path:
        # A name with a space: CodeBuild's has none, the one on a developer's machine may.
        root = tmp_path / "a repository"
        for name, content in {"app-sam.yaml": APP, "src/hello.py": "", **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return root

    return write
