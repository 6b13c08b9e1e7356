"""A test run that fails shows the versions it used."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from tests.versions import versions

_CHECKOUT = Path(__file__).parents[2]


def _run(folder: Path, test: str) -> str:
    (folder / "test_one.py").write_text(f"def test_one():\n    {test}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--noconftest", str(folder)]
    return subprocess.run(command, cwd=_CHECKOUT, capture_output=True, text=True, check=False).stdout


def test_every_dependency_has_its_version() -> None:
    shown = [*versions()]
    assert f"ministack {metadata.version('ministack')}" in shown
    assert f"PyYAML {metadata.version('pyyaml')}".lower() in [line.lower() for line in shown]


@pytest.mark.slow
def test_a_red_run_shows_the_versions(tmp_path: Path) -> None:
    assert f"\npytest {metadata.version('pytest')}\n" in _run(tmp_path, "assert False")


@pytest.mark.slow
def test_a_green_run_does_not(tmp_path: Path) -> None:
    shown = _run(tmp_path, "pass")
    assert "1 passed" in shown
    assert f"\npytest {metadata.version('pytest')}\n" not in shown
