"""The Python starter's unit tests pass where it lies; how both build and are tested, a rehearsal of each shows."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.blueprints.languages import blueprint


def test_the_unit_tests_of_python_pass() -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=blueprint("python"), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
