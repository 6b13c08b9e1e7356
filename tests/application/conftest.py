"""A repository in a temporary folder, and the templates in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.application.reader import read
from generator.application.template import Template
from generator.repository.files import Repository

Reader = Callable[..., Template]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


@pytest.fixture
def template(repository: Repository) -> Reader:
    """Writes a text as a template and reads it."""

    def written(text: str, path: str = "app-sam.yaml") -> Template:
        target = repository.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return read(repository, path)

    return written
