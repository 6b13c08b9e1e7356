"""What several tests of the emulator start from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rehearsal.emulator.repositories import commit, git


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A git working folder with one commit on a branch called work."""
    git(tmp_path, "init", "--quiet", "--initial-branch=work")
    commit(tmp_path, "first\n\nwith a body", app="1")
    return tmp_path
