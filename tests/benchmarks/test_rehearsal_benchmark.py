"""The benchmark of the rehearsal runs to its end and prints every figure. What the figures are, no test says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.parts import BEFORE, LAUNCH, PUSH, SUMMARY, TEARDOWN

ROOT = Path(__file__).parents[2]
ACTIONS = (
    "Source: Source",
    "Build: Build",
    "DeployTests: DeployTests",
    *(f"{stage}: {action}" for stage in ("Beta", "Gamma") for action in ("Deploy", "Test")),
    *(f"Prod: {action}" for action in ("CreateChangeSet", "DescribeChanges", "Approve", "ExecuteChangeSet", "Test")),
)
PARTS = (BEFORE, LAUNCH, PUSH, *ACTIONS, SUMMARY, TEARDOWN)
TOTALS = ("whole command", "of the processors", "the build's bare commands", "emulator's first answer")
MEMORY = ("all", "the command itself", "emulator", "Lambda functions")
PHASES = ("INSTALL", "PRE_BUILD", "BUILD")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read where only Linux tells it")
def test_the_benchmark_prints_what_the_rehearsal_costs_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rehearsal", "--once"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    matches = re.findall(r"^(.+?) +(\d+(?:\.\d+)?)$", done.stdout, re.MULTILINE)
    figures = {name: float(figure) for name, figure in matches}
    assert {*TOTALS, *MEMORY, *PARTS, *PHASES} <= figures.keys()
    # Of a single run the parts are the whole; each is rounded to a hundredth.
    assert sum(figures[name] for name in PARTS) == pytest.approx(figures["whole command"], abs=0.01 * len(PARTS))
    assert re.search(r"takes \d+\.\d times the build's bare commands", done.stdout)
    assert list(tmp_path.iterdir()) == []
