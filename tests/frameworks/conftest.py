"""A repository to look for an application in."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.repository.files import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)
