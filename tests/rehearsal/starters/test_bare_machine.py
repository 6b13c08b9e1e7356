"""A machine with git, node and Python, and neither `aws` nor `sam`, rehearses all the same."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.rehearsal.caches import own_cache
from tests.rehearsal.starters.journeys import BLUEPRINTS, rehearse

# What every system has that a shell script may expect, and what the README asks for.
SYSTEM = ("bash", "cat", "dirname", "env", "grep", "ls", "mkdir", "mktemp", "rm", "sed", "sh", "uname")
ASKED_FOR = ("git", "node")
CALLING_AWS = "build: {test: aws --version}\n"


def bare(folder: Path) -> str:
    """A PATH with nothing on it but these and Python."""
    folder.mkdir()
    (folder / "python3").symlink_to(sys.executable)
    for name in (*SYSTEM, *ASKED_FOR):
        program = shutil.which(name)
        assert program, name
        (folder / name).symlink_to(program)
    return str(folder)


@pytest.mark.slow
def test_a_tool_that_is_missing_is_installed_into_the_cache_with_a_word_about_it(tmp_path: Path) -> None:
    cache = own_cache(tmp_path / "cache")
    path = bare(tmp_path / "bin")
    assert (shutil.which("aws", path=path), shutil.which("sam", path=path)) == (None, None)
    calling = (BLUEPRINTS / "time-service-python" / "pipeline.yaml").read_text() + CALLING_AWS
    files = {"pipeline.yaml": calling, "requirements-dev.txt": None}
    variables = {"PATH": path, "XDG_CACHE_HOME": str(cache)}
    journey = rehearse("time-service-python", tmp_path, until="Build", files=files, **variables)
    outcome = journey.outcome
    assert (outcome.status, outcome.stage, outcome.reason) == ("Stopped", "Build", "")
    log = journey.ended("Build", "Build").log
    (installed,) = (cache / "penstock" / "tools").glob("aws-*/bin/aws")
    installing = "aws is not on this machine: installing it (a few seconds, once)"
    for words in (installing, f"aws is installed in {installed.parents[1]}"):
        assert any(line.startswith("[Container]") and line.endswith(words) for line in log)
    # Half a minute that nobody waits for: this build never calls it.
    assert not any("sam is not on this machine" in line for line in log)
