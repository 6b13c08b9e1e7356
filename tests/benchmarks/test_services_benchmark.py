"""The benchmark of several services runs to its end and prints every figure. What the figures are, no test says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import services
from generator.compiler.pipeline import compile_file
from generator.repository.files import Repository

ROOT = Path(__file__).parents[2]


def test_a_project_has_as_many_services_as_asked_for(tmp_path: Path) -> None:
    folder = services.write(tmp_path / "several", 3)
    compiled = compile_file(folder / "pipeline.yaml", "pipeline.yaml", Repository(folder))
    assert [problem for problem in compiled.problems if problem.level == "error"] == []
    assert [len(stage.deployments) for stage in compiled.pipeline.stages] == [3, 3]


@pytest.mark.slow
def test_the_benchmark_prints_what_a_rehearsal_of_services_costs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.services", "--services", "2", "--runs", "1"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    matches = re.findall(r"^(.+?) +(\d+\.\d+)$", done.stdout, re.MULTILINE)
    figures = {name: float(figure) for name, figure in matches}
    stages = ("Source", "Build", "DeployTests", "Beta", "Prod")
    assert {"whole command", "of the processors", "aws cloudformation package of each", *stages} <= figures.keys()
    assert re.search(r"takes \d+\.\d times aws cloudformation package of each", done.stdout)
    assert list(tmp_path.iterdir()) == []
