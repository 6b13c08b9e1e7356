"""Small repositories to build."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uploads

from tests.buildspecs.object_store import ObjectStore, serving

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


@pytest.fixture
def object_store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ObjectStore]:
    """S3, whose first answers are what the test's parameter lists."""
    with serving(tmp_path / "store", iter(getattr(request, "param", ()))) as store:
        yield store


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, object_store: ObjectStore) -> Path:
    """Where what the modules of a build upload lies, when the test itself calls them."""
    monkeypatch.setenv("BUILD_OUTPUT_BUCKET", "artifacts")
    monkeypatch.setenv("BUILD_OUTPUT_PREFIX", "Packaged")
    for name, text in object_store.environment.items():
        monkeypatch.setenv(name, text)
    uploads.client.cache_clear()
    uploads.uploaded.cache_clear()
    return object_store.folder / "Packaged"
